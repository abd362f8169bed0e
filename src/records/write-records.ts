import { pipeline, Readable, type Writable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { UsageError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/instruction.ts';
import { namedFormat, RECORD_EXTENSIONS, type RecordFormat } from '../domain/record-format.ts';
import { encodeDelimited } from './encode-delimited.ts';
import { encodeJson, encodeJsonl, inBatches } from './encode-json.ts';
import { type FileContent, resolveTarget, writeFileAtomically } from './write-file-atomically.ts';

/**
 * Writes records, in order, so that `readPool` can read them again: to a stream as JSONL, to a file by
 * its name as JSONL, JSON, CSV, TSV or Parquet, gzipped too where it ends in `.gz`. JSONL and JSON keep
 * every value as it is; tables flatten `winnow` into columns `winnow_rank`, … and know neither absent
 * from null nor, in CSV and TSV, any type but text. A file appears whole or not at all.
 * @param destination a path; or a stream, which is not ended
 * @throws UsageError for an unknown extension; OutputError when the file cannot be written
 */
export async function writeRecords(records: readonly JsonObject[], destination: string | Writable): Promise<void> {
  if (typeof destination !== 'string') return writeToStream(inBatches(encodeJsonl(records)), destination);
  const { format, gzipped } = outputFormat(destination);
  const content = await encode(records, format);
  await writeFileAtomically(destination, gzipped ? compressed(content) : content);
}

/**
 * Checks that `writeRecords` will be able to write to a path, before money is spent on what to write.
 * @throws UsageError for an unknown extension; OutputError when the folder is missing or a folder is there
 */
export async function checkOutputPath(path: string): Promise<void> {
  outputFormat(path);
  await resolveTarget(path);
}

async function encode(records: readonly JsonObject[], format: RecordFormat): Promise<FileContent> {
  switch (format) {
    case 'jsonl':
      return inBatches(encodeJsonl(records));
    case 'json':
      return inBatches(encodeJson(records));
    case 'csv':
      return encodeDelimited(records, ',');
    case 'tsv':
      return encodeDelimited(records, '\t');
    case 'parquet':
      // Its libraries take a moment to load.
      return (await import('./encode-parquet.ts')).encodeParquet(records);
  }
}

function compressed(content: FileContent): AsyncIterable<Buffer> {
  // The stream itself reports the pipeline's failure to whoever iterates it.
  return pipeline(Readable.from(content), createGzip(), () => {});
}

/**
 * How a file of this name is written: by its extension; a `.gz` after it compresses, except for Parquet,
 * which compresses by itself.
 * @throws UsageError naming the extensions that are written
 */
export function outputFormat(path: string): { readonly format: RecordFormat; readonly gzipped: boolean } {
  const { format, gzipped } = namedFormat(path);
  if (format === undefined) {
    throw new UsageError(
      `The format to write "${path}" in is unknown.`,
      `Name it ${RECORD_EXTENSIONS.join(', ')}; each but .parquet may end in .gz.`,
    );
  }
  if (format === 'parquet' && gzipped) {
    throw new UsageError(`"${path}" cannot be written: Parquet compresses by itself.`, 'Leave out the .gz.');
  }
  return { format, gzipped };
}

/**
 * Writes texts to a stream at the stream's own pace, and leaves it open.
 * @throws what the stream reports: its reader went away (`EPIPE`), say
 */
export async function writeToStream(texts: Iterable<string>, stream: Writable): Promise<void> {
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
