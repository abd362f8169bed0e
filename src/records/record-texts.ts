import type { JsonObject, JsonValue } from '../domain/instruction.ts';
import { isPlaceholder } from '../domain/placeholders.ts';
import { FIELD_NAMES, type FieldOverrides, type FieldRole, findField, valueAt } from './detect-fields.ts';

const LISTED_FIELDS = 12;

/** The field of each role, where there is one. */
export type Fields = { readonly [Role in FieldRole]: string | undefined };

/** What a record says in each role. */
export interface Texts {
  readonly id: string | undefined;
  readonly instruction: string | undefined;
  readonly input: string | undefined;
  readonly output: string | undefined;
  /** Roles whose text only says that there is none. */
  readonly placeholders: readonly FieldRole[] | undefined;
}

const ANY = () => true;

/** The field of each role. One that plays a role by name is not found for another. */
export function fieldsOf(record: JsonObject, overrides: FieldOverrides | undefined): Fields {
  return {
    instruction: fieldOf(record, 'instruction', ANY, overrides),
    input: fieldOf(record, 'input', isMaterial, overrides),
    output: fieldOf(record, 'output', isAnswer, overrides),
    id: fieldOf(record, 'id', isId, overrides),
  };
}

function fieldOf(
  record: JsonObject,
  role: FieldRole,
  suits: (value: JsonValue) => boolean,
  overrides: FieldOverrides | undefined,
): string | undefined {
  if (overrides === undefined) return findField(record, FIELD_NAMES[role], suits);
  const override = overrides[role];
  if (override !== undefined) {
    const value = valueAt(record, override);
    return value !== undefined && (isEmpty(value) || suits(value)) ? override : undefined;
  }
  const named = Object.values(overrides);
  const names = FIELD_NAMES[role].filter((name) => !named.includes(name));
  return findField(record, names, suits);
}

/** The texts of a record by role, without blank ones and placeholders. */
export function textsOf(record: JsonObject, fields: Fields): Texts {
  const instruction = fields.instruction === undefined ? undefined : valueAt(record, fields.instruction);
  const input = textOf(record, fields.input);
  const output = textOf(record, fields.output);
  const noInput = input !== undefined && isPlaceholder(input, false);
  const noOutput = output !== undefined && isPlaceholder(output);
  return {
    id: textOf(record, fields.id),
    instruction: typeof instruction === 'string' && !isBlank(instruction) ? instruction : undefined,
    input: noInput ? undefined : input,
    output: noOutput ? undefined : output,
    placeholders:
      noInput || noOutput
        ? [...(noInput ? ['input' as const] : []), ...(noOutput ? ['output' as const] : [])]
        : undefined,
  };
}

/** Field names for a message: the first few, and how many more. */
export function listFields(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const more = names.length > LISTED_FIELDS ? ` and ${names.length - LISTED_FIELDS} more` : '';
  return names.slice(0, LISTED_FIELDS).join(', ') + more;
}

/** A field as text: a list of texts has one a line. Undefined where it is blank, or another list or an object. */
export function textOf(record: JsonObject, field: string | undefined): string | undefined {
  if (field === undefined) return undefined;
  const value = valueAt(record, field);
  if (value === undefined || !isMaterial(value)) return undefined;
  const text = typeof value === 'string' ? value : Array.isArray(value) ? value.join('\n') : String(value);
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

/** Objects and lists of them are no text: an `input` that is one is left to meta. */
export function isMaterial(value: JsonValue): boolean {
  return typeof value !== 'object' || (Array.isArray(value) && value.length > 0 && value.every(isWritten));
}

/** Of several answers it is unclear which one is the response. */
export function isAnswer(value: JsonValue): boolean {
  return typeof value !== 'object' || (Array.isArray(value) && value.length === 1 && isWritten(value[0]));
}

function isWritten(value: JsonValue): boolean {
  return typeof value === 'string' || typeof value === 'number';
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
