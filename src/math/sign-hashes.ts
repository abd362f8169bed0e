import { type EmbeddingMatrix, embeddingMatrix } from './embedding-matrix.ts';
import type { MatrixKernel } from './matrix-kernel.ts';
import type { Random } from './random.ts';

const MOST_TABLES = 40;
const MOST_BITS = 20;
const FEWEST_BITS = 14;

export interface SignHashPlan {
  /** Of a hash, in [14, 20]. */
  readonly bits: number;
  /** Hashes of a row, at most 40. */
  readonly tables: number;
}

/**
 * How many hashes of how many bits miss a pair at the threshold with a probability of `miss` at most. The signs of two
 * rows' products with a random direction are equal with probability 1 − θ/π, θ the angle between them, so all bits of a
 * hash are with the power of that, and pairs above the threshold are missed less often than those at it.
 * Source: Charikar, "Similarity estimation techniques from rounding algorithms", 2002, section 3.
 * @param cosine of the threshold
 * @returns undefined where too many hashes would be needed: below about .93 for a miss of .001
 */
export function planSignHashes(cosine: number, miss: number): SignHashPlan | undefined {
  const equal = 1 - Math.acos(Math.min(1, cosine)) / Math.PI;
  for (let bits = MOST_BITS; bits >= FEWEST_BITS; bits -= 1) {
    const tables = equal === 1 ? 1 : Math.ceil(Math.log(miss) / Math.log(1 - equal ** bits));
    if (tables <= MOST_TABLES) return { bits, tables };
  }
  return undefined;
}

/**
 * Rows filed by the signs of their products with random directions, to find those that point the same way without
 * looking at all. Memory: 4 · tables · (2^bits + rows) bytes.
 */
export class SignHashes {
  readonly #plan: SignHashPlan;
  readonly #directions: EmbeddingMatrix;
  /** Per table and hash the last row filed under it, plus 1; then per table and row the one filed before. */
  readonly #last: Int32Array;
  readonly #before: Int32Array;
  /** Per row the last row it was found for. */
  readonly #foundFor: Int32Array;
  readonly #rows: number;

  constructor(plan: SignHashPlan, { rows, columns }: Pick<EmbeddingMatrix, 'rows' | 'columns'>, random: Random) {
    this.#plan = plan;
    this.#rows = rows;
    const directions = Float32Array.from({ length: plan.bits * plan.tables * columns }, () => normal(random));
    this.#directions = embeddingMatrix(directions, plan.bits * plan.tables, columns);
    this.#last = new Int32Array(plan.tables * 2 ** plan.bits);
    this.#before = new Int32Array(plan.tables * rows);
    this.#foundFor = new Int32Array(rows).fill(-1);
  }

  /** The hashes of rows: `n × tables`. */
  async hash(x: EmbeddingMatrix, kernel: MatrixKernel): Promise<Uint32Array> {
    const { bits, tables } = this.#plan;
    const products = await kernel.multiply(x, this.#directions);
    return Uint32Array.from({ length: x.rows * tables }, (_, at) => {
      let hash = 0;
      for (let bit = 0; bit < bits; bit += 1) hash = (hash << 1) | (products[at * bits + bit]! > 0 ? 1 : 0);
      return hash;
    });
  }

  /** Files a row under its hashes. @param hashes length tables */
  add(row: number, hashes: Uint32Array): void {
    for (const [table, hash] of hashes.entries()) {
      const slot = (table << this.#plan.bits) | hash;
      this.#before[table * this.#rows + row] = this.#last[slot]!;
      this.#last[slot] = row + 1;
    }
  }

  /** Hands out each filed row that has a hash in common with this one, once. @param hashes length tables */
  forEachAlike(row: number, hashes: Uint32Array, visit: (other: number) => void): void {
    for (const [table, hash] of hashes.entries()) {
      let next = this.#last[(table << this.#plan.bits) | hash]!;
      while (next > 0) {
        const other = next - 1;
        if (this.#foundFor[other] !== row) visit(other);
        this.#foundFor[other] = row;
        next = this.#before[table * this.#rows + other]!;
      }
    }
  }
}

/** Box–Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
}
