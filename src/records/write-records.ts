import { pipeline, Readable, type Writable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { UsageError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/instruction.ts';
import { encodeJsonl, inBatches } from './jsonl.ts';
import { type EncodeOptions, formatByName, type RecordFormat } from './record-format.ts';
import { RECORD_FORMATS } from './registry.ts';
import { type FileContent, resolveTarget, type WriteOptions, writeFileAtomically } from './write-file-atomically.ts';

/**
 * Writes records, in order, so that `readPool` can read them again: to a stream as JSONL, to a file by
 * its name as JSONL, JSON, CSV, TSV or Parquet, gzipped too where it ends in `.gz`. JSONL and JSON keep
 * every value as it is; tables flatten `winnow` into columns `winnow_rank`, … and know neither absent
 * from null nor, in CSV and TSV, any type but text, and have texts that a spreadsheet could run protected. A file appears
 * whole or not at all.
 * @param destination a path; or a stream, which is not ended
 * @throws UsageError for an unknown extension; OutputError when the file cannot be written
 */
export async function writeRecords(
  records: readonly JsonObject[],
  destination: string | Writable,
  options: EncodeOptions & Pick<WriteOptions, 'isPrivate'> = {},
): Promise<void> {
  if (typeof destination !== 'string') return writeToStream(inBatches(encodeJsonl(records)), destination);
  const { format, gzipped } = outputFormat(destination);
  const content = await format.encode(records, options);
  await writeFileAtomically(destination, gzipped ? compressed(content) : content, options);
}

/**
 * Checks that `writeRecords` will be able to write to a path, before money is spent on what to write.
 * @returns what checks each record as it is read: a table has a limit of columns. It throws OutputError
 * @throws UsageError for an unknown extension; OutputError when the folder is missing or a folder is there
 */
export async function checkOutput(path: string): Promise<(record: JsonObject) => void> {
  const { format } = outputFormat(path);
  await resolveTarget(path);
  return format.columnCheck?.() ?? (() => {});
}

function compressed(content: FileContent): AsyncIterable<Buffer> {
  // The stream itself reports the pipeline's failure to its reader.
  return pipeline(Readable.from(content), createGzip(), () => {});
}

/** A format that is written as well as read. */
type WritableFormat = RecordFormat & Required<Pick<RecordFormat, 'encode'>>;

/**
 * The format of a file by its extension. A `.gz` after it compresses the file, unless the format does that itself.
 * @throws UsageError naming the extensions that are written
 */
function outputFormat(path: string): { readonly format: WritableFormat; readonly gzipped: boolean } {
  const { format, gzipped } = formatByName(path, RECORD_FORMATS);
  if (!isWritable(format) || /\.zstd?$/i.test(path)) {
    throw new UsageError(
      `The format to write "${path}" in is unknown.`,
      `Name it ${writtenExtensions().join(', ')}; each but .parquet may end in .gz.`,
    );
  }
  if (format.compressesItself === true && gzipped) {
    throw new UsageError(`"${path}" cannot be written: Parquet compresses by itself.`, 'Leave out the .gz.');
  }
  return { format, gzipped };
}

function writtenExtensions(): string[] {
  return [...RECORD_FORMATS].filter(isWritable).flatMap(({ extensions }) => extensions);
}

function isWritable(format: RecordFormat | undefined): format is WritableFormat {
  return format?.encode !== undefined;
}

/**
 * Writes texts to a stream at the stream's own pace, and leaves it open.
 * @throws what the stream reports: its reader went away (`EPIPE`), say
 */
async function writeToStream(texts: Iterable<string>, stream: Writable): Promise<void> {
  // Every write reports its failure here; without a listener the stream would also throw it out of nowhere.
  // After a failure the listener stays, because the event comes after the report.
  const ignore = () => {};
  stream.on('error', ignore);
  for (const text of texts) await write(text, stream);
  stream.off('error', ignore);
}

function write(text: string, stream: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
