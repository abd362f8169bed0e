import type { Instruction, JsonObject } from '../domain/instruction.ts';
import type { FieldOverrides } from '../records/detect-fields.ts';
import { parseRecord } from '../records/parse-record.ts';

const NONE: JsonObject = {};

/**
 * The fields of each record that are neither instruction nor input, response or id, as they are told apart now; a
 * campaign keeps the records only. By position.
 */
export function itemMeta(instructions: readonly Instruction[], fields: FieldOverrides): JsonObject[] {
  return instructions.map(({ record }) => {
    const parsed = parseRecord(record, fields);
    return 'meta' in parsed ? parsed.meta : NONE;
  });
}
