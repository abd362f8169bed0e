import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/math/random.ts';
import { HAS_REDIS, sharedRedis } from '../support/redis-server.ts';
import { type CliRun, runCli, startCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
/** Three shards. */
const pool = folder.write(
  'pool.jsonl',
  Array.from({ length: 2_300 }, (_, row) => `${JSON.stringify({ instruction: `Name ${row} rivers` })}\n`).join(''),
);

describe.runIf(HAS_REDIS)('winnow pick --engine', async () => {
  const redis = HAS_REDIS ? await sharedRedis() : undefined;
  const workers = new Set<CliRun>();
  const options = { cwd: folder.path };
  const startWorker = async () => {
    const worker = startCli(['worker', '--engine', redis!.address, '--engine-folder', 'shared'], {
      ...options,
      environment: { OPENAI_API_KEY: 'sk-secret' },
    });
    workers.add(worker);
    await worker.printed('Ready for shards');
    return worker;
  };
  const endWorkers = async () => {
    for (const { process, ended } of workers) {
      process.kill('SIGTERM');
      await ended;
    }
    workers.clear();
  };
  afterAll(endWorkers);
  const pickFrom = (file: string, name: string, shared?: string) => [
    ...['pick', file, '-n', '12', '-o', `${name}.jsonl`, '--state', `${name}.db`, '--cache-dir', `cache-${name}`],
    ...(shared === undefined ? [] : ['--engine', redis!.address, '--engine-folder', shared]),
  ];
  const picked = (name: string) => readFileSync(folder.file(`${name}.jsonl`), 'utf8');

  it('gives the picks of this machine, byte for byte, and runs no finished shard again', async () => {
    const here = await runCli(pickFrom(pool, 'here'), options);
    expect(here.code, here.stderr).toBe(0);

    await startWorker();
    const one = await runCli(pickFrom(pool, 'one', 'shared'), options);
    expect(one.code, one.stderr).toBe(0);
    expect(one.stderr).toContain('Embedding');
    expect(picked('one')).toBe(picked('here'));
    const made = readdirSync(folder.file('shared'), { recursive: true, encoding: 'utf8' });
    expect(made.filter((name) => name.endsWith('.vectors'))).toHaveLength(4);
    expect(made.filter((name) => name.endsWith('.tmp'))).toEqual([]);

    // What was done before is not done again: no worker is needed.
    await endWorkers();
    const again = await runCli(pickFrom(pool, 'again', 'shared'), options);
    expect(again.code, again.stderr).toBe(0);
    expect(picked('again')).toBe(picked('here'));
  });

  it('survives workers that are killed and a server that loses everything', async () => {
    const random = seededRandom(1, 'cluster', 0);
    const more = folder.write('more.jsonl', readFileSync(pool, 'utf8').replaceAll('rivers', 'lakes'));
    const start = () => {
      const worker = startCli(['worker', '--engine', redis!.address, '--engine-folder', 'shared-2'], options);
      workers.add(worker);
      return worker;
    };
    const first = start();
    const second = start();
    const run = startCli(pickFrom(more, 'killed', 'shared-2'), options);
    await Promise.race([first.printed('Done'), second.printed('Done')]);
    const victim = random.below(2) === 0 ? first : second;
    victim.process.kill('SIGKILL');
    await victim.ended;
    workers.delete(victim);
    await redis!.restart();
    start();
    const { code, stderr } = await run.ended;
    expect(code, stderr).toBe(0);
    await endWorkers();
    const alone = await runCli(pickFrom(more, 'alone'), options);
    expect(alone.code, alone.stderr).toBe(0);
    expect(picked('killed')).toBe(picked('alone'));
  });

  it('lists workers, queue and failures, also as JSON', async () => {
    await startWorker();
    const status = (...more: string[]) => runCli(['engine', 'status', '--engine', redis!.address, ...more], options);
    let shown = await status();
    while (!/ready/.test(shown.stdout)) shown = await status();
    expect(shown.stdout).toMatch(/0 shards waiting, 0 running, 0 failed/);
    expect(shown.stdout).toMatch(/worker +running +done +failed +state/);
    const { workers: listed, queue, failures } = JSON.parse((await status('--json')).stdout);
    expect(listed).toMatchObject([{ role: 'worker', busy: 0, concurrency: 1 }]);
    expect({ queue, failures }).toEqual({ queue: { waiting: 0, running: 0, failed: 0 }, failures: [] });
  });
});

it('an address that is none ends with exit code 2, a server that does not answer with 1', async () => {
  const options = { cwd: folder.path };
  const wrong = await runCli(['worker', '--engine', 'localhost'], options);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('redis://host:6379') });
  const silent = await runCli(['engine', 'status', '--engine', 'redis://127.0.0.1:1'], options);
  expect(silent).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/Redis at redis:\/\/127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED.*[^.]\.\n/),
  });
});
