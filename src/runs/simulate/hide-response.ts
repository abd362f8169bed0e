import { conversationOf } from '../../domain/conversation.ts';
import type { Instruction, JsonValue } from '../../domain/instruction.ts';
import { fieldOf } from '../../selection/measures/field-measure.ts';

/**
 * A labeled instruction as it would be in an unlabeled pool. Responses may stand in any field of a record, under any
 * name and more than once, so nothing of it is kept but the text, the score and the named groups, under the fields'
 * whole names.
 * @param scoreField stays, as scores are there before labels are; "winnow.score" leads into an object, see `fieldOf`
 * @param groupFields stay too, such as the task or the tags: values and lists of values that are not the response
 */
export function hideResponse(
  labeled: Instruction,
  scoreField: string | undefined,
  groupFields: readonly string[] = [],
): Instruction {
  const { id, conversation, source } = labeled;
  const score = scoreField === undefined ? undefined : scoreIn(labeled, scoreField);
  const groups = groupFields.flatMap((field) => {
    const value = groupIn(labeled, field);
    return value === undefined ? [] : [[field, value] as const];
  });
  return {
    id,
    ...conversationOf(labeled),
    ...(conversation === undefined ? {} : { conversation }),
    meta: {},
    record: { ...Object.fromEntries(groups), ...(score === undefined ? {} : { [scoreField!]: score }) },
    source,
  };
}

function groupIn({ record, output }: Instruction, field: string): JsonValue | undefined {
  const value = fieldOf(record, field);
  const values = Array.isArray(value) ? value : [value];
  if (values.some((one) => one === undefined || (one !== null && typeof one === 'object'))) return undefined;
  return values.some((one) => String(one) === output) ? undefined : value;
}

/** A record's score. Lists and objects are not scores, and may hold a response. */
export function scoreIn({ record }: Instruction, scoreField: string): string | number | boolean | undefined {
  const score = fieldOf(record, scoreField);
  return score === null || typeof score === 'object' ? undefined : score;
}
