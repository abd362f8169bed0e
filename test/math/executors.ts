import type { ShardExecutor } from '../../src/engine/shards.ts';

/** All shards at once, the last one first. */
export const backwards: ShardExecutor = {
  map: async (shards, work) => (await Promise.all([...shards].reverse().map((shard) => work(shard)))).reverse(),
};
