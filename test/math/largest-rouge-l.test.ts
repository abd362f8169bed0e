import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { mapInThreads, threadModule } from '../../src/engine/map-in-threads.ts';
import { cutRows } from '../../src/engine/shards.ts';
import { largestRougeL } from '../../src/math/largest-rouge-l.ts';
import { seededRandom } from '../../src/math/random.ts';
import { tokenLists } from '../../src/math/token-lists.ts';
import { plainLcs } from './plain-lcs.ts';

/** Every pair by the plain table. */
function naive(lists: readonly Int32Array[], others: readonly number[], count = lists.length): number[] {
  return lists.slice(0, count).map((list, position) => {
    const compared = others.includes(position) ? others.filter((other) => other !== position) : others.slice(0, -1);
    return Math.max(
      0,
      ...compared.map((other) => {
        const common = plainLcs(list, lists[other]!);
        return common === 0 ? 0 : (2 * common) / (list.length + lists[other]!.length);
      }),
    );
  });
}

/** Lists that share beginnings, as texts of one template do. */
function drawLists(count: number, seed: number): Int32Array[] {
  const random = seededRandom(seed, 'lists');
  const draw = (most: number) => Array.from({ length: random.below(most) }, () => random.below(30) * random.below(2));
  const templates = Array.from({ length: 5 }, () => draw(50));
  return Array.from({ length: count }, () => Int32Array.from([...templates[random.below(5)]!, ...draw(40)]));
}

describe('the largest ROUGE-L with others', () => {
  it('is what comparing every pair gives, each with equally many others and never with itself', async () => {
    const list = fc.array(fc.integer({ min: -1, max: 12 }), { maxLength: 45 }).map((ids) => Int32Array.from(ids));
    const instance = fc
      .array(list, { minLength: 1, maxLength: 30 })
      .chain((lists) => fc.tuple(fc.constant(lists), fc.shuffledSubarray([...lists.keys()])));
    await fc.assert(
      fc.asyncProperty(instance, async ([lists, others]) => {
        const largest = await largestRougeL(tokenLists(lists), Int32Array.from(others));
        expect([...largest]).toEqual(naive(lists, others));
      }),
      { numRuns: 300 },
    );
  });

  it('is worked by hand for four texts', async () => {
    const lists = [
      [0, 1, 2, 3],
      [0, 4, 2, 3],
      [3, 2, 1],
      [-1, -1],
    ].map((ids) => Int32Array.from(ids));
    // The first two share 0 2 3; the third has 3 or 2 or 1 in common with them; unknown words match nothing.
    const largest = await largestRougeL(tokenLists(lists), Int32Array.of(0, 1, 2, 3));
    expect([...largest]).toEqual([3 / 4, 3 / 4, 2 / 7, 0]);
  });

  it('is exact where figures lie closer together than bounds are sorted', async () => {
    const words = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);
    const swapped = words(0, 40).map((word) => word ^ 1);
    const lists = [
      words(0, 40),
      // A bound of 80/110, but only every other word in order: 40/110.
      [...swapped, ...words(100, 30)],
      // Nothing but its bound, 40/109: of the same 256th.
      [...words(0, 20), ...words(200, 49)],
    ].map((ids) => Int32Array.from(ids));
    expect(Math.floor((256 * 40) / 110)).toBe(Math.floor((256 * 40) / 109));
    expect((await largestRougeL(tokenLists(lists), Int32Array.of(0, 1, 2)))[0]).toBe(40 / 109);
    // And what is below the first 256th is not nothing.
    const far = [[7], words(0, 600)].map((ids) => Int32Array.from(ids));
    expect([...(await largestRougeL(tokenLists(far), Int32Array.of(0, 1)))]).toEqual([2 / 601, 2 / 601]);
  });

  it('starts threads where there is much to do or they are asked for, else none', async () => {
    let started = 0;
    const onWorker = () => {
      started += 1;
    };
    process.on('worker', onWorker);
    onTestFinished(() => void process.off('worker', onWorker));
    const threadsOf = async (length: number, threads?: number) => {
      // Words that nothing matches, so that it takes no time.
      const texts = tokenLists(Array.from({ length: 300 }, () => new Int32Array(length).fill(-1)));
      const others = Int32Array.from({ length: 300 }, (_, index) => index);
      const before = started;
      await largestRougeL(texts, others, threads === undefined ? {} : { threads });
      return started - before;
    };
    expect(await threadsOf(10)).toBe(0);
    expect(await threadsOf(10, 2)).toBe(2);
    // 300 · 300 · 3,000 words are above 2²⁸. There are five shards.
    expect(await threadsOf(3_000)).toBe(Math.min(availableParallelism(), 5));
  });

  it('is the same to the last bit for any number of threads, and told as it goes', async () => {
    const lists = drawLists(2_000, 1);
    const others = seededRandom(2)
      .shuffle([...lists.keys()])
      .slice(0, 60);
    const texts = tokenLists(lists);
    const inProcess = await largestRougeL(texts, Int32Array.from(others), { threads: 0 });
    expect([...inProcess.subarray(0, 100)]).toEqual(naive(lists, others, 100));
    for (const threads of [1, 3]) {
      const told: number[] = [];
      const onProgress = ({ done }: { done: number }) => told.push(done);
      expect(await largestRougeL(texts, Int32Array.from(others), { threads, onProgress })).toEqual(inProcess);
      expect(told).toEqual([...Array.from({ length: 31 }, (_, index) => 64 * (index + 1)), 2_000]);
    }
  });

  it('stops when told to, in threads and without', async () => {
    const texts = tokenLists(drawLists(3_000, 1));
    const others = Int32Array.from({ length: 50 }, (_, index) => index);
    for (const threads of [0, 2]) {
      const stop = new AbortController();
      const reason = new Error('enough');
      const done: number[] = [];
      const stopped = largestRougeL(texts, others, {
        threads,
        signal: stop.signal,
        onProgress: (event) => {
          done.push(event.done);
          stop.abort(reason);
        },
      });
      await expect(stopped).rejects.toBe(reason);
      expect(done.length).toBeLessThan(6);
      await expect(largestRougeL(texts, others, { threads, signal: stop.signal })).rejects.toBe(reason);
    }
  });
});

describe('threads', () => {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-threads-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let modules = 0;
  function moduleOf(source: string): URL {
    modules += 1;
    const path = join(folder, `module-${modules}.mjs`);
    writeFileSync(path, `import { parentPort, workerData } from 'node:worker_threads';\n${source}`);
    return pathToFileURL(path);
  }
  const shards = cutRows(10, 2);

  it('answer in the order of the shards, whichever ends first', async () => {
    const module = moduleOf(`
      parentPort.on('message', ({ start }) => setTimeout(() => parentPort.postMessage(start + workerData), 50 - 5 * start));
    `);
    for (const threads of [1, 2, 9]) {
      expect(await mapInThreads(module, 100, shards, { threads })).toEqual([100, 102, 104, 106, 108]);
    }
    expect(await mapInThreads(module, 100, [])).toEqual([]);
  });

  it.each([
    ['throws', 'parentPort.on("message", () => { throw new Error("no memory left"); });', 'failed: no memory left'],
    ['ends', 'parentPort.on("message", () => process.exit(0));', 'ended before its work was done'],
    ['does not start', 'import "./no-such-module.mjs";', 'failed: Cannot find module'],
  ])('are an error, not fewer results, when one %s', async (_, source, message) => {
    await expect(mapInThreads(moduleOf(source), null, shards, { threads: 2 })).rejects.toThrow(
      expect.objectContaining({ code: 'THREAD_FAILED', message: expect.stringContaining(message) }),
    );
  });

  it('end at once when told to, in the middle of their work', async () => {
    const stop = new AbortController();
    const module = moduleOf('parentPort.on("message", () => { parentPort.postMessage(0); for (;;); });');
    const onShard = () => stop.abort(new Error('enough'));
    const { signal } = stop;
    await expect(mapInThreads(module, null, shards, { threads: 2, signal, onShard })).rejects.toThrow('enough');
  });

  it('pass on what the listener throws', async () => {
    const module = moduleOf('parentPort.on("message", () => parentPort.postMessage(0));');
    const onShard = () => {
      throw new Error('the listener');
    };
    await expect(mapInThreads(module, null, shards, { onShard })).rejects.toThrow('the listener');
  });

  it('run the file beside their importer, compiled where it is', () => {
    expect(threadModule('file:///a/src/math/x.ts', 'y').href).toBe('file:///a/src/math/y.ts');
    expect(threadModule('file:///a/dist/math/x.js', 'y').href).toBe('file:///a/dist/math/y.js');
  });
});
