import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  type RowGroup,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { isGzip } from './open-source.ts';
import { jsonFromParquet, PARQUET_PARSERS, UnreadableValue } from './parquet-values.ts';
import { type ReadRecord, readFailure } from './record-reader.ts';

const MOST_VALUES_IN_GROUP = 200_000_000;
const MOST_BYTES_IN_GROUP = 4 * 2 ** 30;

interface Column {
  readonly name: string;
  /** Whether its bytes are JSON texts by the newer annotation alone, which the parser leaves to us. */
  readonly holdsJson: boolean;
}

/**
 * Reads a Parquet file, compressed by any usual codec, or gzipped as a whole. Rows are numbered from 1.
 * Memory: one row group at a time; all of a file that is gzipped as a whole.
 * @param name what messages call it
 * @throws PoolError when the file is missing, truncated or not Parquet; the signal's reason when it aborts
 */
export async function* readParquet(file: string, signal?: AbortSignal, name = file): AsyncGenerator<ReadRecord> {
  try {
    const buffer = await openParquet(file);
    const metadata = await parquetMetadataAsync(buffer, { parsers: PARQUET_PARSERS });
    const columns = columnsOf(metadata);
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      signal?.throwIfAborted();
      checkSize(group, columns.length);
      const rowEnd = rowStart + Number(group.num_rows);
      const rows = await readRows(buffer, metadata, columns, rowStart, rowEnd);
      for (const [index, cells] of rows.entries()) yield parseRow(columns, cells, rowStart + index + 1);
      rowStart = rowEnd;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw readFailure(name, error);
  }
}

/** A few bytes can stand for any number of equal rows, and all rows of a group are held at once. */
function checkSize({ num_rows: rows, total_byte_size: bytes }: RowGroup, columns: number): void {
  if (Number(rows) * columns <= MOST_VALUES_IN_GROUP && Number(bytes) <= MOST_BYTES_IN_GROUP) return;
  throw new Error(
    `one of its row groups has ${rows} rows of ${columns} columns in ${bytes} bytes, too large to be read`,
  );
}

async function openParquet(file: string): Promise<AsyncBuffer> {
  const buffer = await asyncBufferFromFile(file);
  const head = new Uint8Array(await buffer.slice(0, Math.min(2, buffer.byteLength)));
  if (!isGzip(head)) return buffer;
  const content = await promisify(gunzip)(await buffer.slice(0, buffer.byteLength), {
    maxOutputLength: MOST_BYTES_IN_GROUP,
  });
  const bytes = content.buffer.slice(content.byteOffset, content.byteOffset + content.byteLength) as ArrayBuffer;
  return { byteLength: bytes.byteLength, slice: (start, end) => bytes.slice(start, end) };
}

function columnsOf(metadata: FileMetaData): readonly Column[] {
  return parquetSchema(metadata).children.map(({ element }) => ({
    name: element.name,
    holdsJson: element.logical_type?.type === 'JSON' && element.converted_type !== 'JSON',
  }));
}

function readRows(
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly Column[],
  rowStart: number,
  rowEnd: number,
): Promise<readonly unknown[][]> {
  return new Promise((resolve, reject) => {
    parquetRead({
      file,
      metadata,
      rowStart,
      rowEnd,
      columns: columns.map(({ name }) => name),
      compressors,
      parsers: PARQUET_PARSERS,
      // Bytes that are not declared to be text are decoded by us, if they are text.
      utf8: false,
      // Arrays, not objects: a column may be called `__proto__`.
      rowFormat: 'array',
      onComplete: resolve,
    }).catch(reject);
  });
}

function parseRow(columns: readonly Column[], cells: readonly unknown[], line: number): ReadRecord {
  const entries = columns.map(
    ({ name, holdsJson }, index) => [name, jsonFromParquet(cells[index], holdsJson)] as const,
  );
  const bad = entries.find(([, value]) => value instanceof UnreadableValue);
  if (bad?.[1] instanceof UnreadableValue) return { line, cause: `its column "${bad[0]}" ${bad[1].cause}` };
  return { line, value: Object.fromEntries(entries) };
}
