import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type JobState, Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Clock } from '../domain/clock.ts';
import { EngineError } from '../domain/errors.ts';
import { type Engine, type MapOptions, SHARD_TRIES, type ShardJob } from './engine.ts';
import { shownAddress } from './engine-address.ts';
import { connectRedis, KEY_PREFIX } from './redis-link.ts';
import { announceMember, type EngineMember, listMembers, removeMember } from './redis-members.ts';
import type { SharedFolder } from './shared-folder.ts';

/** Shards in Redis at a time: what it holds does not grow with the pool. */
const MOST_QUEUED = 512;
/** Events of a server that was emptied are lost, so every shard's state is looked at again and again. */
const CHECK_MS = 1_000;
const TRY_AGAIN_MS = 500;
/** Failed shards that stay in Redis, for `winnow engine status`. */
const KEPT_FAILURES = { age: 7 * 24 * 3600, count: 1_000 };
/** How long an interrupted run waits for a server that may be gone. */
const LEAVE_MS = 3_000;
const SHOWN_FAILURES = 3;

export interface RedisEngineOptions {
  readonly address: string;
  readonly folder: SharedFolder;
  readonly version: string;
  readonly clock: Clock;
  readonly onNote?: ((note: string) => void) | undefined;
}

/** Workers of another version never see the jobs of this one. BullMQ allows no colon in the name. */
export function queueName(version: string): string {
  return `shards-${version}`;
}

/**
 * Has workers run shards, through BullMQ on Redis. Redis holds the queue only: it may lose everything at any moment, and
 * what has no result is queued again.
 * @throws EngineError when the server cannot be used
 */
export async function openRedisEngine(options: RedisEngineOptions): Promise<Engine> {
  const redis = await connectRedis(options.address);
  const name = queueName(options.version);
  const queue = new Queue<ShardJob>(name, { connection: redis, prefix: KEY_PREFIX });
  const events = new QueueEvents(name, { connection: redis.duplicate(), prefix: KEY_PREFIX });
  // Lost connections are made again; `connectRedis` has said what waiting does not help.
  queue.on('error', () => undefined);
  events.on('error', () => undefined);
  return new RedisEngine(options, redis, queue, events);
}

/** Shards of one `map` by job id, which is the name of the result without its extension. */
interface Outstanding {
  readonly waiting: string[];
  readonly queued: Set<string>;
  readonly jobs: ReadonlyMap<string, { readonly job: ShardJob; readonly shards: readonly number[] }>;
  readonly failed: Map<string, string>;
  done: number;
  retries: number;
}

class RedisEngine implements Engine {
  readonly folder: SharedFolder;
  readonly #options: RedisEngineOptions;
  readonly #redis: Redis;
  readonly #queue: Queue<ShardJob>;
  readonly #events: QueueEvents;
  readonly #id = `coordinator-${randomUUID()}`;

  constructor(options: RedisEngineOptions, redis: Redis, queue: Queue<ShardJob>, events: QueueEvents) {
    this.folder = options.folder;
    this.#options = options;
    this.#redis = redis;
    this.#queue = queue;
    this.#events = events;
  }

  async map(jobs: readonly ShardJob[], options: MapOptions = {}): Promise<void> {
    const { signal } = options;
    signal?.throwIfAborted();
    const work = await this.#withoutResults(jobs, options);
    const ended = new EndedJobs();
    const onEnd = ({ jobId }: { readonly jobId: string }) => ended.add(jobId);
    const onAgain = () => {
      work.retries += 1;
    };
    this.#events.on('completed', onEnd).on('failed', onEnd).on('stalled', onAgain).on('delayed', onAgain);
    try {
      await this.#run(work, options, ended);
    } catch (error) {
      if (signal?.aborted) await this.#within(LEAVE_MS, this.#takeBack(work));
      throw error;
    } finally {
      this.#events.off('completed', onEnd).off('failed', onEnd).off('stalled', onAgain).off('delayed', onAgain);
      await this.#within(LEAVE_MS, removeMember(this.#redis, this.#id));
    }
    if (work.failed.size > 0) throw failedShards(work, jobs.length);
  }

  async close(): Promise<void> {
    await this.#within(LEAVE_MS, Promise.all([this.#queue.close(), this.#events.close()]));
    this.#redis.disconnect();
  }

  async #run(work: Outstanding, { signal, onResult, onProgress }: MapOptions, ended: EndedJobs): Promise<void> {
    const { clock, version, address, onNote } = this.#options;
    let hasSaid = false;
    let workers = 0;
    let checkedAt = Number.NEGATIVE_INFINITY;
    while (work.queued.size > 0 || work.waiting.length > 0) {
      signal?.throwIfAborted();
      const isTime = clock.elapsed() - checkedAt >= CHECK_MS;
      if (isTime) {
        checkedAt = clock.elapsed();
        const members = await this.#unlessAborted(this.#meet(work), signal);
        workers = members.filter((one) => isAtWork(one, version)).length;
        if (workers === 0 && !hasSaid) onNote?.(nobodyWorks(address, members, version));
        hasSaid ||= workers === 0;
      }
      onProgress?.({ done: work.done, total: totalOf(work), workers, retries: work.retries });
      await this.#unlessAborted(this.#enqueue(work), signal);
      if (isTime) await this.#unlessAborted(this.#collect(work, [...work.queued], onResult), signal);
      const rest = new AbortController();
      const resting = clock.sleep(CHECK_MS, rest.signal).catch(() => undefined);
      await this.#unlessAborted(Promise.race([ended.any(), resting]), signal).finally(() => rest.abort());
      await this.#unlessAborted(this.#collect(work, ended.take(work.queued), onResult), signal);
    }
    onProgress?.({ done: work.done, total: totalOf(work), workers, retries: work.retries });
  }

  /** A server that is gone answers nothing, however long one waits; Ctrl-C ends that. */
  async #unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    if (signal === undefined) return promise;
    const stop = new AbortController();
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { signal: stop.signal });
    });
    promise.catch(() => undefined);
    try {
      return await Promise.race([promise, aborted]);
    } finally {
      stop.abort();
    }
  }

  async #withoutResults(jobs: readonly ShardJob[], { onResult }: MapOptions): Promise<Outstanding> {
    const byId = new Map<string, { job: ShardJob; shards: number[] }>();
    for (const [shard, job] of jobs.entries()) {
      const known = byId.get(idOf(job));
      if (known === undefined) byId.set(idOf(job), { job, shards: [shard] });
      else known.shards.push(shard);
    }
    const work: Outstanding = { waiting: [], queued: new Set(), jobs: byId, failed: new Map(), done: 0, retries: 0 };
    for (const [id, { job }] of byId) {
      if (await this.folder.has(job.result)) await finish(work, id, onResult);
      else work.waiting.push(id);
    }
    return work;
  }

  async #meet(work: Outstanding) {
    const { version } = this.#options;
    const [done, failed] = [work.done, work.failed.size];
    const described = { id: this.#id, role: 'coordinator', host: hostname(), version, concurrency: 0 } as const;
    await announceMember(this.#redis, { ...described, busy: work.queued.size + work.waiting.length, done, failed });
    return listMembers(this.#redis);
  }

  async #enqueue(work: Outstanding): Promise<void> {
    const ids = work.waiting.splice(0, MOST_QUEUED - work.queued.size);
    for (const id of ids) work.queued.add(id);
    // A shard that failed for an earlier run gets three tries again.
    await Promise.all(
      ids.map(async (id) => {
        if ((await this.#queue.getJobState(id)) === 'failed') await this.#queue.remove(id);
      }),
    );
    await this.#add(work, ids);
  }

  async #add(work: Outstanding, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const backoff = { type: 'fixed', delay: TRY_AGAIN_MS };
    await this.#queue.addBulk(
      ids.map((jobId) => {
        const { job } = work.jobs.get(jobId)!;
        const opts = { jobId, attempts: SHARD_TRIES, backoff, removeOnComplete: true, removeOnFail: KEPT_FAILURES };
        return { name: job.kind, data: job, opts };
      }),
    );
  }

  /** Takes what is finished, and queues again what the server has lost. */
  async #collect(work: Outstanding, ids: readonly string[], onResult: MapOptions['onResult']): Promise<void> {
    const states = await Promise.all(ids.map((id) => this.#queue.getJobState(id)));
    const lost: string[] = [];
    for (const [index, id] of ids.entries()) {
      const state: JobState | 'unknown' = states[index]!;
      if (state === 'failed') {
        work.queued.delete(id);
        work.failed.set(id, (await this.#queue.getJob(id))?.failedReason ?? 'no reason was given');
      } else if (state === 'completed' || state === 'unknown') {
        if (await this.folder.has(work.jobs.get(id)!.job.result)) await finish(work, id, onResult);
        else lost.push(id);
      }
    }
    work.retries += lost.length;
    await this.#add(work, lost);
  }

  async #takeBack(work: Outstanding): Promise<void> {
    await Promise.all([...work.queued].map((id) => this.#queue.remove(id)));
  }

  async #within(ms: number, promise: Promise<unknown>): Promise<void> {
    const stop = new AbortController();
    await Promise.race([
      promise.catch(() => undefined),
      this.#options.clock.sleep(ms, stop.signal).catch(() => undefined),
    ]);
    stop.abort();
  }
}

/** Jobs that Redis says have ended, since they were last taken. */
class EndedJobs {
  #ids = new Set<string>();
  #wake: (() => void) | undefined;

  add(id: string): void {
    this.#ids.add(id);
    this.#wake?.();
  }

  /** Fulfilled as soon as there is one. */
  any(): Promise<void> {
    if (this.#ids.size > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** @param of those of other runs are left out */
  take(of: ReadonlySet<string>): string[] {
    const taken = [...this.#ids].filter((id) => of.has(id));
    this.#ids = new Set();
    return taken;
  }
}

function idOf({ result }: ShardJob): string {
  return result.split('.')[0]!;
}

function totalOf({ jobs }: Outstanding): number {
  return [...jobs.values()].reduce((sum, { shards }) => sum + shards.length, 0);
}

async function finish(work: Outstanding, id: string, onResult: MapOptions['onResult']): Promise<void> {
  work.queued.delete(id);
  for (const shard of work.jobs.get(id)!.shards) {
    await onResult?.(shard);
    work.done += 1;
  }
}

function isAtWork({ role, refused, version }: EngineMember, needed: string): boolean {
  return role === 'worker' && refused === undefined && version === needed;
}

function nobodyWorks(address: string, members: readonly EngineMember[], version: string): string {
  const other = members.find((one) => one.role === 'worker');
  const why =
    other === undefined ? '' : ` ${other.host}: ${other.refused ?? `it runs winnow ${other.version}, not ${version}`}.`;
  return `No worker is running at ${shownAddress(address)}; waiting for one.${why}`;
}

function failedShards({ failed, jobs }: Outstanding, total: number): EngineError {
  const named = [...failed].slice(0, SHOWN_FAILURES).map(([id, reason]) => `${jobs.get(id)!.job.name} (${reason})`);
  const more = failed.size > SHOWN_FAILURES ? `, and ${failed.size - SHOWN_FAILURES} more` : '';
  return new EngineError(`${failed.size} of ${total} shards failed: ${named.join(', ')}${more}.`, {
    hint: `Each was tried ${SHARD_TRIES} times. The results of the others are saved. Fix the cause and run the same command again.`,
  });
}
