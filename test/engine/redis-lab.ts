import { systemClock } from '../../src/domain/clock.ts';
import type { RunShard, ShardJob } from '../../src/engine/engine.ts';
import { openRedisEngine } from '../../src/engine/redis-engine.ts';
import { runRedisWorker, type WorkerEvent } from '../../src/engine/redis-worker.ts';
import { fileNameOf, SharedFolder } from '../../src/engine/shared-folder.ts';

export const VERSION = '1.0.0';

/** A coordinator and workers in this process, on a real server. Their work is to write what they read in capitals. */
export class RedisLab {
  readonly folder: SharedFolder;
  readonly address: string;
  /** Names of shards, as often as they were run. */
  readonly ran: string[] = [];
  readonly notes: string[] = [];
  readonly #stops: (() => Promise<unknown>)[] = [];

  constructor(address: string, path: string) {
    this.address = address;
    this.folder = new SharedFolder(path);
  }

  readonly capitals: RunShard = async ({ name, input, result }) => {
    this.ran.push(name);
    const text = Buffer.from((await this.folder.read(input))!).toString();
    await this.folder.write(result, Buffer.from(text.toUpperCase()));
  };

  async jobs(count: number): Promise<ShardJob[]> {
    const jobs: ShardJob[] = [];
    for (let shard = 0; shard < count; shard += 1) {
      const input = fileNameOf(['input', String(shard)], 'texts');
      await this.folder.write(input, Buffer.from(`shard ${shard}`));
      jobs.push({
        kind: 'capitals',
        name: `shard ${shard}`,
        input,
        result: fileNameOf(['result', input], 'vectors'),
        settings: {},
      });
    }
    return jobs;
  }

  async results(jobs: readonly ShardJob[]): Promise<(string | undefined)[]> {
    const all = await Promise.all(jobs.map(({ result }) => this.folder.read(result)));
    return all.map((bytes) => bytes && Buffer.from(bytes).toString());
  }

  async engine(version = VERSION) {
    const { address, folder } = this;
    const onNote = (note: string) => this.notes.push(note);
    const engine = await openRedisEngine({ address, folder, version, clock: systemClock, onNote });
    this.#stops.push(() => engine.close());
    return engine;
  }

  /** @returns how to stop it, and what it ended with */
  worker({ run = this.capitals, version = VERSION, concurrency = 1 } = {}) {
    const stop = new AbortController();
    const events: WorkerEvent[] = [];
    const { address, folder } = this;
    const ended = runRedisWorker({
      ...{ address, folder, version, concurrency, run, clock: systemClock, signal: stop.signal },
      onEvent: (event) => events.push(event),
    });
    ended.catch(() => undefined);
    const end = () => {
      stop.abort();
      return ended.catch(() => undefined);
    };
    this.#stops.unshift(end);
    return { ended, end, events };
  }

  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0)) await stop();
  }
}
