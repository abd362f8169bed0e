import { isJsonObject, type JsonObject, type JsonValue } from '../domain/instruction.ts';

export type FieldRole = 'instruction' | 'input' | 'output' | 'id';

/** The field to read for a role, instead of looking for it by its usual names. */
export type FieldOverrides = { readonly [Role in FieldRole]?: string };

/** The names a role's field may have. The first that a record has wins. */
export const FIELD_NAMES: Readonly<Record<FieldRole, readonly string[]>> = {
  instruction: ['instruction', 'prompt', 'question', 'query', 'text'],
  input: ['input', 'context', 'inputs'],
  output: ['output', 'response', 'completion', 'answer', 'chosen', 'ideal'],
  id: ['id', 'uid', 'uuid', 'external_id'],
};

/**
 * Finds the field that plays a role in one record; each record is looked at by itself, since files and
 * whole pools mix shapes. Null and the empty text count as absent, because a table that was made of
 * several shapes has the columns of all of them; only when every field of the role is empty is the first
 * such one its field. A name as spreadsheets have it ("Instruction", " Input") is looked for where no field has the name itself.
 * @param suits whether a value that is not empty may play the role; what does not is passed over
 */
export function findField(
  record: JsonObject,
  names: readonly string[],
  suits: (value: JsonValue) => boolean,
): string | undefined {
  return findNamed(record, names, suits) ?? findSpelled(record, names, suits);
}

function findNamed(
  record: JsonObject,
  names: readonly string[],
  suits: (value: JsonValue) => boolean,
): string | undefined {
  let empty: string | undefined;
  for (const name of names) {
    if (!Object.hasOwn(record, name)) continue;
    const value = record[name]!;
    if (value === null || value === '') empty ??= name;
    else if (suits(value)) return name;
  }
  return empty;
}

/** By names in capitals or with white space around them. */
function findSpelled(
  record: JsonObject,
  names: readonly string[],
  suits: (value: JsonValue) => boolean,
): string | undefined {
  const spelled = Object.keys(record).filter((name) => name !== plainName(name));
  if (spelled.length === 0) return undefined;
  const inOrder = names.flatMap((name) => spelled.filter((field) => plainName(field) === name));
  return findNamed(record, inOrder, suits);
}

function plainName(name: string): string {
  return name.trim().toLowerCase();
}

/**
 * The value of a field by its name, or by a path into objects and lists: `inputs.question`, `turns.0.text`. A field that is
 * called so itself comes first. Undefined where there is none.
 */
export function valueAt(record: JsonObject, name: string): JsonValue | undefined {
  if (Object.hasOwn(record, name)) return record[name];
  if (!name.includes('.')) return undefined;
  let value: JsonValue | undefined = record;
  for (const part of name.split('.')) {
    if (Array.isArray(value)) value = (value as readonly JsonValue[])[Number(part)];
    else value = isJsonObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

/** Watches whether each field the user named exists in any record at all. */
export class OverrideWatch {
  static readonly #LISTED_FIELDS = 30;
  readonly #unseen: Map<FieldRole, string>;
  readonly #fields = new Set<string>();

  constructor(overrides: FieldOverrides) {
    const named = Object.entries(overrides).filter(([, name]) => name !== undefined);
    this.#unseen = new Map(named as [FieldRole, string][]);
  }

  see(record: JsonObject): void {
    if (this.#unseen.size === 0) return;
    for (const [role, name] of this.#unseen) if (valueAt(record, name) !== undefined) this.#unseen.delete(role);
    for (const name of Object.keys(record)) {
      if (this.#fields.size < OverrideWatch.#LISTED_FIELDS) this.#fields.add(name);
    }
  }

  /** The first named field that no record had, with some of the fields that there were. */
  missing(): { readonly role: FieldRole; readonly name: string; readonly fields: readonly string[] } | undefined {
    const [first] = this.#unseen;
    return first && { role: first[0], name: first[1], fields: [...this.#fields] };
  }
}
