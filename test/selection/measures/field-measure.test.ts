import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/domain/instruction.ts';
import { fieldMeasure, fieldOf } from '../../../src/selection/measures/field-measure.ts';
import { instructionOf } from '../../../src/testing/strategy-context.ts';

function measureField(field: string, records: readonly JsonObject[]) {
  const instructions = records.map((record, position) => ({ ...instructionOf('x', position), record }));
  return fieldMeasure(field, instructions).measure([...records.keys()], { generation: 0 });
}

describe('fieldMeasure', () => {
  it('accepts numbers, also as text, and nothing else', async () => {
    const values: JsonObject[] = [
      4,
      '4.5',
      ' 1e1 ',
      '',
      ' ',
      true,
      null,
      'good',
      [1],
      '∞',
      '0x10',
      '1_0',
      '1e999',
      'Infinity',
    ].map((stars) => ({ stars }));
    const { values: numbers, failed, reasons } = await measureField('stars', [...values, {}]);
    expect([...numbers.slice(0, 3)]).toEqual([4, 4.5, 10]);
    expect(failed.map(({ position }) => position)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    expect(failed[0]!.failure).toBe('its field "stars" is not a number');
    expect(failed.at(-1)!.failure).toBe('it has no field "stars"');
    expect(reasons.slice(2, 4)).toEqual(['stars 10', undefined]);
  });

  it('reads every decimal number exactly', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ noDefaultInfinity: true, noNaN: true }), async (stars) => {
        const { values } = await measureField('stars', [{ stars }, { stars: String(stars) }]);
        expect([...values].map((value) => value + 0)).toEqual([stars + 0, stars + 0]);
      }),
    );
  });

  it('finds a nested field by its path, unless a field has that exact name', async () => {
    const record = { winnow: { score: 3, previous: { score: 2 } }, 'a.b': 1, a: { b: 7 } };
    const found = ['winnow.score', 'winnow.previous.score', 'a.b', 'winnow.no', 'no.score', 'winnow.score.x'];
    expect(found.map((field) => fieldOf(record, field))).toEqual([3, 2, 1, undefined, undefined, undefined]);
    expect((await measureField('winnow.score', [record])).values[0]).toBe(3);
  });

  it('ignores inherited properties', () => {
    expect(['constructor', '__proto__', 'constructor.length'].map((field) => fieldOf({}, field))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
