import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { type PickOptions, type PickPlan, pick, pickRecord, planPick } from '../../../src/index.ts';
import { hasDolly3k, readGolden } from '../../math/dolly-3k.ts';
import type { ChatAnswerer } from '../../support/chat-answers.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const folder = temporaryFolder();
const ITEMS = 12;
/** Item i says "number i"; the judges below read that. */
function writePool(name: string, extra: (index: number) => object): string {
  const records = Array.from({ length: ITEMS }, (_, index) => ({
    id: `it-${index}`,
    instruction: `Explain to a child why thing number ${index} works.`,
    ...extra(index),
  }));
  const path = folder.file(name);
  writeFileSync(path, `${records.map((record) => JSON.stringify(record)).join('\n')}\n`);
  return path;
}
const answered = writePool('answered.jsonl', (index) => ({ output: `Because of ${index} gears.`, rating: index % 7 }));
const unlabeled = writePool('unlabeled.jsonl', () => ({}));

const options: PickOptions = {
  pool: answered,
  count: 3,
  strategy: 'alpagasus',
  strategyOptions: { threshold: 0 },
  dedupeThreshold: 0,
  state: ':memory:',
  cacheFolder: folder.file('cache'),
};

const PRICE = { input: 1_000_000, cachedInput: 1_000_000, output: 0 };

let server: ProviderServer | undefined;
afterEach(() => server?.close());

const itemIn = (text: string) => Number(/thing number (\d+)/.exec(text)![1]);
const judgment = (score: number) => ({ text: JSON.stringify({ reason: 'It says why.', score }) });

async function online(chat: ChatAnswerer, more: Partial<PickOptions> = {}): Promise<PickOptions> {
  server = await startOpenAiServer({ chat });
  return {
    ...options,
    provider: 'openai',
    model: 'gpt-4o-mini',
    baseUrl: `${server.url}/v1`,
    apiKey: 'key',
    clock: new VirtualClock().runByItself(),
    ...more,
  };
}
const idsOf = ({ picks }: Awaited<ReturnType<typeof pick>>) => picks.map(({ instruction }) => instruction.id);

describe('pick by scores', () => {
  it('judges without a provider, says who judged, and asks for nothing', async () => {
    const result = await pick(options);
    expect(result.picks).toHaveLength(3);
    const [measured] = result.summary.measured;
    expect(measured).toMatchObject({ measure: 'accuracy', items: ITEMS, failed: [], unmeasured: 0 });
    expect(measured!.by).toContain('the responses that are there');
    expect(result.summary).toMatchObject({ end: 'complete', provider: null });
    expect(result.summary.spent.settledCalls).toBe(0);
  });

  it('takes scores from a field, best first, ties in the order of the pool', async () => {
    const strategyOptions = { scoreField: 'rating', threshold: 5 };
    const result = await pick({ ...options, count: 2, strategyOptions });
    expect(idsOf(result)).toEqual(['it-6', 'it-5']);
    expect(pickRecord(result.picks[0]!)).toMatchObject({ rating: 6, winnow: { score: 6, reason: 'rating 6' } });
  });

  it('says how many are good enough, where they are too few', async () => {
    const { picks, summary } = await pick({ ...options, strategyOptions: { scoreField: 'rating', threshold: 6.5 } });
    expect(picks).toEqual([]);
    expect(summary).toMatchObject({ end: 'short', picked: 0 });
    expect(summary.stoppedBy!.message).toContain(
      'You asked for 3 instructions, but only 0 of 12 are rated 6.5 or better',
    );
  });

  it('leaves out what has no number in the field, says so, and is short by what is missing', async () => {
    const pool = writePool('some.jsonl', (index) => (index < 2 ? { quality: '4.5' } : { quality: 'good' }));
    const { summary, picks } = await pick({
      ...options,
      pool,
      strategyOptions: { scoreField: 'quality', threshold: 0 },
    });
    expect(picks.map(({ score }) => score)).toEqual([4.5, 4.5]);
    expect(summary.end).toBe('short');
    expect(summary.measured[0]!.failed).toHaveLength(10);
    expect(summary.measured[0]!.failed[0]).toEqual({ id: 'it-2', failure: 'its field "quality" is not a number' });
  });

  it('refuses a field that no record has, in a plan too, and names those there are', async () => {
    const given = { ...options, strategyOptions: { scoreField: 'raiting' } };
    for (const run of [pick, planPick]) {
      await expect(run(given)).rejects.toMatchObject({
        code: 'POOL',
        message: 'No record has a field "raiting".',
        hint: 'Correct scoreField. The fields that exist: id, instruction, output, rating.',
      });
    }
  });

  it('says plainly that responses are missing, and what can be done', async () => {
    await expect(pick({ ...options, pool: unlabeled })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('none of the 12 instructions has a response.'),
      hint: expect.stringMatching(/draft.*fields.output.*scoreField/),
    });
  });

  it('leaves out what has no response, where others have one', async () => {
    const pool = writePool('gaps.jsonl', (index) => (index < 4 ? {} : { output: `Because of ${index} gears.` }));
    const { summary, picks } = await pick({ ...options, pool, count: 8 });
    expect(picks.map(({ position }) => position).sort((a, b) => a - b)).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
    expect(summary.measured[0]!.failed.map(({ id }) => id)).toEqual(['it-0', 'it-1', 'it-2', 'it-3']);
    expect(summary.measured[0]!.failed[0]!.failure).toBe('it has no response');
  });

  it.each([
    ['of copies with responses of their own', 'Explain how tides work.', 'Explain how tides work.'],
    ['of near-copies', 'Explain how the tides work.', 'Explain how the tides work!'],
  ])('takes the best %s, and never two of them', async (_, first, second) => {
    const records = [
      { id: 'poor', instruction: first, output: 'The moon.', q: 1 },
      { id: 'good', instruction: second, output: 'The moon pulls at the sea.', q: 9 },
      { id: 'other', instruction: 'Name three rivers of Africa.', output: 'Nile, Congo, Niger.', q: 5 },
    ];
    const pool = folder.write('copies.jsonl', records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const strategyOptions = { scoreField: 'q', threshold: 0 };
    const result = await pick({ ...options, pool, count: 2, dedupeThreshold: 0.95, strategyOptions });
    expect(idsOf(result)).toEqual(['good', 'other']);
    await expect(pick({ ...options, pool, count: 3, dedupeThreshold: 0.95, strategyOptions })).rejects.toMatchObject({
      code: 'NOT_ENOUGH',
    });
  });

  it('never picks what is labeled, with another response or as a near-duplicate, for any kind of vectors', async () => {
    const record = (id: string, instruction: string, output: string) => ({ id, instruction, output, q: 5 });
    const lines = (records: readonly object[]) => records.map((one) => `${JSON.stringify(one)}\n`).join('');
    const existing = folder.write(
      'labeled.jsonl',
      lines([record('l', 'Explain how the tides work.', 'Ask a sailor.')]),
    );
    const pool = folder.write(
      'mixed.jsonl',
      lines([
        record('a', 'Explain how the tides work.', 'The moon pulls at the sea.'),
        record('b', 'Explain how the tides work!', 'It is a long story, and it begins with Newton and his laws.'),
        record('c', 'Name three rivers of Africa.', 'Nile, Congo, Niger.'),
      ]),
    );
    for (const strategy of ['car', 'deita', 'alpagasus']) {
      const strategyOptions = { scoreField: 'q', ...(strategy === 'alpagasus' ? { threshold: 0 } : {}) };
      const given = { ...options, strategy, pool, existing, count: 1, dedupeThreshold: 0.95, strategyOptions };
      expect(idsOf(await pick(given))).toEqual(['c']);
      await expect(pick({ ...given, count: 2 })).rejects.toMatchObject({ code: 'NOT_ENOUGH' });
    }
  });

  it.skipIf(!hasDolly3k)('picks what DEITA picks, from a file with scores to a file of picks', async () => {
    const golden = readGolden<{ complexity: number[]; quality: number[]; selected: number[] }>('deita.json');
    const dolly = readFileSync(new URL('../../../../shared/data/dolly-3k.jsonl', import.meta.url), 'utf8');
    const scored = dolly
      .trim()
      .split('\n')
      .map((line, row) => ({ ...JSON.parse(line), row, q: golden.complexity[row]! * golden.quality[row]! }));
    const result = await pick({
      ...options,
      pool: folder.write('scored.jsonl', scored.map((record) => `${JSON.stringify(record)}\n`).join('')),
      embeddings: fileURLToPath(new URL('../../../../shared/data/dolly-3k.minilm.npy', import.meta.url)),
      dedupeThreshold: 0.98,
      count: 300,
      strategy: 'deita',
      strategyOptions: { scoreField: 'q', threshold: 0.5 },
    });
    expect(result.picks.map(({ instruction }) => instruction.record.row)).toEqual(golden.selected);
  });

  it('refuses to have the offline stand-in write or judge as an LLM', async () => {
    await expect(pick({ ...options, strategyOptions: { draft: true } })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(pick({ ...options, strategyOptions: { judge: 'llm' } })).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('has an LLM judge every candidate once, in the plan and in fact, and takes the best', async () => {
    const run = await online(({ text }) => judgment(itemIn(text) === 7 ? 5 : itemIn(text) / 4), {
      state: folder.file('once.db'),
    });
    const plan = await planPick(run);
    expect(plan.total.calls.expected).toBe(ITEMS);
    expect(plan.total.costMicroUsd.worstCase).toBeGreaterThan(plan.total.costMicroUsd.expected);
    const result = await pick(run);
    expect(idsOf(result)).toEqual(['it-7', 'it-11', 'it-10']);
    expect(server!.requests).toHaveLength(ITEMS);
    expect(result.picks[0]!.reason).toBe('It says why.');
    const { spent } = result.summary;
    expect(spent.settledMicroUsd).toBeGreaterThan(0);
    expect(spent.settledMicroUsd).toBeLessThanOrEqual(plan.total.costMicroUsd.worstCase);
    // The same command again asks nothing, and is told that nothing is left to pay.
    expect((await planPick(run)).total.costMicroUsd.worstCase).toBe(0);
    expect(idsOf(await pick(run))).toEqual(idsOf(result));
    expect(server!.requests).toHaveLength(ITEMS);
  });

  it('stops at a cap without choosing, and goes on where it stopped, paying for nothing twice', async () => {
    const run = await online(({ text }) => judgment(itemIn(text) / 4), {
      state: folder.file('capped.db'),
      concurrency: 1,
    });
    const stopped = await pick({ ...run, maxCalls: 5 });
    expect(stopped).toMatchObject({ picks: [], summary: { end: 'budget' } });
    expect(stopped.summary.measured[0]!.unmeasured).toBe(ITEMS - 5);
    expect(stopped.summary.stoppedBy!.message).toContain('5');
    const whole = await pick(run);
    expect(idsOf(whole)).toEqual(['it-11', 'it-10', 'it-9']);
    expect(server!.requests).toHaveLength(ITEMS);
  });

  it('never guesses a score: what stays unusable is left out, reported, and asked again only on request', async () => {
    let isMended = false;
    const chat: ChatAnswerer = ({ text }) =>
      itemIn(text) === 11 && !isMended ? { text: 'I would say a solid 4!' } : judgment(itemIn(text) / 4);
    const run = await online(chat, { state: folder.file('unusable.db'), count: ITEMS });
    const short = await pick(run);
    expect(short.summary).toMatchObject({ end: 'short', picked: ITEMS - 1 });
    expect(short.summary.measured[0]!.failed.map(({ id }) => id)).toEqual(['it-11']);
    // The question and two repairs of the answer.
    expect(server!.requests).toHaveLength(ITEMS + 2);
    isMended = true;
    const unasked = { ...run, confirm: () => Promise.reject(new Error('costs nothing')) };
    expect((await pick(unasked)).summary.end).toBe('short');
    expect(server!.requests).toHaveLength(ITEMS + 2);
    const whole = await pick({ ...run, retryFailed: true });
    expect(whole.summary.end).toBe('complete');
    expect(idsOf(whole)[0]).toBe('it-11');
    expect(server!.requests).toHaveLength(ITEMS + 3);
  });

  it.each<[string, Partial<PickOptions>]>([
    ['by itself', {}],
    [
      'where vectors are to be paid for too',
      { embedder: 'openai', embeddingApiKey: 'key', embeddingPrice: PRICE, strategy: 'car', strategyOptions: {} },
    ],
  ])('plans what retryFailed asks again, and asks for consent to it: %s', async (name, more) => {
    const chat: ChatAnswerer = ({ text }) => (itemIn(text) > 9 ? { text: 'Four.' } : judgment(4));
    const paid = await online(chat, { state: folder.file(`consent ${name}.db`), ...more });
    const run = more.embedder ? { ...paid, embeddingBaseUrl: paid.baseUrl!, embeddingModel: 'e' } : paid;
    expect((await pick(run)).summary.measured[0]!.failed).toHaveLength(2);
    const asked = server!.requests.length;
    // Another cache, so that vectors are missing where they are paid for.
    const again = { ...run, retryFailed: true, cacheFolder: folder.file(`cache ${name}`) };
    const judging = ({ selection }: PickPlan) => selection.measuring![0]!;
    const planned = judging(await planPick(again));
    expect(planned.calls).toEqual({ expected: 2, worstCase: 6 });
    expect(planned.costMicroUsd.expected).toBeGreaterThan(0);
    expect(judging(await planPick(run)).calls.worstCase).toBe(0);
    const plans: PickPlan[] = [];
    const declined = pick({
      ...again,
      confirm: async (plan) => {
        plans.push(plan);
        return false;
      },
    });
    await expect(declined).rejects.toMatchObject({ code: 'DECLINED' });
    expect(judging(plans[0]!)).toEqual(planned);
    expect(server!.requests).toHaveLength(asked);
  });

  it('finds the scores that are paid for with another count, threshold, seed or strategy that goes by them', async () => {
    const { state: _, ...run } = await online(({ text }) => judgment(itemIn(text) / 4));
    const here = process.cwd();
    process.chdir(folder.path);
    try {
      const tooFew = await pick({ ...run, strategyOptions: { threshold: 4.9 } });
      expect(tooFew.summary).toMatchObject({ end: 'short', picked: 0, spent: { settledCalls: ITEMS } });
      expect(server!.requests).toHaveLength(ITEMS);
      const others: readonly Partial<PickOptions>[] = [
        { strategyOptions: { threshold: 2 } },
        { count: 5, seed: 9 },
        { strategy: 'car', strategyOptions: {} },
        { strategy: 'facility-location', strategyOptions: { qualityWeight: 1 } },
      ];
      for (const more of others) {
        const { summary } = await pick({ ...run, ...more });
        expect(summary).toMatchObject({ end: 'complete', identity: { count: more.count ?? 3 } });
      }
      expect(server!.requests).toHaveLength(ITEMS);
    } finally {
      process.chdir(here);
    }
  });

  it('sounds the alarm where the judge says the same of nearly all', async () => {
    const { summary } = await pick(await online(() => judgment(4.5)));
    expect(summary.measured[0]!.collapse).toMatchObject({ score: 4.5, share: 1 });
  });

  it('ends in good order where the provider cannot be used', async () => {
    const { picks, summary } = await pick(
      await online(() => ({ fault: 'status', status: 401, message: 'no such key' })),
    );
    expect(picks).toEqual([]);
    expect(summary.end).toBe('provider');
  });
});
