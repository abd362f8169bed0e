import type { JsonObject } from '../domain/json-value.ts';
import type { SharedFolder } from './shared-folder.ts';

/** One shard of work for another process. It names files of the shared folder and carries no data. */
export interface ShardJob {
  /** Which work it is: `embed`. */
  readonly kind: string;
  /** For people: "texts 1 to 1,024". */
  readonly name: string;
  /** The file it reads. */
  readonly input: string;
  /** The file it makes, named by the hash of everything it follows from: a shard done twice is one result. */
  readonly result: string;
  readonly settings: JsonObject;
}

/** How far the shards of one `map` are. */
export interface ShardProgress {
  readonly done: number;
  readonly total: number;
  readonly workers: number;
  /** Shards that were tried again, were taken over from a worker that ended, or were queued again. */
  readonly retries: number;
}

export interface MapOptions {
  /** Shards that have not begun are taken back; those under way end and leave their results. */
  readonly signal?: AbortSignal | undefined;
  /** Called once for each shard when its result is in the folder, in any order. */
  readonly onResult?: (shard: number) => void | Promise<void>;
  readonly onProgress?: (progress: ShardProgress) => void;
}

/** Runs shards of work in other processes, on any number of machines. */
export interface Engine {
  readonly folder: SharedFolder;
  /**
   * Fulfilled when every result is in the folder. A shard whose result is there already is not run again. Results are
   * read and reduced in shard order by the caller, so the outcome never depends on who ran what.
   * @throws EngineError naming the shards that failed three times, when all others are done; or the signal's reason
   */
  map(jobs: readonly ShardJob[], options?: MapOptions): Promise<void>;
  close(): Promise<void>;
}

/** Runs one shard: reads its input and leaves its result in the folder. */
export type RunShard = (job: ShardJob) => Promise<void>;

/** How often a shard is tried before it is reported. */
export const SHARD_TRIES = 3;

/** This worker must not run the shard: its weights are others. The shard goes back to the queue, and no try is counted. */
export class RefusedShardError extends Error {}
