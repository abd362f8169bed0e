import { cutIntoShards, cutRows, inProcessExecutor, type RowRange, type ShardExecutor } from '../engine/shards.ts';
import { type EmbeddingMatrix, rowsIn } from './embedding-matrix.ts';
import { javascriptKernel } from './javascript-kernel.ts';
import type { MatrixKernel } from './matrix-kernel.ts';
import { largestEigenpairs } from './symmetric-eigen.ts';

/** Rows of one float32 product of the covariance: few enough that its sums lose next to nothing. */
const BLOCK_ROWS = 1_024;
/** Shards with fewer rows are multiplied by plain loops: the native kernel would sum a thread's only row in another order. */
const FEWEST_KERNEL_ROWS = 1_024;
/** A component with a smaller share of the variance is rounding. */
const SMALLEST_SHARE = 2 ** -20;
const DEFAULT_KEEP = 0.95;

export interface PcaOptions {
  readonly kernel: MatrixKernel;
  /** The share of the variance to keep, inside (0, 1). Default: 0.95. */
  readonly keep?: number;
  readonly executor?: ShardExecutor;
  readonly signal?: AbortSignal;
}

export interface PrincipalComponents {
  /** `n × c`: each row seen along the components, the widest first; the mean of every column is 0. */
  readonly scores: EmbeddingMatrix;
  /** c, at least 1. */
  readonly components: number;
  /** Length c: each component's share of the variance, falling; their sum is above `keep`. 0 where all rows are equal. */
  readonly explainedShares: Float64Array;
}

/**
 * Principal components: the fewest whose variances add up to more than `keep` of the whole, as scikit-learn
 * counts them (`PCA(n_components=0.95, svd_solver='full')`). Rows are centred, not scaled.
 *
 * Eigenvectors of the covariance; with fewer rows than columns, of the rows' products instead, which say
 * the same. Components below a millionth of the variance are rounding and never kept, even where `keep` is
 * not reached without them. Where all rows are equal, as with one row: one component, all zeros.
 * Signs: the loading of largest size is positive, the first of equals. (scikit-learn's signs may differ;
 * distances do not.)
 *
 * Deterministic for one kernel and any number of threads or workers; another kernel differs in the
 * last bits. O(n·d² + n·d·c + min(n, d)³): at 50,000 × 384 about 2 s. Memory: n·d float32 more.
 * Source: scikit-learn, sklearn.decomposition.PCA; the reduction CaR does before clustering (arXiv 2402.18191).
 * @param x `n × d`, n and d at least 1
 * @throws RangeError when there is nothing to reduce, `keep` is out of range or a value is no number
 */
export async function pca(x: EmbeddingMatrix, options: PcaOptions): Promise<PrincipalComponents> {
  const { kernel, keep = DEFAULT_KEEP, executor = inProcessExecutor, signal } = options;
  if (!(keep > 0 && keep < 1)) throw new RangeError(`PCA keeps a share between 0 and 1 of the variance, not ${keep}.`);
  if (x.data.length === 0) throw new RangeError(`A ${x.rows} × ${x.columns} matrix has no principal components.`);
  const shards = cutIntoShards(x.rows);
  const centred = await centre(x, shards, executor);
  const narrow = x.rows < x.columns;
  const products = narrow
    ? Float64Array.from(await kernel.multiply(centred, centred))
    : await columnProducts(centred, shards, { kernel, executor, signal });
  const size = narrow ? x.rows : x.columns;
  const total = trace(products, size);
  if (!Number.isFinite(total)) {
    throw new RangeError('PCA needs finite values whose squares are finite: some embedding holds NaN or is too large.');
  }
  if (total === 0) return noVariance(x.rows);

  signal?.throwIfAborted();
  const { shares, vectors } = await decompose(products, { size, total, keep, signal });
  const components = countComponents(shares, keep);
  const kept = rowsIn(vectors, { start: 0, rows: components });
  // Plain loops here too: the kept ones may be few.
  const loadings = narrow
    ? toUnitLoadings(kept, await javascriptKernel.multiply(kept, transpose(centred)), x.columns)
    : kept;
  orient(loadings);
  const data = new Float32Array(x.rows * components);
  await executor.map(shards, async (shard) => {
    signal?.throwIfAborted();
    const scoring = shard.rows < FEWEST_KERNEL_ROWS ? javascriptKernel : kernel;
    data.set(await scoring.multiply(rowsIn(centred, shard), loadings), shard.start * components);
  });
  return {
    scores: { data, rows: x.rows, columns: components },
    components,
    explainedShares: shares.slice(0, components),
  };
}

/** All rows minus their mean, which is summed in double precision. */
async function centre(
  x: EmbeddingMatrix,
  shards: readonly RowRange[],
  executor: ShardExecutor,
): Promise<EmbeddingMatrix> {
  const { columns } = x;
  const sums = await executor.map(shards, (shard) => {
    const sum = new Float64Array(columns);
    const { data, rows } = rowsIn(x, shard);
    for (let row = 0; row < rows; row += 1) {
      for (let i = 0; i < columns; i += 1) sum[i]! += data[row * columns + i]!;
    }
    return sum;
  });
  const mean = addInOrder(sums).map((sum) => sum / x.rows);
  const data = new Float32Array(x.data.length);
  await executor.map(shards, ({ start, rows }) => {
    for (let row = start; row < start + rows; row += 1) {
      for (let i = 0; i < columns; i += 1) data[row * columns + i] = x.data[row * columns + i]! - mean[i]!;
    }
  });
  return { data, rows: x.rows, columns };
}

/** Xᵀ X: `d × d`. Blocks of rows go through the kernel, their sums are added in double precision. */
async function columnProducts(
  x: EmbeddingMatrix,
  shards: readonly RowRange[],
  { kernel, executor, signal }: { kernel: MatrixKernel; executor: ShardExecutor; signal: AbortSignal | undefined },
): Promise<Float64Array> {
  const sums = await executor.map(shards, async (shard) => {
    const rows = rowsIn(x, shard);
    const sum = new Float64Array(x.columns ** 2);
    for (const block of cutRows(shard.rows, BLOCK_ROWS)) {
      signal?.throwIfAborted();
      const transposed = transpose(rowsIn(rows, block));
      const products = await kernel.multiply(transposed, transposed);
      for (let i = 0; i < sum.length; i += 1) sum[i]! += products[i]!;
    }
    return sum;
  });
  return addInOrder(sums);
}

function addInOrder([first, ...rest]: readonly Float64Array[]): Float64Array {
  const sum = Float64Array.from(first!);
  for (const other of rest) for (let i = 0; i < sum.length; i += 1) sum[i]! += other[i]!;
  return sum;
}

function transpose({ data, rows, columns }: EmbeddingMatrix): EmbeddingMatrix {
  const transposed = new Float32Array(data.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      transposed[column * rows + row] = data[row * columns + column]!;
    }
  }
  return { data: transposed, rows: columns, columns: rows };
}

function trace(square: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i += 1) sum += square[i * size + i]!;
  return sum;
}

function noVariance(rows: number): PrincipalComponents {
  const scores = { data: new Float32Array(rows), rows, columns: 1 };
  return { scores, components: 1, explainedShares: new Float64Array(1) };
}

/** Eigenvalues as shares of the trace, falling, and eigenvectors as rows in the same order: what `keep` needs, and at most one more. */
async function decompose(
  products: Float64Array,
  { size, total, keep, signal }: { size: number; total: number; keep: number; signal: AbortSignal | undefined },
): Promise<{ shares: Float64Array; vectors: EmbeddingMatrix }> {
  let kept = 0;
  const enough = (_: number, last: number) => {
    kept += last;
    return kept > keep || last <= SMALLEST_SHARE;
  };
  const { values, vectors } = await largestEigenpairs(
    products.map((value) => value / total),
    size,
    enough,
    signal,
  );
  return {
    shares: values,
    vectors: { data: Float32Array.from(vectors), rows: values.length, columns: size },
  };
}

function countComponents(shares: Float64Array, keep: number): number {
  let kept = 0;
  let components = 0;
  while (components < shares.length && kept <= keep && shares[components]! > SMALLEST_SHARE) {
    kept += shares[components]!;
    components += 1;
  }
  return components;
}

/** A vector u over the rows belongs to the loadings Xᵀu, but for their length. */
function toUnitLoadings({ rows }: EmbeddingMatrix, products: Float32Array, columns: number): EmbeddingMatrix {
  const loadings = { data: products, rows, columns };
  for (const range of cutRows(rows, 1)) {
    const { data } = rowsIn(loadings, range);
    const length = Math.sqrt(data.reduce((sum, value) => sum + value ** 2, 0));
    for (let i = 0; i < columns; i += 1) data[i]! /= length;
  }
  return loadings;
}

/** Turns each row so that its value of largest size is positive. */
function orient(loadings: EmbeddingMatrix): void {
  for (const range of cutRows(loadings.rows, 1)) {
    const { data } = rowsIn(loadings, range);
    const largest = data.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    if (largest < 0) for (let i = 0; i < data.length; i += 1) data[i] = -data[i]!;
  }
}
