import { type EmbeddingMatrix, embeddingMatrix } from '../../math/embedding-matrix.ts';

/** Rows, columns, and whether the processor gives the coordinator's very bits: three uint32. */
const HEADER_BYTES = 12;
const FLOAT_BYTES = 4;

export interface VectorFile {
  readonly vectors: EmbeddingMatrix;
  /** Whether the processor that made them gives the same last bits as the coordinator's. */
  readonly sameBits: boolean;
}

export function encodeVectorFile({ vectors, sameBits }: VectorFile): Uint8Array {
  const { data, rows, columns } = vectors;
  const header = new Uint32Array([rows, columns, Number(sameBits)]);
  return Buffer.concat([bytesOf(header), bytesOf(data.subarray(0, rows * columns))]);
}

/** @returns undefined where the bytes are no such file */
export function decodeVectorFile(bytes: Uint8Array): VectorFile | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  // A copy, because a view of four-byte numbers must begin at a multiple of four.
  const own = Uint8Array.from(bytes).buffer;
  const [rows = 0, columns = 0, sameBits] = new Uint32Array(own, 0, HEADER_BYTES / FLOAT_BYTES);
  if (own.byteLength !== HEADER_BYTES + rows * columns * FLOAT_BYTES) return undefined;
  const vectors = embeddingMatrix(new Float32Array(own, HEADER_BYTES), rows, columns);
  return { vectors, sameBits: sameBits === 1 };
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
