import { type EmbeddingMatrix, takeRows } from './embedding-matrix.ts';
import { drawKMeansSeeds, type SeedingOptions } from './k-means-seeds.ts';
import { assertCount } from './largest-positions.ts';
import { type Clustering, DEFAULT_MAX_ITERATIONS, type LloydOptions, lloyd } from './lloyd.ts';
import { mlKMeansCenters } from './ml-k-means.ts';
import { relativeWeights } from './relative-weights.ts';

export type KMeansOptions = SeedingOptions & LloydOptions;

/**
 * k-means: k centres that make the sum of squared distances to the nearest centre small. Seeds by exact
 * k-means++, then Lloyd's iterations: one run, no restarts. Deterministic for one seed and kernel,
 * for any number of threads or workers.
 *
 * `fixedCenters` attract rows and never move; k counts only the others. With fewer distinct rows than
 * centres, some clusters stay empty. Where the native runtime is missing, ml-kmeans moves the centres
 * (unless some are fixed or rows are weighted, which it does not know).
 *
 * `weights` say how much each row matters: a row of weight 2 counts as two equal rows would, in the draw
 * of the seeds, in the means and in the inertia. Equal weights give, bit for bit, what none give.
 *
 * O(n·(k + f)·d) for the seeds, O(n·k·d) for every iteration.
 * Source: Lloyd 1982; Arthur & Vassilvitskii 2007.
 * @param x `n × d`
 * @throws WinnowError `COUNT_OUT_OF_RANGE` unless 1 ≤ k ≤ n
 */
export async function kMeans(x: EmbeddingMatrix, k: number, options: KMeansOptions): Promise<Clustering> {
  assertCount('clusters', k, 1, x.rows);
  const seeds = takeRows(x, await drawKMeansSeeds(x, k, options));
  const { kernel, fixedCenters, maxIterations = DEFAULT_MAX_ITERATIONS } = options;
  const weighted = relativeWeights(options.weights, x.rows) !== undefined;
  if (kernel.name === 'onnxruntime' || maxIterations === 0 || weighted || (fixedCenters && fixedCenters.rows > 0)) {
    return lloyd(x, seeds, options);
  }
  const moved = await mlKMeansCenters(x, seeds, options);
  // The rest settles the assignment and takes care of clusters without rows.
  const rest = await lloyd(x, moved.centers, { ...options, maxIterations: maxIterations - moved.iterations });
  return { ...rest, iterations: moved.iterations + rest.iterations };
}
