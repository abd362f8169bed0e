import { setImmediate } from 'node:timers/promises';
import { UMAP } from 'umap-js';
import type { EmbeddingMatrix } from './embedding-matrix.ts';
import type { MatrixKernel } from './matrix-kernel.ts';
import { nearestRows } from './nearest-rows.ts';
import { principalPlane } from './principal-plane.ts';
import type { Random } from './random.ts';

const NEIGHBORS = 15;
/** Half the width of the plane it starts from, and how far equal rows are moved apart there. */
const START_REACH = 10;
const START_JITTER = 0.01;
/** Between two turns of the event loop. */
const EPOCHS_PER_TURN = 4;

/** Fewer rows have too few neighbours to tell near from far. */
export const FEWEST_UMAP_ROWS = 2 * (NEIGHBORS + 1);

export interface UmapOptions {
  readonly kernel: MatrixKernel;
  readonly random: Random;
  readonly signal?: AbortSignal | undefined;
  /** Told of the epochs that are done. */
  readonly onEpochs?: (done: number, total: number) => void;
}

/**
 * Lays rows out in two dimensions so that near ones stay near. Neighbours are exact; it starts from the two widest
 * principal components instead of at random, so that what is far apart tends to stay so. Deterministic for one stream
 * and kernel.
 *
 * O(n²·d) for the neighbours, then some 200 to 500 epochs of O(n).
 * Source: McInnes, Healy & Melville 2018 (arXiv 1802.03426), by umap-js; the start: Kobak & Linderman 2021.
 * @param x `n × d`, n at least FEWEST_UMAP_ROWS
 * @returns `n × 2`; undefined where it came to nothing: coordinates that are no numbers, or all rows at one place
 */
export async function umap(x: EmbeddingMatrix, options: UmapOptions): Promise<EmbeddingMatrix | undefined> {
  const { kernel, random, signal, onEpochs } = options;
  if (x.rows < FEWEST_UMAP_ROWS) throw new RangeError(`UMAP needs ${FEWEST_UMAP_ROWS} rows at least, not ${x.rows}.`);
  const near = await nearestRows(x, x, NEIGHBORS, { kernel, signal });
  const start = await principalPlane(x, { kernel, signal });
  const layout = new UMAP({ nNeighbors: NEIGHBORS, random: () => random.float() });
  layout.setPrecomputedKNN(tableOf(near.rows), tableOf(near.distances));
  // With neighbours given it looks at how many rows there are, and at nothing else of them.
  const epochs = layout.initializeFit(Array.from({ length: x.rows }, () => []));
  moveTo(start, layout.getEmbedding(), random);
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    layout.step();
    if (epoch % EPOCHS_PER_TURN > 0) continue;
    onEpochs?.(epoch, epochs);
    await setImmediate();
    signal?.throwIfAborted();
  }
  onEpochs?.(epochs, epochs);
  const data = Float32Array.from(layout.getEmbedding().flat());
  return isSpread(data) ? { data, rows: x.rows, columns: 2 } : undefined;
}

function tableOf(values: ArrayLike<number>): number[][] {
  return Array.from({ length: values.length / NEIGHBORS }, (_, row) =>
    Array.from({ length: NEIGHBORS }, (__, place) => values[row * NEIGHBORS + place]!),
  );
}

/** In place: these are the points it goes on with. */
function moveTo(start: EmbeddingMatrix, points: number[][], random: Random): void {
  const widest = start.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  for (const [row, point] of points.entries()) {
    for (const axis of [0, 1]) {
      point[axis] = (START_REACH * start.data[2 * row + axis]!) / widest + START_JITTER * (2 * random.float() - 1);
    }
  }
}

function isSpread(data: Float32Array): boolean {
  return data.every(Number.isFinite) && data.some((value, index) => value !== data[index % 2]);
}
