import { PoolError } from '../../domain/errors.ts';
import { type Instruction, isJsonObject, type JsonObject, type JsonValue } from '../../domain/instruction.ts';
import { NO_CALLS } from '../../domain/usage.ts';
import { option, sentence } from '../../domain/wording.ts';
import { listFields } from '../../records/record-texts.ts';
import type { Measure, MeasureKind } from './measure.ts';

/** A number from a field of the records, which may be stored as text. A record without one has no usable value. */
export function fieldMeasure(field: string, instructions: readonly Instruction[]): Measure {
  return {
    name: `the field "${field}"`,
    shortName: `the field "${field}"`,
    scale: { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY },
    isScore: true,
    estimate: async () => NO_CALLS,
    measure: async (positions) => {
      const values = Float64Array.from(positions, (position) =>
        numberOf(fieldOf(instructions[position]!.record, field)),
      );
      return {
        values,
        reasons: Array.from(values, (value) => (Number.isNaN(value) ? undefined : `${field} ${value}`)),
        costMicroUsd: positions.map(() => 0),
        model: null,
        failed: positions.flatMap((position, row) =>
          Number.isNaN(values[row]) ? [{ position, failure: failureOf(instructions[position]!.record, field) }] : [],
        ),
        unmeasured: 0,
      };
    },
  };
}

/** A number from a field of the records, as a kind of measure. */
export const fieldMeasureKind: MeasureKind = {
  name: 'field',
  summary: 'a number from a field of the records',
  of: 'record',
  needs: 'none',
  prompts: () => [],
  open: async ({ scoreField }, instructions) => {
    checkField(
      String(scoreField),
      instructions.map(({ record }) => record),
    );
    return fieldMeasure(String(scoreField), instructions);
  },
};

/** @param nameOfOption that names the field @throws PoolError when no record has the field, with the fields that exist */
export function checkField(field: string, records: readonly JsonObject[], nameOfOption = 'scoreField'): void {
  if (records.some((record) => fieldOf(record, field) !== undefined)) return;
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  throw new PoolError(`No record has a field "${field}".`, {
    hint: sentence`Correct ${option(nameOfOption)}. The fields that exist: ${listFields([...names])}.`,
  });
}

/** A field by its name or by its path: "winnow.score" is written by `winnow score`. */
export function fieldOf(record: JsonObject, field: string): JsonValue | undefined {
  if (Object.hasOwn(record, field)) return record[field];
  const dot = field.indexOf('.');
  const inner = dot < 0 ? undefined : record[field.slice(0, dot)];
  return isJsonObject(inner) ? fieldOf(inner, field.slice(dot + 1)) : undefined;
}

function failureOf(record: JsonObject, field: string): string {
  return fieldOf(record, field) === undefined ? `it has no field "${field}"` : `its field "${field}" is not a number`;
}

/** Decimal numbers as in tables: "4.5", "-.5", "1e3"; "0x10" is not a score. */
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

function numberOf(value: unknown): number {
  const number = typeof value === 'string' && NUMBER.test(value.trim()) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : Number.NaN;
}
