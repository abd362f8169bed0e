import { type EmbeddingMatrix, takeRows } from './embedding-matrix.ts';
import { drawKMeansSeeds, type SeedingOptions } from './k-means-seeds.ts';
import { assertCount } from './largest-positions.ts';
import { type Clustering, DEFAULT_MAX_ITERATIONS, type LloydOptions, lloyd } from './lloyd.ts';
import { mlKMeansCenters } from './ml-k-means.ts';
import { relativeWeights } from './relative-weights.ts';

/** Up to so many rows all of them move the centres. */
const MOST_ROWS = 100_000;
/** Of more rows, how many are drawn to find the centres: for each centre, and at least. */
const ROWS_PER_CENTER = 256;
const FEWEST_ROWS = 50_000;
/** How often all rows then move the centres. */
const REFINEMENTS = 2;

export interface KMeansOptions extends SeedingOptions, LloydOptions {
  /** For tests: see `MOST_ROWS`. */
  readonly mostRows?: number;
  /** For tests: see `FEWEST_ROWS`. */
  readonly fewestRows?: number;
}

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
 * Of more than 100,000 rows, 256 for each centre and at least 50,000 are drawn; those find the centres, which all rows then
 * move twice more. The inertia is within 1 % of what all rows reach.
 *
 * O(n·(k + f)·d) for the seeds, O(n·k·d) for every iteration.
 * Source: Lloyd 1982; Arthur & Vassilvitskii 2007.
 * @param x `n × d`
 * @throws WinnowError `COUNT_OUT_OF_RANGE` unless 1 ≤ k ≤ n
 */
export async function kMeans(x: EmbeddingMatrix, k: number, options: KMeansOptions): Promise<Clustering> {
  assertCount('clusters', k, 1, x.rows);
  const { mostRows = MOST_ROWS, fewestRows = FEWEST_ROWS, random } = options;
  const size = Math.max(ROWS_PER_CENTER * k, fewestRows);
  if (x.rows <= mostRows || size >= x.rows) return kMeansOfAll(x, k, options);
  const { weights } = options;
  const drawn = random.shuffle(Array.from({ length: x.rows }, (_, row) => row)).slice(0, size);
  const rows = Int32Array.from(drawn).sort();
  const found = await kMeansOfAll(takeRows(x, rows), k, {
    ...options,
    ...(weights ? { weights: Float64Array.from(rows, (row) => weights[row]!) } : {}),
  });
  const refinements = Math.min(REFINEMENTS, options.maxIterations ?? REFINEMENTS);
  const refined = await lloyd(x, found.centers, { ...options, maxIterations: refinements });
  return { ...refined, iterations: found.iterations + refined.iterations };
}

async function kMeansOfAll(x: EmbeddingMatrix, k: number, options: KMeansOptions): Promise<Clustering> {
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
