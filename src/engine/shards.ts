import { setImmediate } from 'node:timers/promises';

/** A run of consecutive rows. */
export interface RowRange {
  readonly start: number;
  readonly rows: number;
}

/** Cuts rows 0..rows−1 into ranges of `size`, the last one shorter; none for no rows. */
export function cutRows(rows: number, size: number): RowRange[] {
  return Array.from({ length: Math.ceil(rows / size) }, (_, index) => {
    const start = index * size;
    return { start, rows: Math.min(size, rows - start) };
  });
}

/** Rows of a shard. Fixed: it decides where sums are cut, and so their last bits. */
export const SHARD_ROWS = 65_536;

/**
 * Runs the map step of a long computation over rows. The caller reduces the results in shard
 * order, so the outcome never depends on how many workers there are or which of them ends first.
 */
export interface ShardExecutor {
  /** @returns one result per shard, in the order of the shards, in any order of running */
  map<Result>(shards: readonly RowRange[], work: (shard: RowRange) => Result | Promise<Result>): Promise<Result[]>;
}

/**
 * One shard after the other in this process; the kernel's threads work inside a shard. The event loop
 * gets a turn before each.
 */
export const inProcessExecutor: ShardExecutor = {
  async map(shards, work) {
    const results = [];
    for (const shard of shards) {
      await setImmediate();
      results.push(await work(shard));
    }
    return results;
  },
};

/** The shards of rows 0..rows−1: `SHARD_ROWS` each, the last one shorter; none for no rows. */
export function cutIntoShards(rows: number): RowRange[] {
  return cutRows(rows, SHARD_ROWS);
}
