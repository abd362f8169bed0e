import { seededRandom } from './random.ts';
import { sumOfProducts } from './sum-of-products.ts';

/** Steps of inverse iteration for each vector: the first finds it, the second brings it to full precision. */
export const INVERSE_ITERATIONS = 2;

/** A symmetric tridiagonal matrix. */
export class TridiagonalSpectrum {
  /** The largest sum of a row, which no eigenvalue exceeds. */
  readonly norm: number;
  readonly #diagonal: Float64Array;
  readonly #beside: Float64Array;
  readonly #smallest: number;

  constructor(diagonal: Float64Array, beside: Float64Array) {
    this.#diagonal = diagonal;
    this.#beside = beside;
    let norm = 0;
    for (let i = 0; i < diagonal.length; i += 1) {
      norm = Math.max(norm, Math.abs(diagonal[i]!) + Math.abs(beside[i]!) + Math.abs(beside[i - 1] ?? 0));
    }
    this.norm = norm;
    this.#smallest = Math.max(norm * Number.EPSILON * Number.EPSILON, Number.MIN_VALUE);
  }

  /** The eigenvalue that `rank` others are not below. @param below an upper bound */
  largest(rank: number, below = this.norm): number {
    let low = -this.norm;
    let high = below;
    for (;;) {
      const middle = (low + high) / 2;
      if (middle <= low || middle >= high || high - low <= Number.EPSILON * this.norm * 0.25) return middle;
      if (this.#countAbove(middle) > rank) low = middle;
      else high = middle;
    }
  }

  /** How many eigenvalues are above x, by the signs of a factorization. */
  #countAbove(x: number): number {
    const diagonal = this.#diagonal;
    const beside = this.#beside;
    let count = 0;
    let pivot = 1;
    for (let i = 0; i < diagonal.length; i += 1) {
      const other = i === 0 ? 0 : beside[i - 1]!;
      pivot = diagonal[i]! - x - (other * other) / pivot;
      if (Math.abs(pivot) < this.#smallest) pivot = -this.#smallest;
      if (pivot > 0) count += 1;
    }
    return count;
  }

  /** Writes the unit vector of an eigenvalue as row `index`, orthogonal to the rows from `first` on. */
  vector(value: number, index: number, vectors: Float64Array, first: number): void {
    const n = this.#diagonal.length;
    const own = vectors.subarray(index * n, (index + 1) * n);
    const random = seededRandom(index, 'eigenvectors');
    for (let i = 0; i < n; i += 1) own[i] = random.float() - 0.5;
    const solver = new ShiftedSolver(
      this.#diagonal,
      this.#beside,
      value,
      Math.max(this.norm * Number.EPSILON, this.#smallest),
    );
    for (let iteration = 0; iteration < INVERSE_ITERATIONS; iteration += 1) {
      solver.solve(own);
      toUnitLength(own);
      // Twice at the end: once leaves what rounding brought in.
      for (let pass = 0; pass <= iteration; pass += 1) {
        for (let other = first; other < index; other += 1)
          removePart(own, vectors.subarray(other * n, (other + 1) * n));
      }
      toUnitLength(own);
    }
  }
}

function removePart(vector: Float64Array, unit: Float64Array): void {
  const product = sumOfProducts(vector, 0, unit, 0, vector.length);
  for (let i = 0; i < vector.length; i += 1) vector[i]! -= product * unit[i]!;
}

function toUnitLength(vector: Float64Array): void {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  let squares = 0;
  for (let i = 0; i < vector.length; i += 1) {
    vector[i]! /= largest;
    squares += vector[i]! * vector[i]!;
  }
  const length = Math.sqrt(squares);
  for (let i = 0; i < vector.length; i += 1) vector[i]! /= length;
}

/** Solves (T − λ)·x = b by elimination with row exchanges; pivots of 0 become `smallest`. */
class ShiftedSolver {
  /** Of each row of the upper triangle the diagonal and the two values beside it. */
  readonly #pivots: Float64Array;
  readonly #next: Float64Array;
  readonly #afterNext: Float64Array;
  readonly #factors: Float64Array;
  readonly #exchanged: Uint8Array;

  constructor(diagonal: Float64Array, beside: Float64Array, value: number, smallest: number) {
    const n = diagonal.length;
    this.#pivots = new Float64Array(n);
    this.#next = new Float64Array(n);
    this.#afterNext = new Float64Array(n);
    this.#factors = new Float64Array(n);
    this.#exchanged = new Uint8Array(n);
    let pivot = diagonal[0]! - value;
    let right = n > 1 ? beside[0]! : 0;
    for (let i = 0; i < n - 1; i += 1) {
      const below = beside[i]!;
      const nextDiagonal = diagonal[i + 1]! - value;
      const nextBeside = i + 2 < n ? beside[i + 1]! : 0;
      if (Math.abs(pivot) >= Math.abs(below)) {
        if (pivot === 0) pivot = smallest;
        const factor = below / pivot;
        this.#keep(i, pivot, right, 0, factor, 0);
        pivot = nextDiagonal - factor * right;
        right = nextBeside;
      } else {
        const factor = pivot / below;
        this.#keep(i, below, nextDiagonal, nextBeside, factor, 1);
        pivot = right - factor * nextDiagonal;
        right = -factor * nextBeside;
      }
    }
    this.#keep(n - 1, Math.abs(pivot) < smallest ? smallest : pivot, 0, 0, 0, 0);
  }

  #keep(row: number, pivot: number, next: number, afterNext: number, factor: number, exchanged: 0 | 1): void {
    this.#pivots[row] = pivot;
    this.#next[row] = next;
    this.#afterNext[row] = afterNext;
    this.#factors[row] = factor;
    this.#exchanged[row] = exchanged;
  }

  /** In place. */
  solve(b: Float64Array): void {
    const n = b.length;
    for (let i = 0; i < n - 1; i += 1) {
      if (this.#exchanged[i] === 1) [b[i], b[i + 1]] = [b[i + 1]!, b[i]!];
      b[i + 1]! -= this.#factors[i]! * b[i]!;
    }
    for (let i = n - 1; i >= 0; i -= 1) {
      const rest = this.#next[i]! * (b[i + 1] ?? 0) + this.#afterNext[i]! * (b[i + 2] ?? 0);
      b[i] = (b[i]! - rest) / this.#pivots[i]!;
    }
  }
}
