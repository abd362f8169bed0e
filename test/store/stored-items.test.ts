import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instruction } from '../../src/domain/instruction.ts';
import { storedItems } from '../../src/store/stored-items.ts';

const itemAt = (position: number): Instruction => ({
  id: `t${position}`,
  instruction: `Task ${position}`,
  meta: {},
  record: {},
  source: { file: 'pool.jsonl', line: position + 1 },
});

/** A store that counts what is read of it. */
function store(length: number, keptBytes?: number) {
  const reads: number[] = [];
  const list = storedItems(
    length,
    (first, rows) => {
      reads.push(rows);
      return Array.from({ length: rows }, (_, row) => ({ item: itemAt(first + row), characters: 100 }));
    },
    keptBytes,
  );
  return { list, reads };
}

describe('storedItems', () => {
  it('gives every item at its position, in any order, however few stay in memory', () => {
    fc.assert(
      fc.property(
        fc.nat(200),
        fc.array(fc.nat(250)),
        fc.constantFrom(0, 10_000, 30_000, undefined),
        (length, positions, keptBytes) => {
          const { list } = store(length, keptBytes);
          for (const position of positions) {
            expect(list[position]).toEqual(position < length ? itemAt(position) : undefined);
          }
          expect(list.map(({ id }) => id)).toEqual(Array.from({ length }, (_, position) => `t${position}`));
        },
      ),
    );
  });

  it('reads each item once where all of them fit, and again where they do not', () => {
    const fitting = store(100);
    const passes = (list: readonly Instruction[]) => [...list, ...list].length;
    expect(passes(fitting.list)).toBe(200);
    expect(fitting.reads.reduce((sum, rows) => sum + rows, 0)).toBe(100);
    expect(fitting.list[3]).toBe(fitting.list[3]);
    const large = store(100, 20_000);
    expect(passes(large.list)).toBe(200);
    expect(large.reads.reduce((sum, rows) => sum + rows, 0)).toBe(200);
  });
});
