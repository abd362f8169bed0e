import { cutRows } from '../engine/shards.ts';
import { type EmbeddingMatrix, rowsIn, takeRows } from './embedding-matrix.ts';
import { productErrorBound, squaredDistance, squaredNorms } from './exact-distance.ts';
import type { MatrixKernel } from './matrix-kernel.ts';

/** Entries of all rankings together: 128 MB. With more rows × centres the rankings are made piece by piece. */
const RANKED_ENTRIES = 2 ** 24;
/** Products held while rankings are made: 32 MB. */
const PRODUCTS_AT_A_TIME = 2 ** 23;
/** A ranking entry is one double: the distance in `DISTANCE_STEPS` steps above, the row below. */
const ROW_FACTOR = 2 ** 29;
const DISTANCE_STEPS = 2 ** 23;

export interface ClaimNearestOptions {
  readonly kernel: MatrixKernel;
  /** For tests: see `RANKED_ENTRIES`. */
  readonly rankedEntries?: number;
}

/**
 * Shares rows out evenly: in each round every centre, in order 0..k−1, claims the row nearest to it
 * (Euclidean; ties → the lowest position) that is still unclaimed, until the rounds are done or no row
 * is left. So sizes differ by at most one.
 *
 * Distances are compared in double precision, so every kernel gives the same claims.
 * O(n·k·(d + log n)) while n·k ≤ 16M; beyond that the products are made several times.
 *
 * Source: SelectLLM (arXiv 2401.16553), `get_diverse_kmeans`, which leaves ties to an unstable sort.
 * @param x `n × d`
 * @param centers `k × d`
 * @returns per centre the positions it owns, in the order it claimed them
 */
export async function claimNearest(
  x: EmbeddingMatrix,
  centers: EmbeddingMatrix,
  rounds: number,
  options: ClaimNearestOptions,
): Promise<Int32Array[]> {
  const claims = new Claims(x, centers, options);
  const owned: number[][] = Array.from({ length: centers.rows }, () => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [center, rows] of owned.entries()) {
      if (claims.rowsLeft === 0) break;
      rows.push(await claims.claim(center));
    }
  }
  return owned.map((rows) => Int32Array.from(rows));
}

/** What is still to be claimed: per centre the nearest rows by float32 products, decided by exact distances. */
class Claims {
  rowsLeft: number;
  readonly #x: EmbeddingMatrix;
  readonly #centers: EmbeddingMatrix;
  readonly #kernel: MatrixKernel;
  readonly #norms: Float64Array;
  readonly #centerNorms: Float64Array;
  readonly #claimed: Uint8Array;
  readonly #entriesPerCenter: number;
  /** Steps per unit of squared distance. */
  readonly #scale: number;
  /** Two entries farther apart than this, in steps, are certainly in the right order. */
  readonly #doubtSteps: number;
  #rankings: Ranking[] = [];

  constructor(x: EmbeddingMatrix, centers: EmbeddingMatrix, { kernel, rankedEntries }: ClaimNearestOptions) {
    this.#x = x;
    this.#centers = centers;
    this.#kernel = kernel;
    this.#norms = squaredNorms(x);
    this.#centerNorms = squaredNorms(centers);
    this.#claimed = new Uint8Array(x.rows);
    this.rowsLeft = x.rows;
    this.#entriesPerCenter = Math.max(1, Math.floor((rankedEntries ?? RANKED_ENTRIES) / Math.max(1, centers.rows)));
    const longest = Math.sqrt(largest(this.#norms));
    const longestCenter = Math.sqrt(largest(this.#centerNorms));
    const error = 2 * productErrorBound(x.columns) * longest * longestCenter;
    this.#scale = DISTANCE_STEPS / ((longest + longestCenter) ** 2 + error || 1);
    this.#doubtSteps = Math.ceil(2 * error * this.#scale) + 1;
  }

  async claim(center: number): Promise<number> {
    let row = this.#nearest(center);
    if (row === undefined) {
      await this.#rank();
      row = this.#nearest(center)!;
    }
    this.#claimed[row] = 1;
    this.rowsLeft -= 1;
    return row;
  }

  /** The nearest unclaimed row; undefined when the ranking does not reach far enough to tell. */
  #nearest(center: number): number | undefined {
    const ranking = this.#rankings[center];
    if (!ranking) return undefined;
    const { entries } = ranking;
    while (ranking.next < entries.length && this.#claimed[entries[ranking.next]! % ROW_FACTOR] === 1) ranking.next += 1;
    if (ranking.next === entries.length) return undefined;
    const lastDoubt = (Math.floor(entries[ranking.next]! / ROW_FACTOR) + this.#doubtSteps + 1) * ROW_FACTOR;
    let nearest = -1;
    let nearestDistance = Number.POSITIVE_INFINITY;
    let index = ranking.next;
    for (; index < entries.length && entries[index]! < lastDoubt; index += 1) {
      const row = entries[index]! % ROW_FACTOR;
      if (this.#claimed[row] === 1) continue;
      const distance = squaredDistance(this.#x, row, this.#centers, center);
      if (distance < nearestDistance || (distance === nearestDistance && row < nearest)) {
        nearest = row;
        nearestDistance = distance;
      }
    }
    return index === entries.length && !ranking.complete ? undefined : nearest;
  }

  /** Ranks the unclaimed rows again for every centre. */
  async #rank(): Promise<void> {
    this.#rankings = [];
    const unclaimed = this.#unclaimedRows();
    const rows = unclaimed.length === this.#x.rows ? this.#x : takeRows(this.#x, unclaimed);
    const centersAtATime = Math.max(1, Math.floor(PRODUCTS_AT_A_TIME / rows.rows));
    for (const range of cutRows(this.#centers.rows, centersAtATime)) {
      const products = await this.#kernel.multiply(rows, rowsIn(this.#centers, range));
      for (let index = 0; index < range.rows; index += 1) {
        const centerNorm = this.#centerNorms[range.start + index]!;
        const entries = Float64Array.from(unclaimed, (row, i) => {
          const estimate = this.#norms[row]! + centerNorm - 2 * products[i * range.rows + index]!;
          return Math.floor(Math.max(0, estimate) * this.#scale) * ROW_FACTOR + row;
        }).sort();
        this.#rankings.push(this.#cut(entries));
      }
    }
  }

  #unclaimedRows(): Int32Array {
    const rows = new Int32Array(this.rowsLeft);
    let found = 0;
    for (const [row, claimed] of this.#claimed.entries()) if (claimed === 0) rows[found++] = row;
    return rows;
  }

  /** Keeps as many entries as fit, and in any case all that may be the nearest. */
  #cut(entries: Float64Array): Ranking {
    const lastDoubt = (Math.floor(entries[0]! / ROW_FACTOR) + this.#doubtSteps + 1) * ROW_FACTOR;
    let length = Math.min(this.#entriesPerCenter, entries.length);
    while (length < entries.length && entries[length - 1]! < lastDoubt) length += 1;
    const complete = length === entries.length;
    return { entries: complete ? entries : entries.slice(0, length), next: 0, complete };
  }
}

interface Ranking {
  /** Ascending. */
  readonly entries: Float64Array;
  /** Everything before it is claimed. */
  next: number;
  /** Whether it has all rows that were unclaimed when it was made. */
  readonly complete: boolean;
}

function largest(values: Float64Array): number {
  return values.reduce((best, value) => Math.max(best, value), 0);
}
