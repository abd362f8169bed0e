import { PoolError, UsageError } from '../domain/errors.ts';
import { isJsonObject, type JsonObject, type SourceLocation } from '../domain/instruction.ts';
import type { Pool } from '../domain/pool.ts';
import type { OnProgress } from '../domain/progress.ts';
import type { RecordFormat } from '../domain/record-format.ts';
import { readDelimited } from './delimited.ts';
import { type FieldOverrides, OverrideWatch } from './detect-fields.ts';
import { readJson } from './json.ts';
import { readJsonl } from './jsonl.ts';
import { type OpenSourceOptions, openSource } from './open-source.ts';
import { listFields, parseRecord } from './parse-record.ts';
import { PoolBuilder, type SameBy } from './pool-builder.ts';
import {
  LOCATION_UNIT,
  poolFormat,
  type ReadRecord,
  type RecordReader,
  STANDARD_INPUT,
  sourceName,
} from './record-reader.ts';

const RECORDS_PER_EVENT = 5_000;

/** Parquet is not among them: it is read from its end. */
const STREAM_READERS: Readonly<Record<Exclude<RecordFormat, 'parquet'>, RecordReader>> = {
  jsonl: (_, bytes) => readJsonl(bytes),
  json: readJson,
  csv: (file, bytes) => readDelimited(file, bytes, ','),
  tsv: (file, bytes) => readDelimited(file, bytes, '\t'),
};

export interface ReadPoolOptions extends OpenSourceOptions {
  /** Fields to read instead of those found by their usual names. */
  readonly fields?: FieldOverrides;
  /** Use `fields` in the records that have them and the usual names elsewhere: for files from other tools. */
  readonly fieldsOptional?: boolean;
  /** Leaves out records that cannot be read, counted in the pool, instead of failing at the first. */
  readonly skipBadLines?: boolean;
  /** What makes two records the same. Default `instruction`. */
  readonly sameBy?: SameBy;
  /** Called with each usable record, merged ones among them, in the order of the pool's rows. */
  readonly onRecord?: (record: JsonObject) => void;
  /** Phase `read`, every 5,000 records and at the end; `done` counts records, bad ones included. */
  readonly onProgress?: OnProgress;
}

/**
 * Reads files into one pool, in the order given: JSONL, JSON, CSV, TSV, Parquet, each gzipped or not, and
 * `-` for JSONL on standard input. Instructions of the same text are merged into the first. Memory: JSONL,
 * CSV and TSV are read as a stream, so little more than the records themselves. O(bytes), no network.
 * @param sources paths as the user gave them; they become `source.file`
 * @throws PoolError when a source cannot be read, a record is bad (unless skipped), a named field exists
 *   nowhere, or nothing is left; UsageError when no source is given or `-` twice; the signal's reason when it aborts
 */
export async function readPool(sources: readonly string[], options: ReadPoolOptions = {}): Promise<Pool> {
  checkSources(sources);
  const formats = sources.map(poolFormat);
  const builder = new PoolBuilder(options.sameBy);
  const watch = new OverrideWatch(options.fieldsOptional ? {} : (options.fields ?? {}));
  for (const [index, file] of sources.entries()) {
    await readSource(file, formats[index]!, options, builder, watch);
  }
  options.signal?.throwIfAborted();
  checkOverrides(watch);
  const pool = builder.build();
  if (pool.instructions.length === 0) throw emptyPool(sources, pool, formats);
  options.onProgress?.({ phase: 'read', done: builder.recordCount, total: builder.recordCount });
  return pool;
}

async function readSource(
  file: string,
  format: RecordFormat,
  options: ReadPoolOptions,
  builder: PoolBuilder,
  watch: OverrideWatch,
): Promise<void> {
  for await (const read of await recordsOf(file, format, options)) {
    options.signal?.throwIfAborted();
    const source = { file, line: read.line };
    if ('value' in read && isJsonObject(read.value)) watch.see(read.value);
    const parsed = 'value' in read ? parseRecord(read.value, fieldsFor(read.value, options)) : read;
    if (!('cause' in parsed)) {
      builder.add(parsed, source);
      options.onRecord?.(parsed.record);
    } else if (options.skipBadLines === true) builder.addBad({ source, cause: parsed.cause });
    else throw badRecord(source, format, parsed.cause);
    const done = builder.recordCount;
    if (done % RECORDS_PER_EVENT === 0) options.onProgress?.({ phase: 'read', done });
  }
}

function fieldsFor(value: unknown, { fields, fieldsOptional }: ReadPoolOptions): FieldOverrides | undefined {
  if (!fields || !fieldsOptional || !isJsonObject(value)) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([, name]) => name && Object.hasOwn(value, name)));
}

async function recordsOf(
  file: string,
  format: RecordFormat,
  options: OpenSourceOptions,
): Promise<AsyncIterable<ReadRecord>> {
  // Its libraries take a moment to load.
  if (format === 'parquet') return (await import('./parquet.ts')).readParquet(file, options.signal);
  return STREAM_READERS[format](file, openSource(file, options));
}

function checkSources(sources: readonly string[]): void {
  if (sources.length === 0) {
    throw new UsageError('No pool was given.', 'Name one or more files, or "-" for standard input.');
  }
  if (sources.filter((file) => file === STANDARD_INPUT).length > 1) {
    throw new UsageError('Standard input ("-") was given twice, but can be read only once.', 'Give it once.');
  }
}

function badRecord(source: SourceLocation, format: RecordFormat, cause: string): PoolError {
  return new PoolError(`${locate(source, format)}: ${cause}.`, {
    hint:
      format === 'jsonl' && source.line === 1
        ? 'If the file is one JSON array, name it .json. If the text is in another field, name it with --instruction-field.'
        : 'Correct it, or leave out such records with --skip-bad-lines. If the text is in another field, name it with --instruction-field.',
  });
}

function locate({ file, line }: SourceLocation, format: RecordFormat): string {
  return `${sourceName(file)}, ${LOCATION_UNIT[format]} ${line}`;
}

function checkOverrides(watch: OverrideWatch): void {
  const missing = watch.missing();
  if (missing === undefined || missing.fields.length === 0) return;
  throw new PoolError(`No record has a field "${missing.name}".`, {
    hint: `Correct --${missing.role}-field. The fields that exist: ${listFields(missing.fields)}.`,
  });
}

function emptyPool(sources: readonly string[], pool: Pool, formats: readonly RecordFormat[]): PoolError {
  const names = sources.map(sourceName).join(', ');
  const [first] = pool.badRecords;
  if (first === undefined) {
    return new PoolError(`There are no records in ${names}.`, { hint: 'Give a pool that is not empty.' });
  }
  const format = formats[sources.indexOf(first.source.file)]!;
  return new PoolError(
    `None of the ${pool.badRecordCount} records in ${names} can be used. The first: ${locate(first.source, format)}: ${first.cause}.`,
    { hint: 'Check the format, or name the field that holds the text with --instruction-field.' },
  );
}
