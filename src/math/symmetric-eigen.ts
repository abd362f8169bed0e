import { setImmediate } from 'node:timers/promises';
import { cutRows } from '../engine/shards.ts';
import { sumOfProducts } from './sum-of-products.ts';
import { INVERSE_ITERATIONS, TridiagonalSpectrum } from './tridiagonal-spectrum.ts';

/** Elements worked on between two turns of the event loop, about 20 ms of them. */
const ELEMENTS_PER_TURN = 2 ** 24;
/** Eigenvalues nearer to each other than this part of the norm have vectors that are made orthogonal. */
const CLOSE = 1e-3;
/** Vectors that a reflection is applied to while it is near the processor. */
const VECTORS_AT_A_TIME = 8;

export interface Eigenpairs {
  /** Falling. */
  readonly values: Float64Array;
  /** `values.length × size`, row-major: unit vectors, orthogonal to each other. */
  readonly vectors: Float64Array;
}

/**
 * The largest eigenvalues of a symmetric matrix and their vectors, as many as are needed. Householder reflections make it
 * tridiagonal, bisection finds its eigenvalues, inverse iteration their vectors. Where c of n are needed, that is
 * some 4n³/3 + 2n²·c + 3n·c² operations, all in double precision, with turns of the event loop in between.
 * Source: Golub & Van Loan, Matrix Computations, 4th ed., sections 8.3.1, 8.4.1 and 8.2.2.
 * @param matrix `size × size`, of which the lower triangle is read; overwritten. Not all zeros, and neither huge nor tiny
 * @param enough is told how many eigenvalues were found, and the last one: whether no more are needed
 */
export async function largestEigenpairs(
  matrix: Float64Array,
  size: number,
  enough: (found: number, last: number) => boolean,
  signal?: AbortSignal,
): Promise<Eigenpairs> {
  const turn = new Turns(signal);
  const { diagonal, beside, factors } = await tridiagonalize(matrix, size, turn);
  const spectrum = new TridiagonalSpectrum(diagonal, beside);
  const values: number[] = [];
  while (values.length < size && !(values.length > 0 && enough(values.length, values.at(-1)!))) {
    values.push(spectrum.largest(values.length, values.at(-1)));
    await turn.took(64 * size);
  }
  const vectors = new Float64Array(values.length * size);
  for (const [index, value] of values.entries()) {
    let first = index;
    while (first > 0 && values[first - 1]! - values[first]! <= CLOSE * spectrum.norm) first -= 1;
    spectrum.vector(value, index, vectors, first);
    await turn.took(INVERSE_ITERATIONS * (index - first + 8) * size);
  }
  for (const { start, rows } of cutRows(values.length, VECTORS_AT_A_TIME)) {
    reflectBack(vectors.subarray(start * size, (start + rows) * size), matrix, factors);
    await turn.took(rows * size * size);
  }
  return { values: Float64Array.from(values), vectors };
}

/** Lets other work have its turn. */
class Turns {
  readonly #signal: AbortSignal | undefined;
  #elements = 0;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  async took(elements: number): Promise<void> {
    this.#elements += elements;
    if (this.#elements < ELEMENTS_PER_TURN) return;
    this.#elements = 0;
    await setImmediate();
    this.#signal?.throwIfAborted();
  }
}

/** Works on the lower triangle. Row k keeps, right of the diagonal, the vector of the k-th reflection. */
async function tridiagonalize(a: Float64Array, n: number, turn: Turns) {
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  const factors = new Float64Array(n);
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n; k += 1) {
    diagonal[k] = a[k * n + k]!;
    if (k === n - 1) break;
    let squares = 0;
    for (let i = k + 1; i < n; i += 1) {
      v[i] = a[i * n + k]!;
      squares += v[i]! * v[i]!;
    }
    const length = v[k + 1]! > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
    beside[k] = length;
    const norm = squares - length * v[k + 1]!;
    v[k + 1]! -= length;
    const factor = norm === 0 ? 0 : 1 / norm;
    factors[k] = factor;
    a.set(v.subarray(k + 1), k * n + k + 1);
    if (factor === 0) continue;
    multiplyLower(a, n, k + 1, v, w);
    let product = 0;
    for (let i = k + 1; i < n; i += 1) {
      w[i]! *= factor;
      product += v[i]! * w[i]!;
    }
    for (let i = k + 1; i < n; i += 1) w[i]! -= 0.5 * factor * product * v[i]!;
    subtractOuter(a, n, k + 1, v, w);
    await turn.took((n - k) ** 2);
  }
  return { diagonal, beside, factors };
}

/** result = A·v, for the rows and columns from `start` on. */
function multiplyLower(a: Float64Array, n: number, start: number, v: Float64Array, result: Float64Array): void {
  result.fill(0, start);
  for (let i = start; i < n; i += 1) {
    const row = i * n;
    const value = v[i]!;
    // Two sums, for one alone would wait for itself at every step.
    let sum = a[row + i]! * value;
    let otherSum = 0;
    let j = start;
    for (; j < i - 1; j += 2) {
      const element = a[row + j]!;
      const other = a[row + j + 1]!;
      sum += element * v[j]!;
      otherSum += other * v[j + 1]!;
      result[j]! += element * value;
      result[j + 1]! += other * value;
    }
    if (j < i) {
      sum += a[row + j]! * v[j]!;
      result[j]! += a[row + j]! * value;
    }
    result[i]! += sum + otherSum;
  }
}

/** A −= v·wᵀ + w·vᵀ, for the rows and columns from `start` on. */
function subtractOuter(a: Float64Array, n: number, start: number, v: Float64Array, w: Float64Array): void {
  for (let i = start; i < n; i += 1) {
    const row = i * n;
    const vi = v[i]!;
    const wi = w[i]!;
    for (let j = start; j <= i; j += 1) a[row + j]! -= vi * w[j]! + wi * v[j]!;
  }
}

/** From vectors of the tridiagonal matrix, one after the other, to those of the matrix it was made of. */
function reflectBack(vectors: Float64Array, a: Float64Array, factors: Float64Array): void {
  const n = factors.length;
  for (let k = n - 2; k >= 0; k -= 1) {
    const factor = factors[k]!;
    if (factor === 0) continue;
    const row = k * n + k + 1;
    for (let own = k + 1; own < vectors.length; own += n) {
      const product = factor * sumOfProducts(a, row, vectors, own, n - k - 1);
      for (let i = 0; i < n - k - 1; i += 1) vectors[own + i]! -= product * a[row + i]!;
    }
  }
}
