import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { embeddingMatrix, rowOf } from '../../../src/math/embedding-matrix.ts';
import { npyContent, readNpy } from '../../../src/models/embedders/npy.ts';
import { loadPrecomputed } from '../../../src/models/embedders/precomputed.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const DOLLY = '../shared/data/dolly-3k.minilm.npy';

function save(values: readonly number[], rows: number, columns: number): string {
  const matrix = embeddingMatrix(Float32Array.from(values), rows, columns);
  return folder.write('vectors.npy', Buffer.concat([...npyContent(matrix)]));
}

describe('loadPrecomputed', () => {
  it('scales rows to unit length and leaves rows of zeros', async () => {
    const matrix = await loadPrecomputed(save([3, 4, 0, 0, -1e-30, 0, 3e38, 3e38], 4, 2), 4);
    const root = Math.fround(Math.SQRT1_2);
    expect([...matrix.data].map(Math.fround)).toEqual([0.6, 0.8, 0, 0, -1, 0, root, root].map(Math.fround));
  });

  it.skipIf(!existsSync(DOLLY))('keeps the bits of rows that have unit length', async () => {
    const [loaded, saved] = [await loadPrecomputed(DOLLY, 2996), await readNpy(DOLLY)];
    expect(Buffer.compare(Buffer.from(loaded.data.buffer), Buffer.from(saved.data.buffer))).toBe(0);
  });

  it('says how many rows there are and should be, and what to do', async () => {
    await expect(loadPrecomputed(save([1, 0, 0, 1, 1, 1], 3, 2), 5)).rejects.toMatchObject({
      code: 'EMBEDDING',
      message: expect.stringMatching(/vectors\.npy has 3 rows, but 5 records were read\.$/),
      hint: expect.stringContaining('saveEmbeddings'),
    });
  });

  it('names the row with a value that is not finite', async () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      await expect(loadPrecomputed(save([1, 0, 0, 1, 1, bad], 3, 2), 3)).rejects.toThrow(
        /^Row 2 of .* not a finite number/,
      );
    }
  });

  it('refuses rows without columns', async () => {
    await expect(loadPrecomputed(save([], 3, 0), 3)).rejects.toThrow(/rows without columns/);
  });

  it('gives an empty matrix for an empty pool', async () => {
    const matrix = await loadPrecomputed(save([], 0, 2), 0);
    expect([matrix.rows, matrix.columns, rowOf(matrix, 0).length]).toEqual([0, 2, 0]);
  });
});
