import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../src/math/create-matrix-kernel.ts';
import { embeddingMatrix, takeRows } from '../../src/math/embedding-matrix.ts';
import { findCandidates } from '../../src/selection/find-candidates.ts';

let kernel: OwnedMatrixKernel;
beforeAll(async () => {
  kernel = await createMatrixKernel({ threads: 1 });
});
afterAll(() => kernel.release());

/** Unit vectors at these angles, in degrees. */
function directions(...degrees: number[]) {
  const data = degrees.flatMap((angle) => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)]);
  return embeddingMatrix(Float32Array.from(data), degrees.length, 2);
}

const NONE = embeddingMatrix(new Float32Array(0), 0, 2);
/** Directions less than ten degrees apart count as one. */
const THRESHOLD = Math.cos((10 * Math.PI) / 180);

function find(
  x: ReturnType<typeof directions>,
  labeled: number[],
  labeledRows = takeRows(x, labeled),
  threshold = THRESHOLD,
) {
  const open = Array.from({ length: x.rows }, (_, position) => position).filter((p) => !labeled.includes(p));
  return findCandidates(open, x, labeledRows, threshold, { kernel });
}

describe('findCandidates', () => {
  it('keeps the first of each group of near-duplicates and returns the others', async () => {
    const x = directions(0, 90, 5, 91, 180, 8);
    expect(await find(x, [])).toEqual({
      positions: [0, 1, 4],
      nearDuplicates: 3,
      copies: new Map([
        [0, [2, 5]],
        [1, [3]],
      ]),
    });
  });

  it('leaves out labeled instructions and their near-duplicates, in any order', async () => {
    const x = directions(0, 90, 5, 91, 180, 8);
    expect(await find(x, [5])).toEqual({ positions: [1, 4], nearDuplicates: 3, copies: new Map([[1, [3]]]) });
  });

  it('leaves out near-duplicates of a labeled item outside the pool', async () => {
    const x = directions(0, 90, 180);
    expect(await find(x, [], directions(88))).toEqual({ positions: [0, 2], nearDuplicates: 1, copies: new Map() });
  });

  it('compares only with the first of a group, so that groups do not drift', async () => {
    expect(await find(directions(0, 8, 16, 24), [])).toEqual({
      positions: [0, 2],
      nearDuplicates: 2,
      copies: new Map([
        [0, [1]],
        [2, [3]],
      ]),
    });
  });

  it('returns every open instruction with threshold 0, without vectors', async () => {
    const nothing = embeddingMatrix(new Float32Array(0), 0, 0);
    const found = await findCandidates([0, 2, 3], nothing, nothing, 0, { kernel });
    expect(found).toEqual({ positions: [0, 2, 3], nearDuplicates: 0, copies: new Map() });
    expect(await find(directions(0, 0, 0), [1], NONE, 0)).toEqual({
      positions: [0, 2],
      nearDuplicates: 0,
      copies: new Map(),
    });
  });

  it('finds nothing when everything is labeled or a near-duplicate', async () => {
    expect(await find(directions(0, 1, 2), [0])).toEqual({ positions: [], nearDuplicates: 2, copies: new Map() });
    expect(await find(directions(0, 90), [0, 1])).toEqual({ positions: [], nearDuplicates: 0, copies: new Map() });
  });

  it('does not group rows without a direction, and leaves them out where picks are chosen by vectors', async () => {
    const x = embeddingMatrix(Float32Array.from([0, 0, 1, 0, 0, 0]), 3, 2);
    const found = { nearDuplicates: 0, copies: new Map() };
    expect(await findCandidates([0, 1, 2], x, NONE, THRESHOLD, { kernel, byVectors: false })).toEqual({
      ...found,
      positions: [0, 1, 2],
    });
    for (const threshold of [THRESHOLD, 0]) {
      const byVectors = await findCandidates([0, 1, 2], x, NONE, threshold, { kernel });
      expect(byVectors).toEqual({ ...found, positions: [1], withoutVector: [0, 2] });
    }
  });

  it('names what nearly repeats a test item, which is no near-duplicate', async () => {
    const x = directions(0, 90, 5, 180);
    const found = await findCandidates([0, 1, 2, 3], x, NONE, THRESHOLD, { kernel, tests: directions(-40, 2) });
    expect(found).toEqual({
      ...{ positions: [1, 3], nearDuplicates: 0, copies: new Map() },
      nearTests: new Map([
        [0, 1],
        [2, 1],
      ]),
    });
  });
});
