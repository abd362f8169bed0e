import { CompressionType, setCompressionCodec, tableFromIPC } from '@uwdata/flechette';
import { decompress as fromZstandard } from 'fzstd';
import { decompress as fromLz4 } from 'lz4js';
import type { JsonValue } from '../domain/instruction.ts';
import { jsonFromParquet, UnreadableValue } from './parquet-values.ts';
import { messageOf, type ReadRecord, readFailure } from './record-reader.ts';

// Only `decode` is used: nothing is written. Numbers are read in place, so that each buffer must begin on its own.
const NO_ENCODER = (bytes: Uint8Array) => bytes;
setCompressionCodec(CompressionType.LZ4_FRAME, {
  encode: NO_ENCODER,
  decode: (bytes) => Uint8Array.from(fromLz4(bytes)),
});
setCompressionCodec(CompressionType.ZSTD, {
  encode: NO_ENCODER,
  decode: (bytes) => Uint8Array.from(fromZstandard(bytes)),
});

/**
 * Reads an Arrow file, as `datasets` saves them with `save_to_disk`, in its stream or its file form; buffers may be
 * compressed. Rows are numbered from 1. Memory: the whole file.
 * @throws PoolError when it is no Arrow
 */
export async function* readArrow(file: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<ReadRecord> {
  const chunks: Buffer[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  let table: ReturnType<typeof tableFromIPC>;
  try {
    table = tableFromIPC(Uint8Array.from(Buffer.concat(chunks)), { useBigInt: true, useDate: true });
  } catch (error) {
    throw readFailure(file, new Error(`it is not a readable Arrow file (${messageOf(error)})`));
  }
  const columns = table.names.map((name, index) => ({ name: String(name), values: table.getChildAt(index) }));
  for (let row = 0; row < table.numRows; row += 1) {
    const cells = columns.map(({ name, values }) => [name, cellOf(values.at(row))] as const);
    const bad = cells.find(([, value]) => value instanceof UnreadableValue);
    const line = row + 1;
    if (bad?.[1] instanceof UnreadableValue) yield { line, cause: `its column "${bad[0]}" ${bad[1].cause}` };
    else yield { line, value: Object.fromEntries(cells) };
  }
}

function cellOf(value: unknown): JsonValue | UnreadableValue {
  return jsonFromParquet(plain(value), false);
}

/** Lists of numbers are typed arrays in Arrow. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof Uint8Array)) return Array.from(value as Float32Array);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}
