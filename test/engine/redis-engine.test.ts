import { afterEach, describe, expect, test } from 'vitest';
import { RefusedShardError, type ShardProgress } from '../../src/engine/engine.ts';
import { engineAddress, shownAddress } from '../../src/engine/engine-address.ts';
import { engineStatus } from '../../src/engine/engine-status.ts';
import { connectRedis } from '../../src/engine/redis-link.ts';
import { HAS_REDIS, sharedRedis, startRedis } from '../support/redis-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';
import { RedisLab, VERSION } from './redis-lab.ts';

const temporary = temporaryFolder();

describe.runIf(HAS_REDIS)('shards that workers run through Redis', async () => {
  const redis = HAS_REDIS ? await sharedRedis() : undefined;
  let labs: RedisLab[] = [];
  const openLab = () => {
    const lab = new RedisLab(redis!.address, temporary.file(`lab-${labs.length}-${Math.floor(performance.now())}`));
    labs.push(lab);
    return lab;
  };
  afterEach(async () => {
    for (const lab of labs) await lab.close();
    labs = [];
    const link = await connectRedis(redis!.address);
    await link.flushall();
    link.disconnect();
  });

  test('each is run once, whichever worker takes it, and told of when its result is there', async () => {
    const lab = openLab();
    const jobs = await lab.jobs(40);
    for (let worker = 0; worker < 3; worker += 1) lab.worker({ concurrency: 2 });
    const told: number[] = [];
    const progress: ShardProgress[] = [];
    const engine = await lab.engine();
    await engine.map(jobs, {
      onResult: async (shard) => {
        expect(await lab.folder.has(jobs[shard]!.result)).toBe(true);
        told.push(shard);
      },
      onProgress: (one) => progress.push(one),
    });
    expect(await lab.results(jobs)).toEqual(jobs.map((_, shard) => `SHARD ${shard}`));
    expect(told.sort((a, b) => a - b)).toEqual(jobs.map((_, shard) => shard));
    expect([...lab.ran].sort()).toEqual(jobs.map(({ name }) => name).sort());
    expect(progress.at(-1)).toMatchObject({ done: 40, total: 40, retries: 0 });
    expect(Math.max(...progress.map(({ workers }) => workers))).toBeGreaterThan(0);
  });

  test('one that has a result is not run again, one that stands twice is run once', async () => {
    const lab = openLab();
    const jobs = await lab.jobs(4);
    lab.worker();
    const engine = await lab.engine();
    await engine.map(jobs.slice(0, 2));
    const told: number[] = [];
    await engine.map([...jobs, jobs[3]!], { onResult: (shard) => void told.push(shard) });
    expect(lab.ran.sort()).toEqual(['shard 0', 'shard 1', 'shard 2', 'shard 3']);
    expect(told.sort()).toEqual([0, 1, 2, 3, 4]);
  });

  test('one that fails is tried three times and then reported by name, when all others are done', async () => {
    const lab = openLab();
    const jobs = await lab.jobs(5);
    const tries: string[] = [];
    const worker = lab.worker({
      run: async (job) => {
        tries.push(job.name);
        if (job.name === 'shard 2') throw new Error('out of memory');
        await lab.capitals(job);
      },
    });
    const engine = await lab.engine();
    let retries = 0;
    const mapping = engine.map(jobs, {
      onProgress: (progress) => {
        retries = progress.retries;
      },
    });
    await expect(mapping).rejects.toMatchObject({
      code: 'ENGINE',
      message: '1 of 5 shards failed: shard 2 (out of memory).',
      hint: expect.stringContaining('tried 3 times'),
    });
    expect(tries.filter((name) => name === 'shard 2')).toHaveLength(3);
    expect(retries).toBe(2);
    const others = [0, 1, 3, 4].map((shard) => `SHARD ${shard}`);
    expect((await lab.results(jobs)).filter((one) => one !== undefined)).toEqual(others);
    let status = await engineStatus(lab.address, VERSION);
    // A worker tells of itself now and then.
    while (status.workers[0]?.done !== 4) status = await engineStatus(lab.address, VERSION);
    expect(status).toMatchObject({
      address: lab.address,
      workers: [{ done: 4, failed: 3, concurrency: 1, version: VERSION }],
      queue: { waiting: 0, running: 0, failed: 1 },
      failures: [{ shard: 'shard 2', tries: 3, reason: 'out of memory' }],
    });
    // The same command tries it again.
    await worker.end();
    lab.worker();
    await engine.map(jobs);
    expect(await lab.results(jobs)).toEqual(jobs.map((_, shard) => `SHARD ${shard}`));
  });

  test('a server that loses everything in the middle gets again what has no result', async () => {
    const lab = openLab();
    const jobs = await lab.jobs(12);
    const engine = await lab.engine();
    const mapping = engine.map(jobs);
    const link = await connectRedis(lab.address);
    const isQueued = async () => (await engineStatus(lab.address, VERSION)).queue.waiting > 0;
    while (!(await isQueued()));
    await link.flushall();
    link.disconnect();
    lab.worker();
    await mapping;
    expect(await lab.results(jobs)).toEqual(jobs.map((_, shard) => `SHARD ${shard}`));
  });

  test('an interrupted run takes back what has not begun, leaves workers idle, and the next run goes on', async () => {
    const lab = openLab();
    const jobs = await lab.jobs(6);
    const stop = new AbortController();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const worker = lab.worker({
      run: async (job) => {
        await lab.capitals(job);
        await held;
      },
    });
    const engine = await lab.engine();
    const mapping = engine.map(jobs, { signal: stop.signal });
    mapping.catch(() => undefined);
    await until(() => lab.ran.length === 1, 'a shard to begin');
    stop.abort(new Error('stopped'));
    await expect(mapping).rejects.toThrow('stopped');
    release();
    await until(() => worker.events.some(({ kind }) => kind === 'done'), 'the shard to end');
    expect(await engineStatus(lab.address, VERSION)).toMatchObject({
      coordinators: [],
      queue: { waiting: 0, failed: 0 },
    });
    expect(lab.ran).toHaveLength(1);
    await engine.map(jobs);
    expect(lab.ran.sort()).toEqual(jobs.map(({ name }) => name));
  });

  test('a worker with other weights is refused; its shard goes to another, and no try is counted', async () => {
    const lab = openLab();
    const jobs = await lab.jobs(3);
    const engine = await lab.engine();
    const refused = lab.worker({ run: () => Promise.reject(new RefusedShardError('its weights differ')) });
    const mapping = engine.map(jobs);
    await expect(refused.ended).rejects.toMatchObject({
      code: 'ENGINE',
      message: 'This worker was refused: its weights differ.',
    });
    expect((await engineStatus(lab.address, VERSION)).workers).toMatchObject([{ refused: 'its weights differ' }]);
    lab.worker();
    await mapping;
    expect(await lab.results(jobs)).toEqual(['SHARD 0', 'SHARD 1', 'SHARD 2']);
    expect((await engineStatus(lab.address, VERSION)).queue.failed).toBe(0);
  });

  test('a worker with other code is refused, and the run says why nothing happens', async () => {
    const lab = openLab();
    const jobs = await lab.jobs(2);
    const stop = new AbortController();
    const mapping = (await lab.engine()).map(jobs, { signal: stop.signal });
    mapping.catch(() => undefined);
    const worker = lab.worker({ version: '0.9.0' });
    await expect(worker.ended).rejects.toMatchObject({
      message: expect.stringMatching(
        /^This worker was refused: it runs winnow 0\.9\.0, the coordinator on .* runs 1\.0\.0\.$/,
      ),
    });
    expect(lab.ran).toEqual([]);
    expect(lab.notes[0]).toContain(`No worker is running at ${lab.address}; waiting for one.`);
    stop.abort(new Error('stopped'));
    await expect(mapping).rejects.toThrow('stopped');
  });
});

describe('an address', () => {
  test('is that of a Redis, takes the password from elsewhere, and is shown without it', () => {
    expect(engineAddress('redis://host:6379', 'se/cret')).toBe('redis://:se%2Fcret@host:6379');
    expect(engineAddress('rediss://user@host', 'x')).toBe('rediss://user:x@host');
    expect(shownAddress(engineAddress('redis://user:secret@host:6379'))).toBe('redis://host:6379');
    for (const wrong of ['host:6379', 'http://host', 'redis://', '']) {
      expect(() => engineAddress(wrong)).toThrow(/redis:\/\/host:6379/);
    }
  });

  test.runIf(HAS_REDIS)('of a server that may drop jobs is refused', async () => {
    const server = await startRedis(['--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru']);
    try {
      await expect(connectRedis(server.address)).rejects.toMatchObject({
        code: 'ENGINE',
        message: expect.stringContaining('its maxmemory-policy is allkeys-lru'),
      });
    } finally {
      await server.stop();
    }
  });

  test.runIf(HAS_REDIS)(
    'where nothing answers, or the password is wrong, is reported without the password',
    async () => {
      const server = await startRedis(['--requirepass', 'right']);
      const wrong = engineAddress(server.address, 'wrong-secret');
      await expect(connectRedis(wrong)).rejects.toMatchObject({
        code: 'ENGINE',
        message: expect.not.stringContaining('wrong-secret'),
      });
      (await connectRedis(engineAddress(server.address, 'right'))).disconnect();
      await server.stop();
      await expect(connectRedis(wrong)).rejects.toMatchObject({
        code: 'ENGINE',
        message: expect.stringContaining('ECONNREFUSED'),
      });
    },
  );
});
