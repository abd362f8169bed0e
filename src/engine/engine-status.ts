import { Queue } from 'bullmq';
import type { ShardJob } from './engine.ts';
import { shownAddress } from './engine-address.ts';
import { queueName } from './redis-engine.ts';
import { connectRedis, KEY_PREFIX } from './redis-link.ts';
import { type EngineMember, listMembers } from './redis-members.ts';

export interface EngineStatus {
  readonly address: string;
  /** Whose queue it is. */
  readonly version: string;
  readonly workers: readonly EngineMember[];
  readonly coordinators: readonly EngineMember[];
  readonly queue: { readonly waiting: number; readonly running: number; readonly failed: number };
  readonly failures: readonly { readonly shard: string; readonly tries: number; readonly reason: string }[];
}

const SHOWN_FAILURES = 20;

/** Who is there and what is queued. @throws EngineError when the server cannot be used */
export async function engineStatus(address: string, version: string): Promise<EngineStatus> {
  const redis = await connectRedis(address);
  try {
    const queue = new Queue<ShardJob>(queueName(version), { connection: redis, prefix: KEY_PREFIX });
    queue.on('error', () => undefined);
    const members = await listMembers(redis);
    const counts = await queue.getJobCounts('waiting', 'prioritized', 'delayed', 'active', 'failed');
    const failed = await queue.getFailed(0, SHOWN_FAILURES - 1);
    await queue.close();
    const { waiting = 0, prioritized = 0, delayed = 0, active = 0 } = counts;
    return {
      address: shownAddress(address),
      version,
      workers: members.filter(({ role }) => role === 'worker'),
      coordinators: members.filter(({ role }) => role === 'coordinator'),
      queue: { waiting: waiting + prioritized + delayed, running: active, failed: counts.failed ?? 0 },
      failures: failed.map(({ data, attemptsMade, failedReason }) => ({
        shard: data.name,
        tries: attemptsMade,
        reason: failedReason,
      })),
    };
  } finally {
    redis.disconnect();
  }
}
