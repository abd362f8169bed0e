import type { Instruction } from '../../domain/instruction.ts';
import { fieldOf } from '../../selection/measures/field-measure.ts';

/**
 * A labeled instruction as it would be in an unlabeled pool. Responses may stand in any field of a record, under any
 * name and more than once, so nothing of it is kept but the text and the score, under the field's whole name.
 * @param scoreField stays, as scores are there before labels are; "winnow.score" leads into an object, see `fieldOf`
 */
export function hideResponse(labeled: Instruction, scoreField: string | undefined): Instruction {
  const { id, instruction, input, source } = labeled;
  const score = scoreField === undefined ? undefined : scoreIn(labeled, scoreField);
  return {
    id,
    instruction,
    ...(input === undefined ? {} : { input }),
    meta: {},
    record: score === undefined ? {} : { [scoreField!]: score },
    source,
  };
}

/** A record's score. Lists and objects are not scores, and may hold a response. */
export function scoreIn({ record }: Instruction, scoreField: string): string | number | boolean | undefined {
  const score = fieldOf(record, scoreField);
  return score === null || typeof score === 'object' ? undefined : score;
}
