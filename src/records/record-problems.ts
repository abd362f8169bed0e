import type { JsonObject } from '../domain/instruction.ts';
import { isPlaceholder } from '../domain/placeholders.ts';
import { option, sentence, type Wording } from '../domain/wording.ts';
import { CHAT_FIELDS } from './conversations/find-conversation.ts';
import { FIELD_NAMES, type FieldOverrides, valueAt } from './detect-fields.ts';
import { isAnswer, isBlank, isEmpty, isId, isMaterial, kindOf, listFields } from './record-texts.ts';

/** Why a value is not a usable record, as the end of "line 3: …". */
export interface UnusableRecord {
  readonly cause: string;
  readonly hint?: Wording;
  /** What it exceeds. */
  readonly limit?: number;
  /** It says nothing at all, so that it is left out and reported, and no error. */
  readonly isNothing?: true;
}

/** What to do about a record without an instruction. */
const NAME_THE_FIELD = sentence`Set ${option('fields.instruction')} to the field that holds the text, or leave out such records with ${option('skipBadLines')}.`;

/** Why a field cannot be the instruction of a record; undefined where it can. */
export function instructionProblem(
  record: JsonObject,
  field: string | undefined,
  overrides: FieldOverrides | undefined,
): UnusableRecord | undefined {
  if (field === undefined) {
    const wanted =
      overrides?.instruction === undefined
        ? `no instruction (${[...FIELD_NAMES.instruction, ...CHAT_FIELDS].join(', ')})`
        : `no field "${overrides.instruction}"`;
    return {
      cause: `it has ${wanted}; its fields are ${listFields(Object.keys(record))}`,
      hint: NAME_THE_FIELD,
    };
  }
  const instruction = valueAt(record, field) ?? null;
  if (typeof instruction === 'string' && isPlaceholder(instruction, false)) {
    return {
      cause: `its instruction ("${field}") is "${instruction.trim()}", which means no text`,
      isNothing: true,
    };
  }
  if (instruction === null || (typeof instruction === 'string' && isBlank(instruction))) {
    return { cause: `its instruction ("${field}") is empty` };
  }
  if (typeof instruction === 'string') return undefined;
  return { cause: `its instruction ("${field}") is ${kindOf(instruction)}, not text` };
}

/** A field the user named must suit its role; one that was merely found is passed over when it does not. */
export function misnamedField(record: JsonObject, overrides: FieldOverrides = {}): UnusableRecord | undefined {
  for (const role of ['input', 'output', 'id'] as const) {
    const name = overrides[role];
    const value = name === undefined ? null : valueAt(record, name);
    const suits = role === 'id' ? isId : role === 'input' ? isMaterial : isAnswer;
    if (value !== undefined && !isEmpty(value) && !suits(value))
      return { cause: `its ${role} ("${name}") is ${kindOf(value)}, not text` };
  }
  return undefined;
}
