import { UsageError } from '../domain/errors.ts';
import type { JsonObject } from '../domain/instruction.ts';
import type { OnProgress } from '../domain/progress.ts';
import type { Registry } from '../domain/registry.ts';
import type { Heap } from './memory-room.ts';
import type { OpenSourceOptions } from './open-source.ts';
import type { SameBy } from './pool-builder.ts';
import type { ReadingOptions } from './reading-options.ts';
import type { RecordFormat } from './record-format.ts';
import { STANDARD_INPUT } from './record-reader.ts';

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
  /** Texts that may hold placeholders of earlier readings, whose numbers are not used again. */
  readonly earlierTexts?: Iterable<string>;
  /** What makes two records the same. Default `instruction`. */
  readonly sameBy?: SameBy;
  /** Called with the record of each item, merged ones among them, in the order of the pool's rows. */
  readonly onRecord?: (record: JsonObject) => void;
  /** Where a pool that does not fit into memory is held while it is used. Default: the system's temporary folder. */
  readonly shardFolder?: () => string;
  /** For tests. Default: that of this process. */
  readonly heap?: Heap;
  /** Phase `read`, every 5,000 records and at the end; `done` counts records, bad ones included. */
  readonly onProgress?: OnProgress;
}

/** @throws UsageError for none, or standard input twice */
export function checkSources(sources: readonly PoolSource[]): void {
  if (sources.length === 0) {
    throw new UsageError('No pool was given.', 'Name one or more files, or "-" for standard input.');
  }
  if (sources.filter((file) => file === STANDARD_INPUT).length > 1) {
    throw new UsageError('Standard input ("-") was given twice, but can be read only once.', 'Give it once.');
  }
}
