import { describe, expect, it } from 'vitest';
import { embeddingMatrix, stackRows, takeRows, unitRows } from '../../src/math/embedding-matrix.ts';
import { squaredNorms } from '../../src/math/exact-distance.ts';
import { looseMatrix } from './matrices.ts';

describe('takeRows', () => {
  const x = looseMatrix(5, 3, 1);

  it('copies nothing where rows follow each other', () => {
    const all = takeRows(x, [0, 1, 2, 3, 4]);
    expect(all).toEqual(x);
    expect(all.data.buffer).toBe(x.data.buffer);
    const some = takeRows(x, Int32Array.of(2, 3));
    expect([...some.data]).toEqual([...x.data.subarray(6, 12)]);
    expect(some.data.buffer).toBe(x.data.buffer);
  });

  it('copies other rows in the order given, with repeats', () => {
    for (const positions of [
      [3, 1, 3],
      [0, 0],
      [1, 0],
      [0, 2],
    ]) {
      const taken = takeRows(x, positions);
      expect([...taken.data]).toEqual(positions.flatMap((row) => [...x.data.subarray(row * 3, row * 3 + 3)]));
      expect(taken.data.buffer).not.toBe(x.data.buffer);
    }
    expect(takeRows(x, [])).toEqual(embeddingMatrix(new Float32Array(0), 0, 3));
  });
});

describe('stackRows', () => {
  it('copies nothing where only one matrix has rows', () => {
    const x = looseMatrix(4, 2, 1);
    expect(stackRows([embeddingMatrix(new Float32Array(0), 0, 2), x], 2)).toBe(x);
    expect(() => stackRows([x], 3)).toThrow(RangeError);
  });
});

describe('unitRows', () => {
  it('leaves the matrix as it is', () => {
    const x = embeddingMatrix(Float32Array.of(3, 4, 0, 0), 2, 2);
    expect([...unitRows(x, Int32Array.of(0, 1), squaredNorms(x)).data]).toEqual([0.6, 0.8, 0, 0].map(Math.fround));
    expect([...x.data]).toEqual([3, 4, 0, 0]);
  });
});
