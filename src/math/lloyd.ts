import type { OnProgress } from '../domain/progress.ts';
import { cutIntoShards, inProcessExecutor, SHARD_ROWS, type ShardExecutor } from '../engine/shards.ts';
import { type EmbeddingMatrix, rowsIn } from './embedding-matrix.ts';
import { largestPositions } from './largest-positions.ts';
import type { MatrixKernel, NearestCenters } from './matrix-kernel.ts';
import { relativeWeights } from './relative-weights.ts';

export const DEFAULT_MAX_ITERATIONS = 100;
/** Relative change of the inertia below which more iterations are not worth their time. */
const DEFAULT_TOLERANCE = 1e-4;

export interface LloydOptions {
  readonly kernel: MatrixKernel;
  /** `f × d`: centres that attract rows but never move. */
  readonly fixedCenters?: EmbeddingMatrix;
  /** Length n, > 0: how much each row matters; only ratios count. Absent: all alike. */
  readonly weights?: Float64Array;
  /** How often the centres move at most; 0 only assigns. */
  readonly maxIterations?: number;
  /** Stops when the inertia falls by less than this part of it; 0 goes on until the assignment settles. */
  readonly tolerance?: number;
  readonly executor?: ShardExecutor;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export interface Clustering {
  /** `k × d`: the free centres, float32. */
  readonly centers: EmbeddingMatrix;
  /** Length n: the centre nearest to each row; 0..k−1 are free, k..k+f−1 fixed. */
  readonly assignment: Int32Array;
  /** Sum of the squared distances of the rows to their centres, each times its weight (the largest is 1). */
  readonly inertia: number;
  /** How often the centres moved. */
  readonly iterations: number;
}

/**
 * Lloyd's iterations from given centres: assign every row to its nearest centre (ties → the lowest),
 * move every free centre to the mean of its rows, until nothing changes. What is returned fits together:
 * the assignment and the inertia are those of the returned centres.
 *
 * With weights every row counts as that many: in the means, and in what is summed. Equal weights change
 * no bit. Means are summed in double precision, in row order within shards and then in shard order. A centre
 * that lost all its rows moves to the row farthest from its own (by weight times squared distance); it stays where it is when every row
 * already lies on a centre. O(n·k·d) per iteration, and O(n·f·d) once.
 * @param initialCenters `k × d`
 */
export async function lloyd(
  x: EmbeddingMatrix,
  initialCenters: EmbeddingMatrix,
  options: LloydOptions,
): Promise<Clustering> {
  const { maxIterations = DEFAULT_MAX_ITERATIONS, tolerance = DEFAULT_TOLERANCE, signal, onProgress } = options;
  const weights = relativeWeights(options.weights, x.rows);
  let centers = initialCenters;
  const fixed = await nearestFixed(x, options);
  let previous: Assignment | undefined;
  for (let iterations = 0; ; iterations += 1) {
    signal?.throwIfAborted();
    onProgress?.({ phase: 'cluster', done: iterations, total: maxIterations, note: 'moving the centres' });
    const current = await assignRows(x, centers, { fixed, weights }, options);
    const result = { centers, assignment: current.center, inertia: current.inertia, iterations };
    if (iterations === maxIterations || (previous && sameAssignment(previous, current))) return result;
    const relocated = relocateEmptyClusters(current.center, current.cost, centers.rows);
    if (!relocated && previous && previous.inertia - current.inertia <= tolerance * previous.inertia && tolerance > 0) {
      return result;
    }
    previous = relocated ? { ...current, center: relocated } : current;
    centers = await moveCenters(x, centers, previous.center, weights, options);
  }
}

interface Assignment {
  readonly center: Int32Array;
  /** Squared distance times weight. */
  readonly cost: Float32Array;
  readonly inertia: number;
}

/** Of every row the nearest fixed centre: they never move, so this is looked for once. */
async function nearestFixed(
  x: EmbeddingMatrix,
  { kernel, fixedCenters, executor = inProcessExecutor }: LloydOptions,
): Promise<readonly NearestCenters[] | undefined> {
  if (!fixedCenters || fixedCenters.rows === 0) return undefined;
  return executor.map(cutIntoShards(x.rows), (shard) => kernel.nearest(rowsIn(x, shard), fixedCenters));
}

async function assignRows(
  x: EmbeddingMatrix,
  centers: EmbeddingMatrix,
  { fixed, weights }: { fixed: readonly NearestCenters[] | undefined; weights: Float64Array | undefined },
  { kernel, executor = inProcessExecutor }: LloydOptions,
): Promise<Assignment> {
  const center = new Int32Array(x.rows);
  const cost = new Float32Array(x.rows);
  const inertias = await executor.map(cutIntoShards(x.rows), async (shard) => {
    const nearest = await kernel.nearest(rowsIn(x, shard), centers);
    const nearestFixedOnes = fixed?.[Math.floor(shard.start / SHARD_ROWS)];
    if (nearestFixedOnes) takeNearer(nearest, nearestFixedOnes, centers.rows);
    center.set(nearest.center, shard.start);
    const costs = weights
      ? nearest.squaredDistance.map((squared, row) => weights[shard.start + row]! * squared)
      : nearest.squaredDistance;
    cost.set(costs, shard.start);
    return costs.reduce((sum, value) => sum + value, 0);
  });
  return { center, cost, inertia: inertias.reduce((sum, inertia) => sum + inertia, 0) };
}

/** Takes over the fixed centres that are nearer, numbered from `first`. */
function takeNearer(nearest: NearestCenters, fixed: NearestCenters, first: number): void {
  for (let row = 0; row < nearest.center.length; row += 1) {
    if (fixed.squaredDistance[row]! >= nearest.squaredDistance[row]!) continue;
    nearest.center[row] = first + fixed.center[row]!;
    nearest.squaredDistance[row] = fixed.squaredDistance[row]!;
  }
}

function sameAssignment(a: Assignment, b: Assignment): boolean {
  return a.center.every((center, row) => center === b.center[row]);
}

/** The means of the rows of each free centre; a centre without rows stays. */
async function moveCenters(
  x: EmbeddingMatrix,
  centers: EmbeddingMatrix,
  assignment: Int32Array,
  weights: Float64Array | undefined,
  { executor = inProcessExecutor }: LloydOptions,
): Promise<EmbeddingMatrix> {
  const { rows: k, columns } = centers;
  const partial = await executor.map(cutIntoShards(x.rows), ({ start, rows }) => {
    const sums = new Float64Array(k * columns);
    const masses = new Float64Array(k);
    for (let row = start; row < start + rows; row += 1) {
      const center = assignment[row]!;
      if (center >= k) continue;
      const weight = weights ? weights[row]! : 1;
      masses[center]! += weight;
      const from = row * columns;
      const to = center * columns;
      for (let column = 0; column < columns; column += 1) {
        sums[to + column]! += weight * x.data[from + column]!;
      }
    }
    return { sums, masses };
  });
  const [first, ...others] = partial;
  if (!first) return centers;
  const { sums, masses } = first;
  for (const other of others) {
    for (let i = 0; i < sums.length; i += 1) sums[i]! += other.sums[i]!;
    for (let center = 0; center < k; center += 1) masses[center]! += other.masses[center]!;
  }
  const data = Float32Array.from(sums, (sum, i) => {
    const mass = masses[Math.floor(i / columns)]!;
    return mass === 0 ? centers.data[i]! : sum / mass;
  });
  return { data, rows: k, columns };
}

/**
 * Gives every free cluster without rows the row that costs most where it is: the one farthest from its
 * own centre, by weight (ties → the lowest position). Rows at distance 0 and the last row of a free cluster
 * stay where they are, so some clusters may remain empty.
 * @param assignment length n; clusters from `k` on are fixed. Not changed.
 * @param cost length n: squared distance to the centre, times the weight where there are weights
 * @returns the new assignment, or undefined when nothing moved. O(n) where no cluster is empty
 */
export function relocateEmptyClusters(assignment: Int32Array, cost: Float32Array, k: number): Int32Array | undefined {
  const sizes = new Int32Array(k);
  for (const cluster of assignment) if (cluster < k) sizes[cluster]! += 1;
  const empty = [...sizes.keys()].filter((cluster) => sizes[cluster] === 0);
  if (empty.length === 0) return undefined;

  // Each cluster holds at most one of its rows back, so these are enough.
  const farthest = largestPositions(cost, empty.length + k, (row) => cost[row]! > 0);
  const relocated = assignment.slice();
  let filled = 0;
  for (const row of farthest) {
    if (filled === empty.length) break;
    const donor = relocated[row]!;
    if (donor < k && sizes[donor] === 1) continue;
    if (donor < k) sizes[donor]! -= 1;
    relocated[row] = empty[filled]!;
    filled += 1;
  }
  return filled === 0 ? undefined : relocated;
}
