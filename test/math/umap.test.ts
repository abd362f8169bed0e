import { describe, expect, it } from 'vitest';
import type { EmbeddingMatrix } from '../../src/math/embedding-matrix.ts';
import { javascriptKernel as kernel } from '../../src/math/javascript-kernel.ts';
import { nearestRows } from '../../src/math/nearest-rows.ts';
import { principalPlane } from '../../src/math/principal-plane.ts';
import { seededRandom } from '../../src/math/random.ts';
import { FEWEST_UMAP_ROWS, umap } from '../../src/math/umap.ts';

const GROUPS = 4;
const PER_GROUP = 30;

/** Four clouds in eight dimensions, row i in cloud i mod 4. */
function clouds(): EmbeddingMatrix {
  const random = seededRandom(7);
  const data = new Float32Array(GROUPS * PER_GROUP * 8);
  for (let row = 0; row < GROUPS * PER_GROUP; row += 1) {
    for (let column = 0; column < 8; column += 1) {
      data[row * 8 + column] = random.float() + (column === row % GROUPS ? 6 : 0);
    }
  }
  return { data, rows: GROUPS * PER_GROUP, columns: 8 };
}

/** The share of points whose nearest other point is of their own cloud. */
async function purity(plane: EmbeddingMatrix): Promise<number> {
  const { rows } = await nearestRows(plane, plane, 1, { kernel, except: (row) => row });
  return rows.filter((other, row) => other % GROUPS === row % GROUPS).length / plane.rows;
}

describe('UMAP', () => {
  it('keeps together what is together, the same for one seed', async () => {
    const plane = await umap(clouds(), { kernel, random: seededRandom(1) });
    expect(await purity(plane!)).toBeGreaterThan(0.95);
    expect(await umap(clouds(), { kernel, random: seededRandom(1) })).toEqual(plane);
    expect(await umap(clouds(), { kernel, random: seededRandom(2) })).not.toEqual(plane);
  });

  it('of rows that are all equal still gives points that can be drawn, or none', async () => {
    const x = { data: new Float32Array(40 * 3).fill(1), rows: 40, columns: 3 };
    const plane = await umap(x, { kernel, random: seededRandom(1) });
    expect(plane === undefined || plane.data.every(Number.isFinite)).toBe(true);
  });

  it('needs rows enough to have neighbours', async () => {
    const x = { data: new Float32Array(FEWEST_UMAP_ROWS - 1), rows: FEWEST_UMAP_ROWS - 1, columns: 1 };
    await expect(umap(x, { kernel, random: seededRandom(1) })).rejects.toThrow(RangeError);
  });

  it('can be aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(umap(clouds(), { kernel, random: seededRandom(1), signal })).rejects.toThrow('enough');
  });
});

describe('the principal plane', () => {
  it('shows rows along their two widest directions', async () => {
    const plane = await principalPlane(clouds(), { kernel });
    expect([plane.rows, plane.columns]).toEqual([GROUPS * PER_GROUP, 2]);
    expect(await purity(plane)).toBeGreaterThan(0.5);
  });

  it('of rows on a line has a second coordinate of 0, and of equal rows both', async () => {
    const line = { data: Float32Array.of(1, 1, 2, 2, 4, 4), rows: 3, columns: 2 };
    const { data } = await principalPlane(line, { kernel });
    expect([data[1], data[3], data[5]]).toEqual([0, 0, 0]);
    expect(Math.abs(data[4]! - data[0]!)).toBeCloseTo(Math.sqrt(18), 5);
    const equal = await principalPlane({ data: new Float32Array(6).fill(2), rows: 3, columns: 2 }, { kernel });
    expect([...equal.data]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
