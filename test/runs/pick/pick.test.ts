import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type PickOptions,
  type ProgressEvent,
  parseUsd,
  pick,
  pickRecord,
  planPick,
  WinnowError,
} from '../../../src/index.ts';
import { type ChatAnswerer, chooseBadly, chooseLongest, SPOILS } from '../../support/chat-answers.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
import type { Fault, ProviderServer } from '../../support/provider-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { writeTinyPool } from '../../support/tiny-pool.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const folder = temporaryFolder();
const tiny = writeTinyPool(folder, 48);
const offline: PickOptions = {
  ...tiny,
  count: 8,
  strategy: 'selectllm',
  state: ':memory:',
  cacheFolder: folder.file('cache'),
};

let server: ProviderServer | undefined;
afterEach(() => server?.close());

/** Options for a run of 6 queries through a server that answers as told. */
async function online(chat: ChatAnswerer, more: Partial<PickOptions> = {}): Promise<PickOptions> {
  server = await startOpenAiServer({ chat });
  return {
    ...offline,
    count: 12,
    strategyOptions: { perQuery: 2, itemsPerQuery: 8 },
    provider: 'openai',
    model: 'gpt-4o-mini',
    baseUrl: `${server.url}/v1`,
    apiKey: 'key',
    clock: new VirtualClock().runByItself(),
    timeoutMs: 60_000,
    ...more,
  };
}

/** Refuses prompts with a text, as Azure's content filter does. */
const filtering =
  (refused: RegExp, chat: ChatAnswerer): ChatAnswerer =>
  (prompt) =>
    refused.test(prompt.text)
      ? { fault: 'status', status: 400, message: 'Your prompt triggered the content management policy.' }
      : chat(prompt);

describe('a text that a content filter refuses', () => {
  it('fails its own query alone, however many there are, and is never asked again', async () => {
    const state = folder.file('filtered.db');
    // Four of six queries, so that three in a row would stop the run.
    let queries = 0;
    const options = await online(chooseLongest, { state });
    await server!.close();
    const asking = await online(
      (prompt) => {
        queries += 1;
        return filtering(queries <= 4 ? /./ : /^$/, chooseLongest)(prompt);
      },
      { state, concurrency: 1 },
    );
    const { picks, summary } = await pick({ ...options, ...asking });
    expect(summary).toMatchObject({ end: 'short', stoppedBy: null });
    expect(picks).toHaveLength(4);
    const failed = { failure: expect.stringContaining('content filter'), isRefused: true };
    expect(summary.queries).toMatchObject({ chosen: 2, unasked: 0, failed: Array(4).fill(failed) });
    expect(server!.requests).toHaveLength(6);
    for (const retryFailed of [false, true]) {
      const again = (await pick({ ...options, ...asking, retryFailed })).summary;
      expect(again.queries).toMatchObject({ chosen: 2, failed: Array(4).fill(failed) });
      expect(server!.requests).toHaveLength(6);
    }
  });
});

describe('pick, as a function', () => {
  it('returns picks, records and a summary, and tells its progress', async () => {
    const events: ProgressEvent[] = [];
    const strategyOptions = { perQuery: 4, itemsPerQuery: 20 };
    const { picks, summary } = await pick({ ...offline, strategyOptions, onProgress: (event) => events.push(event) });
    expect(picks.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(new Set(picks.map(({ position }) => position)).size).toBe(8);
    expect(pickRecord(picks[0]!)).toMatchObject({ ...picks[0]!.instruction.record, winnow: { rank: 1 } });
    expect(summary).toMatchObject({ end: 'complete', picked: 8, seed: 0, resumed: false });
    expect(new Set(events.map(({ phase }) => phase))).toEqual(new Set(['read', 'group', 'cover', 'choose']));
    expect(events.at(-1)).toMatchObject({ phase: 'choose', done: 2, total: 2 });
  });

  it('covers the pool without an LLM, has an LLM choose where one is named, unless a strategy is', async () => {
    const { strategy: _, ...unnamed } = offline;
    const free = await pick(unnamed);
    expect(free.summary.strategy).toBe('facility-location');
    expect(free.summary.notes.map(String).filter((note) => note.includes('without an LLM'))).toHaveLength(1);
    const { strategy: __, ...asking } = await online(chooseLongest);
    expect((await pick(asking)).summary.strategy).toBe('selectllm');
    const named = await pick({ ...asking, strategyOptions: {}, strategy: 'k-means', state: ':memory:' });
    expect(named.summary).toMatchObject({ strategy: 'k-means', provider: null });
  });

  it('picks otherwise with another seed, and the same with the same', async () => {
    const strategyOptions = { perQuery: 4, itemsPerQuery: 20 };
    const positions = async (seed: number) =>
      (await pick({ ...offline, strategyOptions, seed })).picks.map(({ position }) => position);
    expect(await positions(1)).toEqual(await positions(1));
    expect(await positions(1)).not.toEqual(await positions(2));
  });

  it.each(['diverse', 'similar', 'random'])('plans the partition %s without asking anything', async (partition) => {
    const plan = await planPick({ ...offline, strategyOptions: { partition, perQuery: 4 } });
    expect(plan.selection.asking).toMatchObject({ partition, queries: 2, votes: 1 });
    expect(plan.total.costMicroUsd).toEqual({ expected: 0, worstCase: 0 });
  });

  it('asks for consent once, with the plan, and spends nothing when it is refused', async () => {
    const options = await online(chooseLongest);
    const plans: number[] = [];
    const refused = pick({
      ...options,
      confirm: async ({ total }) => {
        plans.push(total.costMicroUsd.worstCase);
        return false;
      },
    });
    await expect(refused).rejects.toMatchObject({ code: 'DECLINED' });
    expect(plans).toHaveLength(1);
    expect(plans[0]).toBeGreaterThan(0);
    expect(server!.requests).toHaveLength(0);
  });

  it('never spends more than the plan says at worst', async () => {
    const options = await online((prompt) => chooseBadly('malformed', firstMessage(prompt)));
    const { total } = await planPick(options);
    const { summary } = await pick(options);
    expect(server!.requests).toHaveLength(total.calls.worstCase);
    expect(summary.spent.settledMicroUsd).toBeLessThanOrEqual(total.costMicroUsd.worstCase);
    expect(summary.spent.inputTokens + summary.spent.outputTokens).toBeLessThanOrEqual(total.tokens.worstCase);
  });

  it('says in the plan what lost requests, which may be billed and are sent again, can cost', async () => {
    const options = await online(() => ({ fault: 'drop', when: 'middle' }), { count: 2 });
    const { total, worstCaseWithRetriesMicroUsd } = await planPick(options);
    expect(worstCaseWithRetriesMicroUsd).toBe(6 * total.costMicroUsd.worstCase);
    const { summary } = await pick(options);
    expect(summary.spent.lostCalls).toBe(6);
    // More than one request with its repairs.
    expect(summary.spent.lostMicroUsd).toBeGreaterThan(total.costMicroUsd.worstCase);
    expect(summary.spent.lostMicroUsd).toBeLessThanOrEqual(worstCaseWithRetriesMicroUsd);
  });

  it('refuses options that cannot be meant', async () => {
    const wrong: [Partial<PickOptions>, string][] = [
      [{ count: 0 }, 'count'],
      [{ count: 49 }, 'only 48 can be picked'],
      [{ seed: 0.5 }, 'seed'],
      [{ concurrency: 0 }, 'concurrency'],
      [{ maxMicroUsd: 1.5 }, 'maxMicroUsd'],
      [{ provider: 'magic' as never }, 'provider'],
      [{ embedder: 'magic' as never }, 'embedder'],
      [{ model: 'gpt-4o' }, 'provider'],
      [{ embedder: 'minilm' }, 'cannot be used together'],
      [{ promptFolder: folder.file('nowhere') }, 'nowhere'],
      [{ pool: [] }, 'No pool'],
      [{ timeoutMs: 0 }, 'timeoutMs'],
      [{ embeddingModel: 'e5' }, 'embeddingModel does nothing for the embedder minilm'],
      [{ price: { input: 1, cachedInput: 1, output: 1 } }, 'need a provider'],
      [{ timeoutMs: 3e9 }, 'timeoutMs'],
      [{ baseUrl: 'localhost:8000' }, 'baseUrl'],
      [{ baseUrl: 'http://bob:secret@localhost/v1' }, 'no user name, password'],
      [{ apiKey: '“sk-1”' }, 'keys never have'],
      [{ promptFolder: folder.path }, 'has none of'],
    ];
    for (const [options, words] of wrong) {
      const failure = await pick({ ...offline, ...options }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(WinnowError);
      expect((failure as WinnowError).message).toContain(words);
    }
  });
});

describe('existing', () => {
  it('keeps a labeled text from being picked, not what only has its id, and tells of records it cannot read', async () => {
    const one = folder.write('one.jsonl', '{"id":1,"instruction":"Name a river."}\n');
    const two = folder.write(
      'two.jsonl',
      '{"id":1,"instruction":"Prove that two is prime."}\n{"id":2,"instruction":"Sing."}\n',
    );
    const existing = folder.write('done.jsonl', '{"id":1,"instruction":"Prove that two is prime."}\n{broken\n');
    const { picks, summary } = await pick({
      pool: [one, two],
      existing,
      skipBadLines: true,
      count: 2,
      strategy: 'random',
      dedupeThreshold: 0,
      state: ':memory:',
    });
    expect(picks.map(({ instruction }) => instruction.instruction).toSorted()).toEqual(['Name a river.', 'Sing.']);
    expect(summary.notes.join()).toContain('1 records of existing could not be read');
  });
});

describe('pick, with a provider at its worst', () => {
  const passing: Fault[] = [
    { fault: 'status', status: 429, headers: { 'retry-after-ms': '20' } },
    { fault: 'status', status: 408 },
    { fault: 'status', status: 500 },
    { fault: 'status', status: 503, headers: { 'retry-after': '1' } },
    { fault: 'drop', when: 'before' },
    { fault: 'drop', when: 'middle' },
    { fault: 'half-json' },
    { fault: 'hang' },
  ];
  it.each(passing)('gets over %j', async (fault) => {
    let faults = 0;
    const options = await online((prompt) => {
      faults += 1;
      return faults <= 2 ? fault : chooseLongest(prompt);
    });
    const timeoutMs = fault.fault === 'hang' ? 3_000 : options.timeoutMs;
    const { summary } = await pick({ ...options, timeoutMs });
    expect(summary).toMatchObject({ end: 'complete', picked: 12, spent: { reservedCalls: 0, settledCalls: 6 } });
    const { rateLimited, serverErrors, timeouts, connections } = summary.retries;
    expect(rateLimited + serverErrors + timeouts + connections).toBe(2);
  });

  it.each(SPOILS)('gets over a reply spoiled by %s', async (spoil) => {
    const options = await online((prompt) => {
      const shown = firstMessage(prompt);
      return prompt.text === shown.text ? chooseBadly(spoil, shown) : chooseLongest(shown);
    });
    const { summary } = await pick(options);
    expect(summary).toMatchObject({ end: 'complete', picked: 12 });
    // Prose around a good choice needs no repair; everything else takes one.
    expect(server!.requests).toHaveLength(spoil === 'prose' ? 6 : 12);
  });

  it('counts what failed generations cost into the picks that came of a retry', async () => {
    let bad = true;
    const state = folder.file('generations.db');
    const options = await online(
      (prompt) => {
        const shown = firstMessage(prompt);
        return bad ? chooseBadly('malformed', shown) : chooseLongest(shown);
      },
      { state },
    );
    expect((await pick(options)).summary).toMatchObject({ end: 'short', picked: 0 });
    bad = false;
    const { picks, summary } = await pick({ ...options, retryFailed: true });
    expect(summary.end).toBe('complete');
    const shares = picks.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0);
    expect(shares).toBe(summary.spent.settledMicroUsd);
  });

  it('leaves room for thinking where it is told to', async () => {
    const options = await online(chooseLongest, { reasoningTokens: 5_000 });
    await pick(options);
    expect(server!.requests[0]!.body.max_completion_tokens).toBe(60 + 2 * 8 + 5_000);
  });

  it('takes a changed repair prompt for another run', async () => {
    const state = folder.file('identity.db');
    const options = await online(chooseLongest, { state });
    await pick(options);
    await expect(pick({ ...options, promptFolder: temporaryPrompts() })).rejects.toMatchObject({
      code: 'STATE_MISMATCH',
    });
  });

  it('stops at once when the key is wrong', async () => {
    const options = await online(() => ({ fault: 'status', status: 401 }), { concurrency: 1 });
    const { summary, picks } = await pick(options);
    expect(picks).toEqual([]);
    expect(summary).toMatchObject({ end: 'provider', spent: { settledMicroUsd: 0, lostMicroUsd: 0 } });
    // One more may have taken the slot that the failure freed.
    expect(server!.requests.length).toBeLessThanOrEqual(2);
    expect(summary.stoppedBy?.hint).toBeTruthy();
  });

  it('gives up a provider that is down after three queries, and goes on with them later', async () => {
    let down = true;
    const state = folder.file('down.db');
    const options = await online((prompt) => (down ? { fault: 'status', status: 503 } : chooseLongest(prompt)), {
      state,
    });
    const first = await pick({ ...options, concurrency: 1 });
    expect(first.summary.end).toBe('provider');
    down = false;
    const second = await pick(options);
    expect(second.summary).toMatchObject({ end: 'complete', picked: 12, resumed: true });
  });

  it('merges votes and says how often they agreed', async () => {
    let call = 0;
    const options = await online((prompt) => {
      call += 1;
      const reply = chooseLongest(prompt);
      if (call % 2 === 0) return reply;
      // The other vote always takes the first candidates.
      const ids = prompt.text.split('\n', 2).map((line) => line.split(' ', 1)[0]);
      return { text: ids.join(' ') };
    });
    const { summary } = await pick({
      ...options,
      concurrency: 1,
      strategyOptions: { ...options.strategyOptions, votes: 2 },
    });
    expect(server!.requests).toHaveLength(12);
    expect(summary.queries?.agreement).toBeGreaterThanOrEqual(0);
    expect(summary.queries?.agreement).toBeLessThan(1);
  });

  it('keeps the caps for what may have been billed too', async () => {
    const cap = parseUsd('0.002')!;
    const options = await online(() => ({ fault: 'drop', when: 'middle' }), { maxMicroUsd: cap });
    const { summary } = await pick(options);
    expect(['budget', 'provider']).toContain(summary.end);
    expect(summary.spent.lostMicroUsd + summary.spent.settledMicroUsd).toBeLessThanOrEqual(cap);
    expect(summary.spent.lostCalls).toBe(server!.requests.length);
  });
});

function temporaryPrompts(): string {
  const path = folder.file('prompts');
  mkdirSync(path, { recursive: true });
  const text = readFileSync('prompts/repair.md', 'utf8');
  writeFileSync(join(path, 'repair.md'), text.replace('Answer the request', 'Kindly answer the request'));
  return path;
}

function firstMessage({ request }: { request: { body: Readonly<Record<string, unknown>> } }): { text: string } {
  const messages = request.body.messages as { role: string; content: string }[];
  return { text: messages.find(({ role }) => role === 'user')!.content };
}

const DOLLY = '../shared/data/dolly-3k.jsonl';
describe.skipIf(!existsSync(DOLLY))('pick, on 2,996 real instructions', () => {
  const real: PickOptions = {
    ...offline,
    pool: DOLLY,
    embeddings: '../shared/data/dolly-3k.minilm.npy',
    count: 100,
  };
  it.each(['selectllm', 'facility-location', 'k-means', 'k-center', 'random'])('%s picks 100', async (strategy) => {
    const { picks, summary } = await pick({ ...real, strategy });
    expect(picks).toHaveLength(100);
    expect(summary.pool).toMatchObject({ records: 2996, exactDuplicates: 15, instructions: 2981 });
  });

  it('k-center reaches the smallest radius, k-means the smallest mean distance', async () => {
    const coverage = async (strategy: string) => (await pick({ ...real, strategy })).summary.coverage.after!;
    const [center, means, random] = [await coverage('k-center'), await coverage('k-means'), await coverage('random')];
    expect(center.radius).toBeLessThan(Math.min(means.radius, random.radius));
    expect(means.meanDistance).toBeLessThan(Math.min(center.meanDistance, random.meanDistance));
  });
});
