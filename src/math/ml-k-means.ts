import { setImmediate } from 'node:timers/promises';
import { type EmbeddingMatrix, rowOf } from './embedding-matrix.ts';
import { DEFAULT_MAX_ITERATIONS, type LloydOptions } from './lloyd.ts';

/**
 * Lloyd's iterations by the library ml-kmeans, in plain JavaScript, from given centres. Its own
 * initialisations are not used: `mostDistant` looks distances up by the number of the centre instead of
 * its row, and its k-means++ knows no fixed centres.
 *
 * Stops when no centre moves by more than 1e-3, or after `maxIterations` ≥ 1. A centre that lost all its
 * rows stays where it was.
 * @returns `k × d` float32 centres, and how often they moved
 */
export async function mlKMeansCenters(
  x: EmbeddingMatrix,
  initialCenters: EmbeddingMatrix,
  { maxIterations = DEFAULT_MAX_ITERATIONS, signal, onProgress }: LloydOptions,
): Promise<{ centers: EmbeddingMatrix; iterations: number }> {
  // It takes a moment to load, and most commands cluster nothing.
  const { kmeansGenerator } = await import('ml-kmeans');
  const steps = kmeansGenerator(viewRows(x), initialCenters.rows, {
    initialization: viewRows(initialCenters),
    maxIterations,
  });
  let centroids = viewRows(initialCenters);
  let iterations = 0;
  for (const step of steps) {
    centroids = step.centroids;
    iterations = step.iterations;
    onProgress?.({ phase: 'cluster', done: iterations, total: maxIterations, note: 'moving the centres' });
    await setImmediate();
    signal?.throwIfAborted();
  }
  const data = new Float32Array(initialCenters.data.length);
  for (const [center, values] of centroids.entries()) data.set(values, center * x.columns);
  return { centers: { data, rows: initialCenters.rows, columns: x.columns }, iterations };
}

/** The library is typed for arrays of numbers but only indexes them, so views of the rows save a copy. */
function viewRows(matrix: EmbeddingMatrix): number[][] {
  return Array.from({ length: matrix.rows }, (_, row) => rowOf(matrix, row) as unknown as number[]);
}
