// One process of a worker: it runs the shards it is sent, one at a time, and ends with its parent.
import { RefusedShardError, type ShardJob } from '../engine/engine.ts';
import { SharedFolder } from '../engine/shared-folder.ts';
import { ShardEmbedding } from '../models/embedders/embed-shard.ts';

/** What the parent is told of a shard. */
export interface ShardAnswer {
  readonly ended: 'done' | 'failed' | 'refused';
  readonly reason?: string;
}

const work = new ShardEmbedding(new SharedFolder(process.argv[2]!));

process.on('message', (job: ShardJob) => {
  work.run(job).then(
    () => answer({ ended: 'done' }),
    (error: unknown) =>
      answer({ ended: error instanceof RefusedShardError ? 'refused' : 'failed', reason: (error as Error).message }),
  );
});
// Ctrl-C reaches all processes of a terminal; the parent lets this one finish its shard.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());

function answer(message: ShardAnswer): void {
  process.send?.(message);
}
