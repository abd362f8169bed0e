import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/domain/instruction.ts';
import { mapFields } from '../../src/report/map-fields.ts';

const ITEMS = 10_000;
const positions = Array.from({ length: 5_000 }, (_, index) => 2 * index);
const metaOf = (make: (position: number) => JsonObject) => Array.from({ length: ITEMS }, (_, index) => make(index));

describe('the fields of a map', () => {
  test('have at least two and at most twenty different words', () => {
    const meta = metaOf((position) => ({
      distinct: `value ${position}`,
      twenty: `value ${position % 20}`,
      more: `value ${position % 21}`,
      one: 'value',
      nothing: null,
      oneNumber: 3,
    }));
    expect(mapFields(meta, positions).map(({ name }) => name)).toEqual(['twenty']);
  });

  test('list words by frequency, and null where an item has none', () => {
    const meta: JsonObject[] = [
      { kind: 'b' },
      { kind: 'a' },
      {},
      { kind: 'b' },
      { kind: '' },
      { kind: null },
      { kind: true },
    ];
    expect(mapFields(meta, [0, 1, 2, 4, 6])).toEqual([
      { name: 'kind', kind: 'words', values: ['b', 'a', 'true'], of: [0, 1, null, null, 2] },
    ]);
  });

  test('are numbers if all values are, also as text; codes and mixed values are words', () => {
    const meta: JsonObject[] = [
      { score: '1.5', code: '01', mixed: 1 },
      { score: 2, code: '10', mixed: 'one' },
      { score: '-3e2', code: '11', mixed: 1 },
      { score: 1 / 3, code: '11', mixed: 1 },
    ];
    expect(mapFields(meta, [0, 1, 2, 3])).toEqual([
      { name: 'score', kind: 'numbers', of: [1.5, 2, -300, 0.333333] },
      { name: 'code', kind: 'words', values: ['11', '01', '10'], of: [1, 2, 0, 0] },
      { name: 'mixed', kind: 'words', values: ['1', 'one'], of: [0, 1, 0, 0] },
    ]);
  });

  test('are the first ones that fit the size limit', () => {
    const names = Array.from({ length: 30 }, (_, index) => `field ${index}`);
    const meta = metaOf((position) => ({
      ...Object.fromEntries(names.map((name, index) => [name, position / (index + 7)])),
      short: position % 2,
    }));
    const all = Array.from({ length: ITEMS }, (_, index) => index);
    const fields = mapFields(meta, all).map(({ name }) => name);
    expect(fields.length).toBeGreaterThan(5);
    // A short field may fit after longer ones were left out.
    expect(fields).toEqual([...names.slice(0, fields.length - 1), 'short']);
    expect(JSON.stringify(mapFields(meta, all)).length).toBeLessThan(701_000);
    expect(mapFields(meta.slice(0, 100), [0, 99])).toHaveLength(12);
  });
});
