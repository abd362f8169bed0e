import { type ChildProcess, spawn } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '../src/domain/clock.ts';
import type { Engine, RunShard, ShardJob } from '../src/engine/engine.ts';
import { openRedisEngine } from '../src/engine/redis-engine.ts';
import { runRedisWorker } from '../src/engine/redis-worker.ts';
import { fileNameOf, SharedFolder } from '../src/engine/shared-folder.ts';
import { type Benchmark, type Measurement, timed } from './benchmark.ts';

const PORT = 6391;
const ADDRESS = `redis://127.0.0.1:${PORT}`;
const PROGRAM = 'dist/cli/main.js';
const SLEEP_MS = 1_000;

/**
 * What a cluster costs beside its work: shards that do nothing, sleeping workers in place of many machines, and embedding by
 * one and by two workers, each held to one core. Needs redis-server, Linux and `npm run build`.
 */
export const machinesBenchmark: Benchmark = {
  name: 'machines',
  async run({ quick }) {
    const folder = mkdtempSync(join(tmpdir(), 'winnow-bench-'));
    const redis = spawn('redis-server', ['--port', String(PORT), '--bind', '127.0.0.1', '--save', '', '--dir', folder]);
    try {
      await lineOf(redis, 'Ready to accept connections');
      const lab = new Lab(new SharedFolder(join(folder, 'shared')));
      const count = quick ? 200 : 1_600;
      const embedded = existsSync(PROGRAM) ? await embedding(folder, quick ? 3_000 : 12_000) : [];
      return [await overhead(lab, count), await asleep(lab, count), ...embedded];
    } finally {
      redis.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

class Lab {
  readonly #folder: SharedFolder;
  #run = 0;

  constructor(folder: SharedFolder) {
    this.#folder = folder;
  }

  /** Runs shards on workers in this process; their results are empty. @returns seconds */
  async map(count: number, workers: number, work: () => Promise<void>): Promise<number> {
    const jobs = await this.#jobs(count);
    const stop = new AbortController();
    setMaxListeners(workers + 1, stop.signal);
    const run: RunShard = async ({ result }) => {
      await work();
      await this.#folder.write(result, new Uint8Array());
    };
    const common = { address: ADDRESS, folder: this.#folder, version: 'bench', clock: systemClock };
    const engine: Engine = await openRedisEngine(common);
    const running = Array.from({ length: workers }, () =>
      runRedisWorker({ ...common, concurrency: 1, run, signal: stop.signal }),
    );
    const { seconds } = await timed(() => engine.map(jobs));
    stop.abort();
    await Promise.all(running);
    await engine.close();
    return seconds;
  }

  async #jobs(count: number): Promise<ShardJob[]> {
    this.#run += 1;
    const input = fileNameOf(['input'], 'texts');
    await this.#folder.write(input, new Uint8Array());
    return Array.from({ length: count }, (_, shard) => ({
      kind: 'bench',
      name: `shard ${shard}`,
      input,
      result: fileNameOf([String(this.#run), String(shard)], 'vectors'),
      settings: {},
    }));
  }
}

async function overhead(lab: Lab, count: number): Promise<Measurement> {
  const seconds = await lab.map(count, 1, async () => {});
  return {
    what: `${count} empty shards, 1 worker`,
    seconds,
    rate: `${((1000 * seconds) / count).toFixed(1)} ms a shard`,
  };
}

async function asleep(lab: Lab, count: number): Promise<Measurement> {
  const workers = 100;
  const seconds = await lab.map(count, workers, () => systemClock.sleep(SLEEP_MS));
  const least = (Math.ceil(count / workers) * SLEEP_MS) / 1000;
  return {
    what: `${count} shards of ${SLEEP_MS / 1000} s, ${workers} sleeping workers`,
    seconds,
    rate: `${(count / seconds).toFixed(0)} shards/s`,
    peer: `without any overhead: ${least.toFixed(0)} s, ${((100 * least) / seconds).toFixed(0)} % of this`,
  };
}

/** Rates are of the whole command, once everything has started, less the time of the same command with its vectors there. */
async function embedding(folder: string, texts: number): Promise<Measurement[]> {
  const pool = join(folder, 'pool.jsonl');
  const text = (row: number) =>
    `Explain in ${row % 97} steps how machine ${row} of shop ${row % 1013} is repaired, and why.`;
  writeFileSync(pool, Array.from({ length: texts }, (_, row) => JSON.stringify({ instruction: text(row) })).join('\n'));
  const seconds: number[] = [];
  for (const workers of [1, 2]) {
    const shared = join(folder, `shared-${workers}`);
    const started = Array.from({ length: workers }, (_, core) =>
      spawn('taskset', [
        '-c',
        String(core),
        process.execPath,
        PROGRAM,
        'worker',
        '--engine',
        ADDRESS,
        '--engine-folder',
        shared,
      ]),
    );
    await Promise.all(started.map((worker) => lineOf(worker, 'Ready for shards')));
    const pick = () => {
      const engine = ['--engine', ADDRESS, '--engine-folder', shared, '--cache-dir', join(folder, `cache-${workers}`)];
      const output = ['--state', ':memory:', '-o', join(folder, 'picked.jsonl')];
      const args = [PROGRAM, 'pick', pool, '--count', '10', '--strategy', 'random', ...engine, ...output];
      return ended(spawn(process.execPath, args, { stdio: 'ignore' }));
    };
    const first = await timed(pick);
    const again = await timed(pick);
    seconds.push(first.seconds - again.seconds);
    const closed = Promise.all(started.map(ended));
    for (const worker of started) worker.kill('SIGTERM');
    await closed;
  }
  return seconds.map((taken, index) => ({
    what: `embed ${texts} short texts, ${index + 1} ${index === 0 ? 'worker' : 'workers'} of one core`,
    seconds: taken,
    rate: `${(texts / taken).toFixed(0)} texts/s`,
    ...(index > 0 && { peer: `1 worker: ${(seconds[0]! / taken).toFixed(2)} × slower` }),
  }));
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once('close', () => resolve()));
}

/** Waits until a program has printed the words. */
function lineOf(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout!, child.stderr!]) {
      createInterface({ input: stream }).on('line', (line) => {
        if (line.includes(words)) resolve();
      });
    }
    child.once('error', reject);
    child.once('close', () => reject(new Error(`The program ended before it printed "${words}".`)));
  });
}
