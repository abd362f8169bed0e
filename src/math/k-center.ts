import type { OnProgress } from '../domain/progress.ts';
import type { ShardExecutor } from '../engine/shards.ts';
import { type CandidateProducts, ChosenDistances } from './chosen-distances.ts';
import { type EmbeddingMatrix, takeRows } from './embedding-matrix.ts';
import { assertCount, largestPositions } from './largest-positions.ts';
import type { MatrixKernel } from './matrix-kernel.ts';
import type { Random } from './random.ts';
import { relativeWeights } from './relative-weights.ts';

/** Farthest rows multiplied at a time, in the hope that the next picks are among them. */
const SPECULATED_ROWS = 32;

export interface KCenterOptions {
  readonly kernel: MatrixKernel;
  /** `f × d`: centres that are there before the first pick. */
  readonly existing?: EmbeddingMatrix;
  /** Length n, > 0: how much the distance of each row matters; only ratios count. Absent: all alike. */
  readonly weights?: Float64Array;
  /**
   * Position of the first pick where no centre exists; absent: the heaviest row (ties → the lowest position), or
   * without weights one drawn from `random`, or 0.
   */
  readonly first?: number;
  readonly random?: Random;
  readonly executor?: ShardExecutor;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export interface KCenterResult {
  /** Length `count`: positions in the order they were picked, all different. */
  readonly order: Int32Array;
  /**
   * Length `count`: how far each was from its nearest centre when picked; Infinity where there was none. They
   * fall; with weights it is distance × weight that falls.
   */
  readonly distances: Float32Array;
  /**
   * The largest distance of any row to its nearest centre after the last pick, times its weight (of which the
   * largest is 1); Infinity without any centre.
   */
  readonly radius: number;
}

/**
 * Greedy k-center: picks again and again the row farthest (Euclidean) from its nearest centre. The
 * covering radius is at most twice the smallest possible. Ties go to the lowest position; a row at
 * distance 0 (a duplicate of a centre) is picked only when nothing else is left.
 *
 * With weights it picks the row with the largest weight × distance, the heaviest one first, and the radius
 * is the largest weight × distance. The factor is then min(3, 1 + largest / smallest weight): two only
 * where all weights are equal. (Plesník 1987 reaches two for any weights by searching among radii; the first
 * few of his centres alone promise nothing.)
 *
 * Distances are compared in double precision, so every kernel gives the same picks. O(n·count·d): the
 * products of the 32 farthest rows are made at once, and used as long as the next pick is among them,
 * which changes the time and nothing else.
 *
 * Source: Gonzalez 1985; Sener & Savarese 2018 (arXiv 1708.00489), algorithm 1; weights: Dyer & Frieze 1985.
 * @param x `n × d`
 * @throws WinnowError `COUNT_OUT_OF_RANGE` when count > n
 */
export async function kCenter(x: EmbeddingMatrix, count: number, options: KCenterOptions): Promise<KCenterResult> {
  const { existing, signal, onProgress } = options;
  assertCount('centres', count, 0, x.rows);
  const distances = new ChosenDistances(x, options);
  if (existing) await distances.addAll(existing, signal);

  const weights = relativeWeights(options.weights, x.rows);
  const squaredWeights = weights?.map((weight) => weight * weight);
  const urgency = () => {
    return squaredWeights ? distances.squared.map((value, row) => value * squaredWeights[row]!) : distances.squared;
  };
  const taken = new Uint8Array(x.rows);
  const order = new Int32Array(count);
  const distanceOf = new Float32Array(count);
  let speculation: Speculation | undefined;
  for (let picked = 0; picked < count; picked += 1) {
    const hasCenter = picked > 0 || (existing !== undefined && existing.rows > 0);
    const next = hasCenter ? mostUrgent(urgency(), taken) : firstPosition(x.rows, weights, options);
    if (!speculation?.indexOf.has(next)) {
      signal?.throwIfAborted();
      onProgress?.({ phase: 'cover', done: picked, total: count });
      speculation = await speculate(x, distances, urgency(), next, taken, Math.min(SPECULATED_ROWS, count - picked));
    }
    order[picked] = next;
    distanceOf[picked] = Math.sqrt(distances.squared[next]!);
    taken[next] = 1;
    distances.add(speculation.batch, speculation.indexOf.get(next)!);
  }
  onProgress?.({ phase: 'cover', done: count, total: count });
  return { order, distances: distanceOf, radius: Math.sqrt(largest(urgency())) };
}

/** A batch of candidates, and where in it each position is. */
interface Speculation {
  readonly batch: CandidateProducts;
  readonly indexOf: ReadonlyMap<number, number>;
}

async function speculate(
  x: EmbeddingMatrix,
  distances: ChosenDistances,
  urgency: Float64Array,
  next: number,
  taken: Uint8Array,
  size: number,
): Promise<Speculation> {
  const others = largestPositions(urgency, size, (position) => taken[position] === 0 && position !== next);
  const positions = [next, ...others].slice(0, size);
  return {
    batch: await distances.multiply(takeRows(x, positions)),
    indexOf: new Map(positions.map((position, index) => [position, index])),
  };
}

function firstPosition(rows: number, weights: Float64Array | undefined, { first, random }: KCenterOptions): number {
  if (first === undefined && weights) return weights.indexOf(1);
  if (first === undefined) return random ? random.below(rows) : 0;
  if (!Number.isInteger(first) || first < 0 || first >= rows) {
    throw new RangeError(`The first centre is to be row ${first}, but there are rows 0 to ${rows - 1} only.`);
  }
  return first;
}

function mostUrgent(urgency: Float64Array, taken: Uint8Array): number {
  let position = -1;
  let best = -1;
  for (let row = 0; row < urgency.length; row += 1) {
    if (urgency[row]! > best && taken[row] === 0) {
      best = urgency[row]!;
      position = row;
    }
  }
  return position;
}

function largest(values: Float64Array): number {
  let best = 0;
  for (const value of values) if (value > best) best = value;
  return best;
}
