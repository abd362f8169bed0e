import type { Instruction } from '../domain/instruction.ts';

/**
 * A labeled instruction as it would be in an unlabeled pool. Responses may stand in any field of a record, under any
 * name and more than once, so nothing of it is kept but the text and the score field.
 * @param scoreField stays, as scores are there before labels are
 */
export function hideResponse(labeled: Instruction, scoreField: string | undefined): Instruction {
  const { id, instruction, input, record, source } = labeled;
  const isScored = scoreField !== undefined && Object.hasOwn(record, scoreField);
  return {
    id,
    instruction,
    ...(input === undefined ? {} : { input }),
    meta: {},
    record: isScored ? { [scoreField]: record[scoreField]! } : {},
    source,
  };
}
