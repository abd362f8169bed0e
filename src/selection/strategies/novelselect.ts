import { z } from 'zod';
import { NotEnoughError } from '../../domain/errors.ts';
import type { OnProgress } from '../../domain/progress.ts';
import { option, sentence } from '../../domain/wording.ts';
import { type EmbeddingMatrix, rowsIn, takeRows, unitRows } from '../../math/embedding-matrix.ts';
import { dotProduct, squaredNorms } from '../../math/exact-distance.ts';
import { assertCount } from '../../math/largest-positions.ts';
import type { MatrixKernel } from '../../math/matrix-kernel.ts';
import { nearestRows } from '../../math/nearest-rows.ts';
import { type Random, seededRandom } from '../../math/random.ts';
import { defineStrategy } from './strategy.ts';

const NEIGHBOURS = 10;
const DENSITY_POWER = 0.5;
const REGULARIZER = 1e-9;
/** 2 GB of distances. */
const MOST_DISTANCES = 2 ** 29;

/**
 * NovelSelect: always the instruction with the greatest novelty. The novelty of x is the sum over everything chosen of
 * (σ(x)^½ + σ(c)^½) · (1 − cos(x, c)) / r, where r is the rank of that weighted distance, the smallest first, and
 * σ = 1 / (mean squared distance to the 10 nearest candidates + 1e-9). So near picks count most, and dense regions are
 * spread out. Labeled items count as chosen; without any, the first pick is random, by the seed. Ties → the lowest
 * position. Weights have no effect. O(n²·d) for the densities and O(n·N·(d + N)) for the picks; n × N floats.
 *
 * Source: Yang et al. 2025 (arXiv 2502.17184) §6; code UmeanNever/NovelSum, whose density is the sum of both ends while
 * the paper takes that of the chosen one. The code computes densities among distinct vectors; here near-duplicates are
 * left out before, see `dedupeThreshold`.
 */
export const novelselectStrategy = defineStrategy({
  name: 'novelselect',
  summary: 'always the most novel one, with distances that count more in dense regions',
  source: 'Yang et al. 2025 (arXiv 2502.17184).',
  needs: { embeddings: 'instructions', llm: false },
  options: z.object({}),
  nested: () => true,
  measures: () => [],
  prompts: [],
  prepare: async ({ candidates, count, embeddings, labeled, seed, kernel, signal, onProgress }) => ({
    plan: { notes: [] },
    select: async () => {
      const random = seededRandom(seed, 'strategy', 'novelselect');
      const options = { kernel, random, labeled, signal, onProgress };
      const { order, novelty } = await novelRows(takeRows(embeddings, candidates), count, options);
      return {
        picks: Array.from(order, (row, index) => ({
          position: candidates[row]!,
          rank: index + 1,
          score: novelty[index]!,
          reason:
            index === 0 && labeled.rows === 0 ? 'Drawn at random, as the first' : 'Unlike everything chosen so far',
          strategy: 'novelselect',
          query: null,
          model: null,
          costMicroUsd: 0,
        })),
      };
    },
  }),
});

export interface NovelRowsOptions {
  readonly kernel: MatrixKernel;
  readonly random: Random;
  /** `l × d`: chosen already. */
  readonly labeled: EmbeddingMatrix;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * See `novelselectStrategy`.
 * @param x `n × d` @param count 1 … n
 * @returns distinct rows in the order picked, and the novelty of each when it was picked; 0 for a random first one
 * @throws NotEnoughError when the distances do not fit in memory
 */
export async function novelRows(
  x: EmbeddingMatrix,
  count: number,
  { kernel, random, labeled, signal, onProgress }: NovelRowsOptions,
): Promise<{ readonly order: Int32Array; readonly novelty: Float64Array }> {
  assertCount('rows', count, 0, x.rows);
  if (x.rows * (labeled.rows + count) > MOST_DISTANCES) {
    throw new NotEnoughError(
      `The strategy "novelselect" keeps the distance of every candidate to every pick, which does not fit in memory for ${x.rows} candidates and ${labeled.rows + count} picks.`,
      sentence`Lower ${option('count')}, or use the strategy "facility-location".`,
    );
  }
  const rows = directions(x);
  const chosen = directions(labeled);
  const density = await densities(rows, rows, true, { kernel, signal });
  const chosenDensity = await densities(chosen, rows, false, { kernel, signal });
  const novelties = new Novelties(rows, density, labeled.rows + count);
  for (let row = 0; row < chosen.rows; row += 1) novelties.choose(chosen, row, chosenDensity[row]!);
  const order = new Int32Array(count);
  const novelty = new Float64Array(count);
  for (let picked = 0; picked < count; picked += 1) {
    signal?.throwIfAborted();
    onProgress?.({ phase: 'choose', done: picked, total: count });
    const row = picked === 0 && chosen.rows === 0 ? random.below(x.rows) : novelties.greatest();
    order[picked] = row;
    novelty[picked] = novelties.of(row);
    novelties.take(row);
    novelties.choose(rows, row, density[row]!);
  }
  return { order, novelty };
}

/** The weighted distances of every row to what is chosen, ascending, and what they add up to. */
class Novelties {
  readonly #rows: EmbeddingMatrix;
  readonly #density: Float64Array;
  readonly #sums: Float64Array;
  readonly #taken: Uint8Array;
  readonly #most: number;
  /** `n × most` */
  readonly #sorted: Float32Array;
  #chosen = 0;

  constructor(rows: EmbeddingMatrix, density: Float64Array, most: number) {
    this.#rows = rows;
    this.#density = density;
    this.#most = most;
    this.#sums = new Float64Array(rows.rows);
    this.#taken = new Uint8Array(rows.rows);
    this.#sorted = new Float32Array(rows.rows * most);
  }

  of(row: number): number {
    return this.#sums[row]!;
  }

  greatest(): number {
    let best = -1;
    for (let row = 0; row < this.#sums.length; row += 1) {
      if (!this.#taken[row] && (best < 0 || this.#sums[row]! > this.#sums[best]!)) best = row;
    }
    return best;
  }

  take(row: number): void {
    this.#taken[row] = 1;
  }

  choose(matrix: EmbeddingMatrix, chosen: number, density: number): void {
    for (let row = 0; row < this.#rows.rows; row += 1) {
      if (this.#taken[row]) continue;
      const distance = Math.max(0, 1 - dotProduct(this.#rows, row, matrix, chosen));
      this.#sums[row] = this.#insert(row * this.#most, distance * (this.#density[row]! + density));
    }
    this.#chosen += 1;
  }

  /** @returns the sum of all, each divided by its rank. Always added in the same order, so that equal rows stay equal. */
  #insert(first: number, distance: number): number {
    const sorted = this.#sorted;
    let place = first + this.#chosen;
    for (; place > first && sorted[place - 1]! > distance; place -= 1) sorted[place] = sorted[place - 1]!;
    sorted[place] = distance;
    let sum = 0;
    for (let rank = 0; rank <= this.#chosen; rank += 1) sum += sorted[first + rank]! / (rank + 1);
    return sum;
  }
}

/** σ^½ of each row: see `novelselectStrategy`. @param isAmong whether the rows are those of `among`: none is its own neighbour */
async function densities(
  x: EmbeddingMatrix,
  among: EmbeddingMatrix,
  isAmong: boolean,
  { kernel, signal }: Pick<NovelRowsOptions, 'kernel' | 'signal'>,
): Promise<Float64Array> {
  const k = Math.min(NEIGHBOURS, among.rows - (isAmong ? 1 : 0));
  const except = isAmong ? { except: (row: number) => row } : {};
  const { distances } = await nearestRows(x, among, k, { kernel, signal, ...except });
  return Float64Array.from({ length: x.rows }, (_, row) => {
    const squares = distances.subarray(row * k, (row + 1) * k).map((distance) => distance ** 2);
    const mean = squares.reduce((sum, square) => sum + square, 0) / Math.max(1, k);
    return (mean + REGULARIZER) ** -DENSITY_POWER;
  });
}

function directions(x: EmbeddingMatrix): EmbeddingMatrix {
  if (x.rows === 0) return rowsIn(x, { start: 0, rows: 0 });
  const everyRow = Int32Array.from({ length: x.rows }, (_, row) => row);
  return unitRows(x, everyRow, squaredNorms(x));
}
