import type { OnProgress } from '../domain/progress.ts';
import type { ShardExecutor } from '../engine/shards.ts';
import { ChosenDistances } from './chosen-distances.ts';
import { type EmbeddingMatrix, takeRows } from './embedding-matrix.ts';
import type { MatrixKernel } from './matrix-kernel.ts';
import type { Random } from './random.ts';
import { relativeWeights } from './relative-weights.ts';

/** Candidates drawn, and multiplied with all rows, at a time. */
const DRAWS_PER_BATCH = 32;

export interface SeedingOptions {
  readonly random: Random;
  readonly kernel: MatrixKernel;
  /** `f × d`: centres that are there before the first seed. */
  readonly fixedCenters?: EmbeddingMatrix;
  /** Length n, > 0: how much each row matters; only ratios count. Absent: all alike. */
  readonly weights?: Float64Array;
  readonly executor?: ShardExecutor;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/**
 * Draws k rows as k-means++ does: the first uniformly (where there is no fixed centre), each next with
 * a probability proportional to D², its squared distance to the nearest centre so far; both times its
 * weight where there are weights. Where no row is away from all centres any more (duplicates), the lowest
 * positions not drawn yet fill up.
 *
 * Exact, though candidates are drawn 32 at a time: D² only falls while seeds are added, so a candidate
 * drawn by an old D² and accepted with probability D²now / D²old is distributed by D²now. A batch takes
 * one matrix product. O(n·k·d).
 *
 * Source: Arthur & Vassilvitskii 2007; the batches by rejection sampling are ours.
 * @returns k different positions in the order they were drawn
 */
export async function drawKMeansSeeds(x: EmbeddingMatrix, k: number, options: SeedingOptions): Promise<number[]> {
  const { random, fixedCenters, signal, onProgress } = options;
  const distances = new ChosenDistances(x, options);
  const { squared } = distances;
  const weights = relativeWeights(options.weights, x.rows);
  const seeds: number[] = [];
  if (fixedCenters && fixedCenters.rows > 0) {
    await distances.addAll(fixedCenters, signal);
  } else {
    seeds.push(weights ? draw(cumulate(weights), random) : random.below(x.rows));
    await distances.addAll(takeRows(x, seeds), signal);
  }
  while (seeds.length < k) {
    signal?.throwIfAborted();
    onProgress?.({ phase: 'cluster', done: seeds.length, total: k, note: 'drawing the first centres' });
    const cumulative = cumulate(weights ? weights.map((weight, row) => weight * squared[row]!) : squared);
    if (cumulative.at(-1) === 0) break;
    const drawn = Array.from({ length: DRAWS_PER_BATCH }, () => draw(cumulative, random));
    const squaredWhenDrawn = drawn.map((position) => squared[position]!);
    const batch = await distances.multiply(takeRows(x, drawn));
    for (const [index, position] of drawn.entries()) {
      if (seeds.length === k) break;
      if (random.float() * squaredWhenDrawn[index]! >= squared[position]!) continue;
      seeds.push(position);
      distances.add(batch, index);
    }
  }
  return fillUp(seeds, k);
}

function cumulate(weights: Float64Array): Float64Array {
  const cumulative = new Float64Array(weights.length);
  let sum = 0;
  for (let i = 0; i < weights.length; i += 1) {
    sum += weights[i]!;
    cumulative[i] = sum;
  }
  return cumulative;
}

/** The first position whose cumulated weight passes a random part of the whole. */
function draw(cumulative: Float64Array, random: Random): number {
  const target = random.float() * cumulative.at(-1)!;
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cumulative[middle]! > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

function fillUp(seeds: readonly number[], k: number): number[] {
  const filled = [...seeds];
  const taken = new Set(seeds);
  for (let position = 0; filled.length < k; position += 1) if (!taken.has(position)) filled.push(position);
  return filled;
}
