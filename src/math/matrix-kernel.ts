import type { EmbeddingMatrix } from './embedding-matrix.ts';

/**
 * The dense products everything O(n·k·d) is made of. Implementations differ in speed, and in the last
 * bits of a float32; one implementation gives the same bits for any number of threads.
 */
export interface MatrixKernel {
  readonly name: 'onnxruntime' | 'javascript';
  /** All dot products x·c: `n × k`, row-major. For small k: the result is one array. */
  multiply(x: EmbeddingMatrix, centers: EmbeddingMatrix): Promise<Float32Array>;
  /**
   * The same products, bit for bit, but written to `products`, and what of them is between two limits.
   * @returns length n, per row of `x`: Σ over centres of weight · (min(max(product, lowest), highest) − lowest),
   *   a sum in float32, at least as exact as one of terms max(0, product − lowest) − max(0, product − highest)
   */
  multiplyBetween(x: EmbeddingMatrix, centers: EmbeddingMatrix, target: ProductTarget): Promise<Float32Array>;
  /** Per row of `x` the nearest centre (Euclidean; ties → the lowest) and the squared distance to it, ≥ 0. */
  nearest(x: EmbeddingMatrix, centers: EmbeddingMatrix): Promise<NearestCenters>;
}

export interface ProductTarget {
  /** Length n·k, overwritten. */
  readonly products: Float32Array;
  /** Length k each, lowest ≤ highest, weights ≥ 0. */
  readonly lowest: Float32Array;
  readonly highest: Float32Array;
  readonly weights: Float32Array;
}

export interface NearestCenters {
  /** Length n: centre number of each row. */
  readonly center: Int32Array;
  /** Length n: squared Euclidean distance to that centre. */
  readonly squaredDistance: Float32Array;
}
