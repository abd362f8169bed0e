import { isJsonObject } from '../domain/instruction.ts';
import type { Pool } from '../domain/pool.ts';
import { MessageRows } from './conversations/message-rows.ts';
import { type FieldOverrides, OverrideWatch, valueAt } from './detect-fields.ts';
import { HeapWatch } from './heap-watch.ts';
import { LaterAnswers } from './later-answers.ts';
import { type OpenedSource, openSources } from './open-sources.ts';
import { type PresetRecord, parseWithPreset } from './parse-with-preset.ts';
import type { PersonalDataGate } from './personal-data-gate.ts';
import { PoolBuilder } from './pool-builder.ts';
import { badRecord, checkOverrides, emptyPool } from './pool-errors.ts';
import { checkSources, type PoolSource, type ReadPoolOptions } from './pool-source.ts';
import { normalizeReading, type PersonalDataChoice, readingOf } from './reading-options.ts';
import type { ReadRecord } from './record-reader.ts';

const RECORDS_PER_EVENT = 5_000;
const RECORDS_PER_CHECK = 100;

/**
 * Reads sources into one pool, in the order given: files of any known format, compressed or
 * not, folders and patterns of them, addresses on servers (see REMOTE_STORES), `-` for JSONL on standard input, and
 * records in memory. Instructions of the same text are merged into the first. Memory: JSONL, CSV and TSV are
 * read as a stream, so little more than the records themselves. O(bytes); network for addresses only.
 * @param sources paths become `source.file`; records in memory are numbered from 1
 * @throws PoolError when a source cannot be read, a record is bad (unless skipped), a named field exists
 *   nowhere, nothing is left, or memory runs out; UsageError when no source is given or `-` twice; the signal's reason when it aborts
 */
export async function readPool(sources: readonly PoolSource[], given: ReadPoolOptions = {}): Promise<Pool> {
  const [pool] = await readAll([{ sources, options: given }], { mayHoldAnswersOnly: false });
  return pool!;
}

/**
 * Reads several pools as `readPool` does, each by itself. What answers a request of another one is given to it, so a pool
 * may hold nothing but answers, and then has no instructions.
 */
export function readPools(all: readonly PoolToRead[]): Promise<readonly Pool[]> {
  return readAll(all, { mayHoldAnswersOnly: true });
}

interface PoolToRead {
  readonly sources: readonly PoolSource[];
  readonly options: ReadPoolOptions;
}

async function readAll(all: readonly PoolToRead[], { mayHoldAnswersOnly = false }): Promise<readonly Pool[]> {
  const answers = new LaterAnswers();
  const read: ReadSources[] = [];
  for (const { sources, options } of all) read.push(await readSources(sources, options, { answers, earlier: read }));
  answers.join(read.map(({ builder }) => builder));
  return read.map((one) => poolOf(one, mayHoldAnswersOnly && one.answers > 0));
}

/** What was read, before answers are given to their requests. */
interface ReadSources {
  readonly options: ReadPoolOptions;
  readonly opened: readonly OpenedSource[];
  readonly builder: PoolBuilder;
  readonly gate: PersonalDataGate | undefined;
  readonly watches: readonly OverrideWatch[];
  /** Answers to requests of other records. */
  readonly answers: number;
}

async function readSources(
  sources: readonly PoolSource[],
  given: ReadPoolOptions,
  { answers, earlier }: { readonly answers: LaterAnswers; readonly earlier: readonly ReadSources[] },
): Promise<ReadSources> {
  const options: ReadPoolOptions = { ...given, ...normalizeReading(readingOf(given)) };
  checkSources(sources);
  const opened = await openSources(sources, options);
  const gate = options.pii === undefined ? undefined : await gateFor(options.pii, earlier.at(-1)?.gate);
  gate?.startAfter(options.earlierTexts ?? []);
  const builder = new PoolBuilder({ sameBy: options.sameBy, gate, shardFolder: options.shardFolder });
  const answersBefore = answers.count;
  const heap = new HeapWatch(options.heap);
  // Files that are read in the same way are watched together.
  const watches = new Map<FieldOverrides | undefined, OverrideWatch>();
  for (const source of opened) {
    const { fields, fieldsOptional } = source.reading;
    const watch = watches.get(fields) ?? new OverrideWatch(fieldsOptional ? {} : (fields ?? {}));
    watches.set(fields, watch);
    await readSource(source, { builder, watch, answers, heap });
  }
  return { options, opened, builder, gate, watches: [...watches.values()], answers: answers.count - answersBefore };
}

function poolOf({ options, opened, builder, watches }: ReadSources, mayBeEmpty: boolean): Pool {
  for (const { log } of opened) builder.addReading(log.reading());
  options.signal?.throwIfAborted();
  for (const watch of watches) checkOverrides(watch);
  const pool = builder.build();
  if (pool.instructions.length === 0 && !mayBeEmpty) throw emptyPool(opened, pool);
  options.onProgress?.({ phase: 'read', done: builder.recordCount, total: builder.recordCount });
  return pool;
}

/** Loaded only where it is asked for: the formats of all countries' phone numbers double the start of a command. */
async function gateFor(choice: PersonalDataChoice, earlier?: PersonalDataGate): Promise<PersonalDataGate> {
  const { PersonalDataGate } = await import('./personal-data-gate.ts');
  return new PersonalDataGate(choice, earlier);
}

/** What the records of all sources go into. */
interface Target {
  readonly builder: PoolBuilder;
  readonly watch: OverrideWatch;
  readonly answers: LaterAnswers;
  readonly heap: HeapWatch;
}

async function readSource(opened: OpenedSource, target: Target): Promise<void> {
  const { builder, watch, heap } = target;
  const { reading } = opened;
  const messages = new MessageRows(reading.roles);
  for await (const read of opened.read()) {
    reading.signal?.throwIfAborted();
    for (const record of Array.isArray(read) ? read : [read]) {
      const message = isMessage(record, messages, watch, reading);
      if (!message) addRecord(record, opened, target);
      const done = builder.recordCount;
      if ((done + messages.count) % RECORDS_PER_CHECK === 0) heap.check(done + messages.count);
      if (message || done % RECORDS_PER_EVENT !== 0) continue;
      reading.onProgress?.({ phase: 'read', done });
      reading.signal?.throwIfAborted();
    }
  }
  addMessages(messages, opened, builder);
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

function addRecord(read: ReadRecord, { file, unit, log, reading }: OpenedSource, { builder, answers }: Target): void {
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
      const added = builder.add(draft, source);
      if (added) reading.onRecord?.(added.record);
    }
  } else if ('to' in parsed) answers.add(parsed, read.line, log);
  else if (parsed.isNothing === true) log.leftOut(parsed.cause, read.line);
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
    const added = builder.add(draft, { file, line });
    if (added) reading.onRecord?.(added.record);
  }
}

/** With the named fields that the record has. */
function readingFor(value: unknown, options: ReadPoolOptions): ReadPoolOptions {
  const { fields } = options;
  if (fields === undefined || !isJsonObject(value)) return options;
  const there = Object.entries(fields).filter(([, name]) => name && valueAt(value, name) !== undefined);
  return { ...options, fields: Object.fromEntries(there) };
}
