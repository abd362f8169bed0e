import { setImmediate } from 'node:timers/promises';
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { cutRows, type RowRange } from '../engine/shards.ts';
import { assertComparable, type EmbeddingMatrix, rowsIn } from './embedding-matrix.ts';
import { squaredDistance, squaredNorms } from './exact-distance.ts';
import type { MatrixKernel, NearestCenters, ProductTarget } from './matrix-kernel.ts';
import { encodeOnnxModel, type OnnxGraph } from './onnx-model.ts';
import { createOnnxSession, type OnnxRuntime, type OnnxSessionOptions } from './onnx-runtime.ts';

const OPERATOR_SET = 17;
/** `int32` as the Cast operator names it (TensorProto.DataType). */
const INT32 = 6;
/** Products one run makes: 8 MB of them stay near the processor for ArgMax, and the event loop waits some 5 ms. */
const PRODUCTS_PER_RUN = 2 ** 21;
/** The same where several operators go over the products one after the other. */
const PRODUCTS_PER_SHORT_RUN = 2 ** 18;
const CENTERS_PER_RUN = 2_048;
const MAXIMUM_ROWS_PER_RUN = 65_536;

const MULTIPLY_GRAPH: OnnxGraph = {
  name: 'multiply',
  operatorSet: OPERATOR_SET,
  inputs: [
    { name: 'x', type: 'float32', dimensions: ['n', 'd'] },
    { name: 'centers', type: 'float32', dimensions: ['k', 'd'] },
  ],
  outputs: [{ name: 'products', type: 'float32', dimensions: ['n', 'k'] }],
  initializers: [],
  nodes: [{ operator: 'Gemm', inputs: ['x', 'centers'], outputs: ['products'], attributes: { transB: { int: 1 } } }],
};

const BETWEEN_GRAPH: OnnxGraph = {
  name: 'between',
  operatorSet: OPERATOR_SET,
  inputs: [
    ...MULTIPLY_GRAPH.inputs,
    { name: 'lowest', type: 'float32', dimensions: ['k'] },
    { name: 'highest', type: 'float32', dimensions: ['k'] },
    { name: 'weights', type: 'float32', dimensions: ['k', 1] },
  ],
  outputs: [...MULTIPLY_GRAPH.outputs, { name: 'sums', type: 'float32', dimensions: ['n', 1] }],
  initializers: [],
  nodes: [
    ...MULTIPLY_GRAPH.nodes,
    { operator: 'Sub', inputs: ['products', 'lowest'], outputs: ['rises'] },
    { operator: 'Relu', inputs: ['rises'], outputs: ['aboveLowest'] },
    { operator: 'Sub', inputs: ['products', 'highest'], outputs: ['excesses'] },
    { operator: 'Relu', inputs: ['excesses'], outputs: ['aboveHighest'] },
    { operator: 'Sub', inputs: ['aboveLowest', 'aboveHighest'], outputs: ['between'] },
    { operator: 'MatMul', inputs: ['between', 'weights'], outputs: ['sums'] },
  ],
};

/** |x − c|² is smallest where x·c − |c|²/2 is largest; ArgMax takes the first of equals. */
const NEAREST_GRAPH: OnnxGraph = {
  name: 'nearest',
  operatorSet: OPERATOR_SET,
  inputs: [
    { name: 'x', type: 'float32', dimensions: ['n', 'd'] },
    { name: 'centers', type: 'float32', dimensions: ['k', 'd'] },
    { name: 'minusHalfNorms', type: 'float32', dimensions: ['k'] },
  ],
  outputs: [
    { name: 'center', type: 'int32', dimensions: ['n'] },
    { name: 'score', type: 'float32', dimensions: ['n'] },
  ],
  initializers: [],
  nodes: [
    {
      operator: 'Gemm',
      inputs: ['x', 'centers', 'minusHalfNorms'],
      outputs: ['scores'],
      attributes: { transB: { int: 1 } },
    },
    {
      operator: 'ArgMax',
      inputs: ['scores'],
      outputs: ['center64'],
      attributes: { axis: { int: 1 }, keepdims: { int: 0 } },
    },
    { operator: 'Cast', inputs: ['center64'], outputs: ['center'], attributes: { to: { int: INT32 } } },
    {
      operator: 'ReduceMax',
      inputs: ['scores'],
      outputs: ['score'],
      attributes: { axes: { ints: [1] }, keepdims: { int: 0 } },
    },
  ],
};

/**
 * Products by onnxruntime, some 100 times faster than plain loops. Blocks of rows are tensors over the
 * caller's memory, results are written where they belong: nothing is copied. Each value is summed in one
 * order for any block and any number of threads, so the bits depend on neither.
 *
 * One session per graph serves all shapes, made on first use.
 */
export class OnnxKernel implements MatrixKernel {
  readonly name = 'onnxruntime';
  readonly #runtime: OnnxRuntime;
  readonly #options: OnnxSessionOptions;
  #multiplySession: Promise<InferenceSession> | undefined;
  #betweenSession: Promise<InferenceSession> | undefined;
  #nearestSession: Promise<InferenceSession> | undefined;

  constructor(runtime: OnnxRuntime, options: OnnxSessionOptions = {}) {
    this.#runtime = runtime;
    this.#options = options;
  }

  async multiply(x: EmbeddingMatrix, centers: EmbeddingMatrix): Promise<Float32Array> {
    assertComparable(x, centers);
    this.#multiplySession ??= this.#open(MULTIPLY_GRAPH);
    const session = await this.#multiplySession;
    const products = new Float32Array(x.rows * centers.rows);
    const centersTensor = this.#tensorOf(centers);
    for (const block of cutEvenly(x.rows, rowsPerRun(centers.rows))) {
      const target = rowsIn({ data: products, rows: x.rows, columns: centers.rows }, block);
      await session.run(
        { x: this.#tensorOf(rowsIn(x, block)), centers: centersTensor },
        { products: this.#tensorOf(target) },
      );
      await setImmediate();
    }
    return products;
  }

  async multiplyBetween(x: EmbeddingMatrix, centers: EmbeddingMatrix, target: ProductTarget): Promise<Float32Array> {
    assertComparable(x, centers);
    this.#betweenSession ??= this.#open(BETWEEN_GRAPH);
    const session = await this.#betweenSession;
    const columns = centers.rows;
    const { Tensor } = this.#runtime;
    const constants = {
      centers: this.#tensorOf(centers),
      lowest: new Tensor('float32', target.lowest, [columns]),
      highest: new Tensor('float32', target.highest, [columns]),
      weights: new Tensor('float32', target.weights, [columns, 1]),
    };
    const sums = new Float32Array(x.rows);
    let products = 0;
    for (const block of cutEvenly(x.rows, rowsPerRun(columns, PRODUCTS_PER_SHORT_RUN))) {
      await session.run(
        { x: this.#tensorOf(rowsIn(x, block)), ...constants },
        {
          products: this.#tensorOf(rowsIn({ data: target.products, rows: x.rows, columns }, block)),
          sums: this.#tensorOf(rowsIn({ data: sums, rows: x.rows, columns: 1 }, block)),
        },
      );
      products += block.rows * columns;
      if (products < PRODUCTS_PER_RUN) continue;
      products = 0;
      await setImmediate();
    }
    return sums;
  }

  async nearest(x: EmbeddingMatrix, centers: EmbeddingMatrix): Promise<NearestCenters> {
    assertComparable(x, centers);
    this.#nearestSession ??= this.#open(NEAREST_GRAPH);
    const session = await this.#nearestSession;
    const center = new Int32Array(x.rows);
    const score = new Float32Array(x.rows).fill(Number.NEGATIVE_INFINITY);
    const minusHalfNorms = Float32Array.from(squaredNorms(centers), (norm) => -norm / 2);
    for (const centerBlock of cutRows(centers.rows, CENTERS_PER_RUN)) {
      const { start, rows } = centerBlock;
      const someCenters = this.#tensorOf(rowsIn(centers, centerBlock));
      const someNorms = new this.#runtime.Tensor('float32', minusHalfNorms.subarray(start, start + rows), [rows]);
      for (const block of cutRows(x.rows, rowsPerRun(rows))) {
        const found = await session.run({
          x: this.#tensorOf(rowsIn(x, block)),
          centers: someCenters,
          minusHalfNorms: someNorms,
        });
        keepBest(found, start, block.start, center, score);
        await setImmediate();
      }
    }
    return { center, squaredDistance: distancesTo(x, centers, center) };
  }

  /** Frees the sessions and their threads. The kernel can be used again: that makes new ones. */
  async release(): Promise<void> {
    const sessions = [this.#multiplySession, this.#betweenSession, this.#nearestSession];
    this.#multiplySession = undefined;
    this.#betweenSession = undefined;
    this.#nearestSession = undefined;
    for (const session of sessions) await (await session)?.release();
  }

  #open(graph: OnnxGraph): Promise<InferenceSession> {
    return createOnnxSession(this.#runtime, encodeOnnxModel(graph), this.#options);
  }

  #tensorOf({ data, rows, columns }: EmbeddingMatrix): Tensor {
    return new this.#runtime.Tensor('float32', data, [rows, columns]);
  }
}

function rowsPerRun(centers: number, products = PRODUCTS_PER_RUN): number {
  return Math.min(MAXIMUM_ROWS_PER_RUN, Math.ceil(products / centers));
}

/** A last block of a few rows would be cut differently for more threads, and its products differ in their last bits. */
function cutEvenly(rows: number, most: number): RowRange[] {
  return cutRows(rows, Math.ceil(rows / Math.ceil(rows / most)));
}

/** Takes over the centres of a later block only where they are better, so that ties go to the lowest. */
function keepBest(
  found: InferenceSession.ReturnType,
  firstCenter: number,
  firstRow: number,
  center: Int32Array,
  score: Float32Array,
): void {
  const foundCenter = found.center!.data as Int32Array;
  const foundScore = found.score!.data as Float32Array;
  for (let i = 0; i < foundCenter.length; i += 1) {
    if (foundScore[i]! <= score[firstRow + i]!) continue;
    score[firstRow + i] = foundScore[i]!;
    center[firstRow + i] = firstCenter + foundCenter[i]!;
  }
}

/** From the values themselves: |x|² + |c|² − 2x·c in float32 would leave nothing of a small distance. */
function distancesTo(x: EmbeddingMatrix, centers: EmbeddingMatrix, center: Int32Array): Float32Array {
  return Float32Array.from(center, (nearest, row) => squaredDistance(x, row, centers, nearest));
}
