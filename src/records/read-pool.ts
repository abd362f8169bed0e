import { PoolError, UsageError } from '../domain/errors.ts';
import { isJsonObject, type JsonObject } from '../domain/instruction.ts';
import type { Pool } from '../domain/pool.ts';
import type { OnProgress } from '../domain/progress.ts';
import type { Registry } from '../domain/registry.ts';
import { MessageRows } from './conversations/message-rows.ts';
import { type FieldOverrides, OverrideWatch, valueAt } from './detect-fields.ts';
import { expandPath } from './expand-paths.ts';
import { type OpenSourceOptions, openSource } from './open-source.ts';
import { type PresetRecord, parseWithPreset } from './parse-with-preset.ts';
import { PoolBuilder, type SameBy } from './pool-builder.ts';
import { badRecord, checkOverrides, emptyPool } from './pool-errors.ts';
import { ReadingByFile } from './reading-by-file.ts';
import { ReadingLog } from './reading-log.ts';
import { normalizeReading, ownReading, type ReadingOptions, readingOf } from './reading-options.ts';
import { extensionsOf, formatByName, type RecordFormat } from './record-format.ts';
import { GIVEN_RECORDS, type ReadRecord, STANDARD_INPUT, sourceName } from './record-reader.ts';
import { RECORD_FORMATS } from './registry.ts';
import { isRemote } from './remote/registry.ts';
import { copyOf, remoteFiles } from './remote/remote-files.ts';
import { takePrefix } from './source-prefix.ts';

const RECORDS_PER_EVENT = 5_000;

/** A pool as a program gives it: paths, `-` for standard input, or the records themselves, read once and in order. */
export type PoolInput = string | readonly string[] | Iterable<object> | AsyncIterable<object>;

/** One source of a pool: a path as the user gave it, `-`, or records in memory. */
export type PoolSource = string | Iterable<unknown> | AsyncIterable<unknown>;

/** The sources of a pool. A list of texts is a list of paths; anything else that can be iterated holds records. */
export function poolSources(input: PoolInput): readonly PoolSource[] {
  if (typeof input === 'string') return [input];
  return Array.isArray(input) && input.every((one) => typeof one === 'string') ? input : [input];
}

export interface ReadPoolOptions extends OpenSourceOptions, ReadingOptions {
  /** Use `fields` in the records that have them and the usual names elsewhere: for files from other tools. */
  readonly fieldsOptional?: boolean;
  /** Default: those that ship with winnow. */
  readonly formats?: Registry<RecordFormat>;
  /** What makes two records the same. Default `instruction`. */
  readonly sameBy?: SameBy;
  /** Called with the record of each item, merged ones among them, in the order of the pool's rows. */
  readonly onRecord?: (record: JsonObject) => void;
  /** Phase `read`, every 5,000 records and at the end; `done` counts records, bad ones included. */
  readonly onProgress?: OnProgress;
}

/**
 * Reads sources into one pool, in the order given: files of any known format, compressed or
 * not, folders and patterns of them, addresses on servers (see REMOTE_STORES), `-` for JSONL on standard input, and
 * records in memory. Instructions of the same text are merged into the first. Memory: JSONL, CSV and TSV are
 * read as a stream, so little more than the records themselves. O(bytes); network for addresses only.
 * @param sources paths become `source.file`; records in memory are numbered from 1
 * @throws PoolError when a source cannot be read, a record is bad (unless skipped), a named field exists
 *   nowhere, or nothing is left; UsageError when no source is given or `-` twice; the signal's reason when it aborts
 */
export async function readPool(sources: readonly PoolSource[], given: ReadPoolOptions = {}): Promise<Pool> {
  const options: ReadPoolOptions = { ...given, ...normalizeReading(readingOf(given)) };
  checkSources(sources);
  const formats = options.formats ?? RECORD_FORMATS;
  const opened: OpenedSource[] = [];
  const byFile = new ReadingByFile(options.byFile);
  for (const source of sources) {
    if (typeof source !== 'string' || source === STANDARD_INPUT) opened.push(openedSource(source, formats, options));
    else {
      const { path, reading } = takePrefix(source);
      const own = ownReading(reading);
      const withOwn = (file: string) => ({ ...options, ...byFile.of(file), ...own });
      if (isRemote(path)) opened.push(...(await remoteSources(path, formats, withOwn)));
      else for (const file of await expandPath(path, formats)) opened.push(openedSource(file, formats, withOwn(file)));
    }
  }
  byFile.checkUsed();
  const builder = new PoolBuilder(options.sameBy);
  // Files that are read in the same way are watched together.
  const watches = new Map<FieldOverrides | undefined, OverrideWatch>();
  for (const source of opened) {
    const { fields, fieldsOptional } = source.reading;
    const watch = watches.get(fields) ?? new OverrideWatch(fieldsOptional ? {} : (fields ?? {}));
    watches.set(fields, watch);
    await readSource(source, builder, watch);
  }
  options.signal?.throwIfAborted();
  for (const watch of watches.values()) checkOverrides(watch);
  const pool = builder.build();
  if (pool.instructions.length === 0) throw emptyPool(opened, pool);
  options.onProgress?.({ phase: 'read', done: builder.recordCount, total: builder.recordCount });
  return pool;
}

interface OpenedSource {
  readonly file: string;
  readonly unit: RecordFormat['unit'];
  readonly log: ReadingLog;
  readonly reading: ReadPoolOptions;
  read(): AsyncIterable<ReadRecord | ReadRecord[]>;
}

/** Files on servers, downloaded where they are not here yet. */
async function remoteSources(
  address: string,
  formats: Registry<RecordFormat>,
  optionsOf: (file: string) => ReadPoolOptions,
): Promise<OpenedSource[]> {
  const { remote: access, signal, onProgress } = optionsOf(address);
  const sources: OpenedSource[] = [];
  for (const file of await remoteFiles(address, formats, { access, signal })) {
    const { path } = await copyOf(file, { access, signal, onProgress });
    sources.push(openedSource(file.name, formats, { ...optionsOf(file.name), path }));
  }
  return sources;
}

function openedSource(source: PoolSource, formats: Registry<RecordFormat>, options: ReadPoolOptions): OpenedSource {
  if (typeof source !== 'string') {
    const log = new ReadingLog(GIVEN_RECORDS, 'record');
    return { file: GIVEN_RECORDS, unit: 'record', log, reading: options, read: () => numbered(source) };
  }
  const format = formatOf(source, formats);
  const log = new ReadingLog(source, format.unit);
  const onTolerated = (what: string) => log.tolerated(what);
  const content = () => openSource(source, { ...options, onTolerated });
  const { unit } = format;
  const { signal, textItems, path = source } = options;
  return {
    ...{ file: source, unit, log, reading: options },
    read: () => format.read({ file: source, path, signal, content, onTolerated, textItems }),
  };
}

async function* numbered(records: Iterable<unknown> | AsyncIterable<unknown>): AsyncGenerator<ReadRecord> {
  let line = 0;
  for await (const value of records) {
    line += 1;
    yield { line, value };
  }
}

/** @throws PoolError naming the extensions that are read */
function formatOf(file: string, formats: Registry<RecordFormat>): RecordFormat {
  if (file === STANDARD_INPUT) return formats.find('jsonl');
  const { format, extension } = formatByName(file, formats);
  if (format !== undefined) return format;
  const ending = extension === '' ? 'its name has no extension' : `its extension is "${extension}"`;
  throw new PoolError(`The format of ${sourceName(file)} is unknown: ${ending}.`, {
    hint: `Name it ${extensionsOf(formats).join(', ')} (each may end in .gz), or pipe it in as JSONL and give "-" as the pool.`,
    data: { file },
  });
}

async function readSource(opened: OpenedSource, builder: PoolBuilder, watch: OverrideWatch): Promise<void> {
  const { log, reading } = opened;
  const messages = new MessageRows(reading.roles);
  for await (const read of opened.read()) {
    reading.signal?.throwIfAborted();
    for (const record of Array.isArray(read) ? read : [read]) {
      if (isMessage(record, messages, watch, reading)) continue;
      addRecord(record, opened, builder);
      const done = builder.recordCount;
      if (done % RECORDS_PER_EVENT !== 0) continue;
      reading.onProgress?.({ phase: 'read', done });
      reading.signal?.throwIfAborted();
    }
  }
  addMessages(messages, opened, builder);
  builder.addReading(log.reading());
}

/** Whether a record is one message of a conversation, which is then kept until all of them are there. */
function isMessage(
  read: ReadRecord,
  messages: MessageRows,
  watch: OverrideWatch,
  { fields, from }: ReadPoolOptions,
): boolean {
  if (!('value' in read && isJsonObject(read.value))) return false;
  watch.see(read.value);
  return fields?.instruction === undefined && from === undefined && messages.add(read.value, read.line);
}

function addRecord(read: ReadRecord, { file, unit, log, reading }: OpenedSource, builder: PoolBuilder): void {
  const source = { file, line: read.line };
  const parsed: PresetRecord =
    'value' in read
      ? parseWithPreset(
          read.value,
          reading.fieldsOptional === true ? readingFor(read.value, reading) : reading,
          reading.from,
        )
      : read;
  if (parsed.recognized !== undefined) log.tolerated(`read as ${parsed.recognized.summary}`);
  if ('drafts' in parsed) {
    log.sawRecord(parsed);
    for (const draft of parsed.drafts) {
      builder.add(draft, source);
      reading.onRecord?.(draft.record);
    }
  } else if (parsed.isNothing === true) log.leftOut(parsed.cause, read.line);
  else if (reading.skipBadLines === true) builder.addBad({ source, cause: parsed.cause });
  else throw badRecord(source, unit, parsed);
}

/** Adds the requests of records that are one message each. */
function addMessages(messages: MessageRows, { file, log, reading }: OpenedSource, builder: PoolBuilder): void {
  if (messages.count === 0) return;
  const items = messages.items(reading.turns ?? 'last');
  log.sawMessages(messages.count, items.length);
  for (const { line, record, id, conversation, item } of items) {
    const { request: instruction, context, response } = item;
    const draft = {
      ...(id === null ? {} : { id }),
      instruction,
      ...(context === undefined ? {} : { context }),
      ...(response === undefined ? {} : { output: response }),
      conversation,
      meta: record,
      record,
    };
    builder.add(draft, { file, line });
    reading.onRecord?.(record);
  }
}

/** With the named fields that the record has. */
function readingFor(value: unknown, options: ReadPoolOptions): ReadPoolOptions {
  const { fields } = options;
  if (fields === undefined || !isJsonObject(value)) return options;
  const there = Object.entries(fields).filter(([, name]) => name && valueAt(value, name) !== undefined);
  return { ...options, fields: Object.fromEntries(there) };
}

function checkSources(sources: readonly PoolSource[]): void {
  if (sources.length === 0) {
    throw new UsageError('No pool was given.', 'Name one or more files, or "-" for standard input.');
  }
  if (sources.filter((file) => file === STANDARD_INPUT).length > 1) {
    throw new UsageError('Standard input ("-") was given twice, but can be read only once.', 'Give it once.');
  }
}
