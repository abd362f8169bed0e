import type { OnProgress } from '../domain/progress.ts';
import { cutRows, type RowRange } from '../engine/shards.ts';
import { type EmbeddingMatrix, rowsIn, takeRows, UNIT_TOLERANCE, unitRows } from './embedding-matrix.ts';
import { dotProduct, productErrorBound, squaredNorms } from './exact-distance.ts';
import type { MatrixKernel } from './matrix-kernel.ts';
import { seededRandom } from './random.ts';
import { planSignHashes, SignHashes } from './sign-hashes.ts';

const BLOCK_ROWS = 1_024;
/** Products of suspects held at a time: 16 MB. */
const PRODUCTS_AT_A_TIME = 2 ** 22;
/** The part of the coordinates looked at first, and the threshold from which that rules most rows out. */
const PREFIX_PART = 1 / 3;
const PREFIX_THRESHOLD = 0.8;
/** Up to so many rows every pair is looked at. */
const EXACT_ROWS = 50_000;
/** Probability that a pair at the threshold is missed among more rows. */
const MISS = 0.001;

export interface NearDuplicatesOptions {
  readonly kernel: MatrixKernel;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** Up to so many rows no pair is missed. Default 50,000. */
  readonly exactRows?: number;
}

/**
 * Groups rows that nearly repeat each other. Walks the rows in order; a row joins the first earlier
 * representative whose cosine with it reaches the threshold, or becomes a representative itself. Only
 * representatives are compared with, so a group never drifts away from its leader by chaining.
 *
 * Rows of any length are compared by direction. A row of zeros has none: it stays alone.
 * The cosine that decides is computed in double precision, so every kernel gives the same groups, and
 * equal rows have exactly 1. At most O(n²·d), a third of that or less at high thresholds: first only a part p of the
 * coordinates is multiplied, with the length of the rest as one more coordinate, for
 * x·y ≤ xₚ·yₚ + |xᵣ||yᵣ| (Cauchy–Schwarz), and rows whose bound stays below the threshold are done.
 * Nothing is missed: every comparison before the last allows for all rounding.
 *
 * Of more rows than `exactRows`, at thresholds from about 0.93, only those are compared that share one of 20 to 40 hashes of
 * signs, which takes O(n·d) and the comparisons. A pair at the threshold is missed with a probability of .001, a closer one
 * less often, equal rows never; what is joined is as exact as before.
 * @param x `n × d`
 * @param threshold cosine; above 1 nothing is grouped
 * @returns length n: the position of each row's representative, its own where it is one
 */
export async function groupNearDuplicates(
  x: EmbeddingMatrix,
  threshold: number,
  options: NearDuplicatesOptions,
): Promise<Int32Array> {
  const { signal, onProgress, exactRows = EXACT_ROWS } = options;
  const leader = Int32Array.from({ length: x.rows }, (_, row) => row);
  const search = new DuplicateSearch(x, threshold, options.kernel);
  const plan = x.rows > exactRows ? planSignHashes(threshold, MISS) : undefined;
  const hashes = plan && new SignHashes(plan, search.rows, seededRandom(0, 'near-duplicates'));
  for (const block of cutRows(search.rows.rows, BLOCK_ROWS)) {
    signal?.throwIfAborted();
    onProgress?.({ phase: 'group', done: search.positions[block.start]!, total: x.rows });
    if (hashes) await search.joinByHashes(block, hashes, leader);
    else {
      await search.joinEarlierBlocks(block, leader);
      await search.joinWithinBlock(block, leader);
    }
  }
  onProgress?.({ phase: 'group', done: x.rows, total: x.rows });
  return leader;
}

/** Works on the rows that are not zero, as unit vectors; `positions` leads back to the rows of `x`. */
class DuplicateSearch {
  readonly rows: EmbeddingMatrix;
  readonly positions: Int32Array;
  readonly #x: EmbeddingMatrix;
  readonly #norms: Float64Array;
  readonly #threshold: number;
  readonly #kernel: MatrixKernel;
  /** Ever wider views of the rows in which distances never exceed the true ones. The last is the rows themselves. */
  readonly #views: readonly EmbeddingMatrix[];
  readonly #productDoubt: number;

  constructor(x: EmbeddingMatrix, threshold: number, kernel: MatrixKernel) {
    this.#x = x;
    this.#threshold = threshold;
    this.#kernel = kernel;
    this.#norms = squaredNorms(x);
    this.positions = Int32Array.from([...this.#norms.keys()].filter((row) => this.#norms[row]! > 0));
    this.rows = unitRows(x, this.positions, this.#norms);
    this.#views = threshold >= PREFIX_THRESHOLD ? [prefixWithRest(this.rows), this.rows] : [this.rows];
    this.#productDoubt = productErrorBound(x.columns) + 10 * UNIT_TOLERANCE;
  }

  /** Rows of the block that repeat a representative before the block. */
  async joinEarlierBlocks(block: RowRange, leader: Int32Array): Promise<void> {
    if (block.start === 0) return;
    const earlier = { start: 0, rows: block.start };
    let suspects = Array.from({ length: block.rows }, (_, i) => block.start + i);
    for (const view of this.#views) suspects = await this.#closeTo(view, earlier, suspects);

    const representatives = rowsIn(this.rows, earlier);
    for (const range of cutRows(suspects.length, Math.ceil(PRODUCTS_AT_A_TIME / earlier.rows))) {
      const some = suspects.slice(range.start, range.start + range.rows);
      const products = await this.#kernel.multiply(takeRows(this.rows, some), representatives);
      for (const [i, row] of some.entries()) {
        this.#join(row, earlier, products.subarray(i * earlier.rows, (i + 1) * earlier.rows), leader);
      }
    }
  }

  /** Rows of the block that repeat a representative inside the block. */
  async joinWithinBlock(block: RowRange, leader: Int32Array): Promise<void> {
    const rows = rowsIn(this.rows, block);
    const products = await this.#kernel.multiply(rows, rows);
    for (let i = 0; i < block.rows; i += 1) {
      const row = block.start + i;
      if (!this.#isRepresentative(row, leader)) continue;
      this.#join(row, { start: block.start, rows: i }, products.subarray(i * block.rows, i * block.rows + i), leader);
    }
  }

  /** Rows of the block that repeat an earlier representative with a hash in common. */
  async joinByHashes(block: RowRange, hashes: SignHashes, leader: Int32Array): Promise<void> {
    const found = await hashes.hash(rowsIn(this.rows, block), this.#kernel);
    const tables = found.length / block.rows;
    const [narrow] = this.#views;
    const least = this.#threshold - this.#productDoubt;
    for (let i = 0; i < block.rows; i += 1) {
      const row = block.start + i;
      const own = found.subarray(i * tables, (i + 1) * tables);
      let first = row;
      hashes.forEachAlike(row, own, (other) => {
        if (
          other < first &&
          dotProduct(narrow!, row, narrow!, other) >= least &&
          this.#cosine(row, other) >= this.#threshold
        )
          first = other;
      });
      if (first === row) hashes.add(row, own);
      else leader[this.positions[row]!] = this.positions[first]!;
    }
  }

  /** The suspects that may reach the threshold with one of the earlier rows, judged by a view. */
  async #closeTo(view: EmbeddingMatrix, earlier: RowRange, suspects: number[]): Promise<number[]> {
    if (suspects.length === 0) return suspects;
    const { squaredDistance } = await this.#kernel.nearest(takeRows(view, suspects), rowsIn(view, earlier));
    // Of unit vectors |x − y|² = 2 − 2x·y. The kernel may take one for the nearest that is not, by its rounding.
    const limit = 2 - 2 * this.#threshold + 4 * productErrorBound(view.columns) + 20 * UNIT_TOLERANCE;
    return suspects.filter((_, i) => squaredDistance[i]! <= limit);
  }

  #join(row: number, candidates: RowRange, products: Float32Array, leader: Int32Array): void {
    const least = this.#threshold - this.#productDoubt;
    for (let i = 0; i < candidates.rows; i += 1) {
      if (products[i]! < least) continue;
      const candidate = candidates.start + i;
      if (!this.#isRepresentative(candidate, leader) || this.#cosine(row, candidate) < this.#threshold) continue;
      leader[this.positions[row]!] = this.positions[candidate]!;
      return;
    }
  }

  #isRepresentative(row: number, leader: Int32Array): boolean {
    const position = this.positions[row]!;
    return leader[position] === position;
  }

  #cosine(row: number, other: number): number {
    const i = this.positions[row]!;
    const j = this.positions[other]!;
    return dotProduct(this.#x, i, this.#x, j) / Math.sqrt(this.#norms[i]! * this.#norms[j]!);
  }
}

/** The first coordinates of every row, and the length of the others. */
function prefixWithRest(rows: EmbeddingMatrix): EmbeddingMatrix {
  const prefix = Math.ceil(rows.columns * PREFIX_PART);
  const columns = prefix + 1;
  const data = new Float32Array(rows.rows * columns);
  for (let row = 0; row < rows.rows; row += 1) {
    const start = row * rows.columns;
    data.set(rows.data.subarray(start, start + prefix), row * columns);
    let rest = 0;
    for (let i = start + prefix; i < start + rows.columns; i += 1) rest += rows.data[i]! ** 2;
    data[row * columns + prefix] = Math.sqrt(rest);
  }
  return { data, rows: rows.rows, columns };
}
