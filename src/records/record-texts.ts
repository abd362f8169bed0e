import type { JsonObject, JsonValue } from '../domain/instruction.ts';
import { FIELD_NAMES, type FieldOverrides, type FieldRole, findField, valueAt } from './detect-fields.ts';
import { isPlaceholder } from './placeholders.ts';

const LISTED_FIELDS = 12;

/** The field of each role, where there is one. */
export type Fields = { readonly [Role in FieldRole]?: string };

/** What a record says in each role. */
export interface Texts {
  readonly id?: string;
  readonly instruction?: string;
  readonly input?: string;
  readonly output?: string;
  readonly placeholders?: FieldRole[];
}

/** The field of each role. One that plays a role by name is not found for another. */
export function fieldsOf(record: JsonObject, overrides: FieldOverrides): Fields {
  const named = Object.values(overrides);
  const find = (role: FieldRole, suits: (value: JsonValue) => boolean) => {
    const override = overrides[role];
    if (override !== undefined) return findField(record, [override], suits);
    const names = named.length === 0 ? FIELD_NAMES[role] : FIELD_NAMES[role].filter((name) => !named.includes(name));
    return findField(record, names, suits);
  };
  const instruction = find('instruction', () => true);
  const input = find('input', isScalar);
  const output = find('output', isScalar);
  const id = find('id', isId);
  return {
    ...(instruction === undefined ? {} : { instruction }),
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(id === undefined ? {} : { id }),
  };
}

/** The texts of a record by role, without blank ones and placeholders. */
export function textsOf(record: JsonObject, fields: Fields): Texts {
  const { instruction: instructionField } = fields;
  const instruction = instructionField === undefined ? undefined : valueAt(record, instructionField);
  const input = textOf(record, fields.input);
  const output = textOf(record, fields.output);
  const id = textOf(record, fields.id);
  const noInput = input !== undefined && isPlaceholder(input);
  const noOutput = output !== undefined && isPlaceholder(output);
  return {
    ...(id !== undefined && { id }),
    ...(typeof instruction === 'string' && !isBlank(instruction) && { instruction }),
    ...(input !== undefined && !noInput && { input }),
    ...(output !== undefined && !noOutput && { output }),
    ...((noInput || noOutput) && {
      placeholders: [...(noInput ? ['input' as const] : []), ...(noOutput ? ['output' as const] : [])],
    }),
  };
}

/** Field names for a message: the first few, and how many more. */
export function listFields(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const more = names.length > LISTED_FIELDS ? ` and ${names.length - LISTED_FIELDS} more` : '';
  return names.slice(0, LISTED_FIELDS).join(', ') + more;
}

/** A field as text; undefined where it is blank, or a list or an object. */
export function textOf(record: JsonObject, field: string | undefined): string | undefined {
  const value = field === undefined ? null : (valueAt(record, field) ?? null);
  if (value === null || typeof value === 'object') return undefined;
  const text = typeof value === 'string' ? value : String(value);
  return isBlank(text) ? undefined : text;
}

/** Without making a trimmed copy. */
export function isBlank(text: string): boolean {
  return !/\S/.test(text);
}

/** Whether there is no value at all. */
export function isEmpty(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === '';
}

/** Lists and objects are no text: an `input` that is one is left to meta. */
export function isScalar(value: JsonValue): boolean {
  return typeof value !== 'object';
}

/** Whether a value may be an id. */
export function isId(value: JsonValue): boolean {
  return typeof value === 'number' || (typeof value === 'string' && !isBlank(value));
}

/** What a value is, for messages. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
