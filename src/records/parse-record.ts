import { jsonProblem } from '../domain/foreign-json.ts';
import { type Instruction, isJsonObject, type JsonObject, type JsonValue } from '../domain/instruction.ts';
import { CHAT_FIELDS, type ChatTurns, readChat } from './chat-record.ts';
import { FIELD_NAMES, type FieldOverrides, type FieldRole, findField } from './detect-fields.ts';

/** An instruction that has its own id at most, and no place yet. */
export type InstructionDraft = Omit<Instruction, 'id' | 'source'> & { readonly id?: string };

/** Why a value is not a usable record, as the end of "line 3: …". */
export interface UnusableRecord {
  readonly cause: string;
}

const NO_META: JsonObject = Object.freeze({});
const LISTED_FIELDS = 12;

/**
 * Makes an instruction of a record. A named field comes before a conversation; an `input` or `output` of
 * blank text is none; numbers and booleans there, and numeric ids, become text. The texts are the
 * record's own string objects, so that a pool holds each of them once.
 */
export function parseRecord(value: unknown, overrides: FieldOverrides = {}): InstructionDraft | UnusableRecord {
  if (!isJsonObject(value)) return { cause: `it is ${kindOf(value)}, not an object` };
  const excess = jsonProblem(value);
  if (excess !== undefined) return { cause: excess };
  const instructionField = fieldOf(value, 'instruction', overrides, () => true);
  const named = instructionField !== undefined && !isEmpty(value[instructionField]);
  const chatField = named || overrides.instruction !== undefined ? undefined : chatFieldOf(value);
  const chat = chatField === undefined ? undefined : readChat(value[chatField]!);
  if (typeof chat === 'string') return { cause: `its field "${chatField}" ${chat}` };
  const instruction = chat?.instruction ?? (instructionField === undefined ? undefined : value[instructionField]);
  const problem = instructionProblem(value, instruction, chatField ?? instructionField, overrides);
  if (problem !== undefined) return problem;

  const misnamed = misnamedField(value, overrides);
  if (misnamed !== undefined) return misnamed;

  const inputField = fieldOf(value, 'input', overrides, isScalar);
  const outputField = fieldOf(value, 'output', overrides, isScalar);
  const idField = fieldOf(value, 'id', overrides, isId);
  const input = textOf(value, inputField);
  const output = textOf(value, outputField) ?? nonBlank(chat?.output);
  const id = textOf(value, idField);
  return {
    ...(id !== undefined && { id }),
    instruction: instruction as string,
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    meta: metaOf(value, [named ? instructionField : chatField, inputField, outputField, idField], chat),
    record: value,
  };
}

function fieldOf(
  record: JsonObject,
  role: FieldRole,
  overrides: FieldOverrides,
  suits: (value: JsonValue) => boolean,
): string | undefined {
  const override = overrides[role];
  return findField(record, override === undefined ? FIELD_NAMES[role] : [override], suits);
}

function chatFieldOf(record: JsonObject): string | undefined {
  return findField(record, CHAT_FIELDS, () => true);
}

function instructionProblem(
  record: JsonObject,
  instruction: unknown,
  field: string | undefined,
  overrides: FieldOverrides,
): UnusableRecord | undefined {
  if (field === undefined) {
    const wanted =
      overrides.instruction === undefined
        ? `no instruction (${[...FIELD_NAMES.instruction, ...CHAT_FIELDS].join(', ')})`
        : `no field "${overrides.instruction}"`;
    return { cause: `it has ${wanted}; its fields are ${listFields(Object.keys(record))}` };
  }
  if (instruction === null || (typeof instruction === 'string' && isBlank(instruction))) {
    return { cause: `its instruction ("${field}") is empty` };
  }
  if (typeof instruction === 'string') return undefined;
  return { cause: `its instruction ("${field}") is ${kindOf(instruction)}, not text` };
}

/** A field the user named must suit its role; one that was merely found is passed over when it does not. */
function misnamedField(record: JsonObject, overrides: FieldOverrides): UnusableRecord | undefined {
  for (const role of ['input', 'output', 'id'] as const) {
    const name = overrides[role];
    const value = name !== undefined && Object.hasOwn(record, name) ? record[name]! : null;
    const suits = role === 'id' ? isId : isScalar;
    if (!isEmpty(value) && !suits(value)) return { cause: `its ${role} ("${name}") is ${kindOf(value)}, not text` };
  }
  return undefined;
}

/** Field names for a message: the first few, and how many more. */
export function listFields(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const more = names.length > LISTED_FIELDS ? ` and ${names.length - LISTED_FIELDS} more` : '';
  return names.slice(0, LISTED_FIELDS).join(', ') + more;
}

function metaOf(record: JsonObject, used: readonly (string | undefined)[], chat: ChatTurns | undefined): JsonObject {
  const entries = Object.entries(record).filter(([name]) => !used.includes(name));
  if (chat?.system !== undefined) entries.push(['system', chat.system]);
  return entries.length === 0 ? NO_META : Object.fromEntries(entries);
}

function textOf(record: JsonObject, field: string | undefined): string | undefined {
  const value = field === undefined ? null : record[field]!;
  if (value === null) return undefined;
  return nonBlank(typeof value === 'string' ? value : String(value));
}

function nonBlank(text: string | undefined): string | undefined {
  return text === undefined || isBlank(text) ? undefined : text;
}

/** Without making a trimmed copy. */
function isBlank(text: string): boolean {
  return !/\S/.test(text);
}

function isEmpty(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || value === '';
}

/** Lists and objects are no text: an `input` that is one is left to meta. */
function isScalar(value: JsonValue): boolean {
  return typeof value !== 'object';
}

function isId(value: JsonValue): boolean {
  return typeof value === 'number' || (typeof value === 'string' && !isBlank(value));
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
