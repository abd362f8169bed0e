import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { DelayedError, type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Clock } from '../domain/clock.ts';
import { EngineError } from '../domain/errors.ts';
import { RefusedShardError, type RunShard, type ShardJob } from './engine.ts';
import { shownAddress } from './engine-address.ts';
import { queueName } from './redis-engine.ts';
import { connectRedis, KEY_PREFIX } from './redis-link.ts';
import { announceMember, type EngineMember, HEARTBEAT_MS, listMembers, removeMember } from './redis-members.ts';
import type { SharedFolder } from './shared-folder.ts';

/** A worker that has not renewed its lock for so long is taken for dead, and its shard goes to another. */
const LOCK_MS = 10_000;
const LOOK_FOR_STALLED_MS = 5_000;
/** A worker that was killed says nothing about its shard; a shard that so many did not survive does. */
const MOST_STALLS = 10;
/** A refused shard goes back to the queue and counts no try. */
const HAND_BACK_MS = 1_000;

export interface RedisWorkerOptions {
  readonly address: string;
  readonly folder: SharedFolder;
  readonly version: string;
  /** Shards at once, ≥ 1. */
  readonly concurrency: number;
  /** Runs a shard off the event loop of this process, so that locks are renewed in time. */
  readonly run: RunShard;
  readonly clock: Clock;
  /** Abort to take no more shards; those under way end. */
  readonly signal: AbortSignal;
  readonly onEvent?: (event: WorkerEvent) => void;
}

/** What a worker tells of itself. */
export type WorkerEvent =
  | { readonly kind: 'ready'; readonly address: string }
  | { readonly kind: 'done'; readonly shard: string }
  | { readonly kind: 'failed'; readonly shard: string; readonly reason: string };

/**
 * Runs shards until the signal.
 * @throws EngineError when the server cannot be used, or this worker is refused: other code or other weights than the
 *   coordinator's
 */
export async function runRedisWorker(options: RedisWorkerOptions): Promise<void> {
  const { address, version, concurrency, clock, signal, onEvent } = options;
  const redis = await connectRedis(address);
  const me = { id: `worker-${randomUUID()}`, role: 'worker', host: hostname(), version, concurrency } as const;
  const counts = { busy: 0, done: 0, failed: 0 };
  const stop = new AbortController();
  let refused: string | undefined;
  const refuse = (reason: string) => {
    refused ??= reason;
    stop.abort();
  };
  const onSignal = () => stop.abort();
  signal.addEventListener('abort', onSignal);
  if (signal.aborted) stop.abort();
  const worker = new Worker<ShardJob>(
    queueName(version),
    async (job, token) => {
      counts.busy += 1;
      try {
        await runJob(job, token, options, refuse);
        counts.done += 1;
        onEvent?.({ kind: 'done', shard: job.data.name });
      } finally {
        counts.busy -= 1;
      }
    },
    {
      connection: redis,
      prefix: KEY_PREFIX,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: LOOK_FOR_STALLED_MS,
      maxStalledCount: MOST_STALLS,
      drainDelay: 1,
    },
  );
  worker.on('error', () => undefined);
  worker.on('failed', (job, error) => {
    counts.failed += 1;
    onEvent?.({ kind: 'failed', shard: job?.data.name ?? 'unknown', reason: error.message });
  });
  onEvent?.({ kind: 'ready', address: shownAddress(address) });
  try {
    while (!stop.signal.aborted) {
      await beat(redis, { ...me, ...counts }, refuse);
      await clock.sleep(HEARTBEAT_MS, stop.signal).catch(() => undefined);
    }
    await worker.close();
    if (refused === undefined) await removeMember(redis, me.id);
    else await announceMember(redis, { ...me, ...counts, refused });
  } finally {
    signal.removeEventListener('abort', onSignal);
    redis.disconnect();
  }
  if (refused !== undefined) {
    throw new EngineError(`This worker was refused: ${refused}.`, {
      hint: 'Install the same version of winnow and the same model on every machine.',
    });
  }
}

async function runJob(
  job: Job<ShardJob>,
  token: string | undefined,
  { folder, run, clock }: RedisWorkerOptions,
  refuse: (reason: string) => void,
): Promise<void> {
  if (await folder.has(job.data.result)) return;
  try {
    await run(job.data);
  } catch (error) {
    if (!(error instanceof RefusedShardError)) throw error;
    refuse(error.message);
    await job.moveToDelayed(clock.now() + HAND_BACK_MS, token);
    throw new DelayedError();
  }
}

/** Says that the worker is there, and looks whether its code is that of a coordinator. A server that is away is waited for. */
async function beat(redis: Redis, me: EngineMember, refuse: (reason: string) => void): Promise<void> {
  if (redis.status !== 'ready') return;
  const members = await announceMember(redis, me)
    .then(() => listMembers(redis))
    .catch(() => []);
  const coordinators = members.filter(({ role }) => role === 'coordinator');
  const [first] = coordinators;
  if (first === undefined || coordinators.some(({ version }) => version === me.version)) return;
  refuse(`it runs winnow ${me.version}, the coordinator on ${first.host} runs ${first.version}`);
}
