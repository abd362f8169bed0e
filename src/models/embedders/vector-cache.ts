/** Vectors already computed, by embedding space and text hash (SHA-256, hex). */
export interface VectorCache {
  /** One entry per hash, undefined where it is not cached. */
  get(space: string, hashes: readonly string[]): (Float32Array | undefined)[];
  /** Durable when it returns. */
  put(space: string, hashes: readonly string[], vectors: readonly Float32Array[]): void;
}
