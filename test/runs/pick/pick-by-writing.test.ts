import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type PickOptions, pick, pickRecord, planPick } from '../../../src/index.ts';
import type { ChatAnswer, ChatAnswerer } from '../../support/chat-answers.ts';
import { type OpenAiServerOptions, startOpenAiServer } from '../../support/openai-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const folder = temporaryFolder();
const ITEMS = 6;
const pool = folder.file('pool.jsonl');
writeFileSync(
  pool,
  Array.from({ length: ITEMS }, (_, index) =>
    JSON.stringify({
      id: `it-${index}`,
      instruction: `Explain thing number ${index}${' at length'.repeat(index)}.`,
      ...(index === 0 ? { output: 'It is a thing.' } : {}),
    }),
  ).join('\n'),
);

let server: ProviderServer | undefined;
afterEach(() => server?.close());

async function online(answers: OpenAiServerOptions, more: Partial<PickOptions>): Promise<PickOptions> {
  server = await startOpenAiServer(answers);
  return {
    pool,
    count: 2,
    dedupeThreshold: 0,
    cacheFolder: folder.file('cache'),
    provider: 'compatible',
    model: 'some-model',
    baseUrl: `${server.url}/v1`,
    price: { input: 1_000_000, cachedInput: 1_000_000, output: 1_000_000 },
    clock: new VirtualClock().runByItself(),
    ...more,
  };
}
const idsOf = ({ picks }: Awaited<ReturnType<typeof pick>>) => picks.map(({ instruction }) => instruction.id);
const numberIn = (text: string) => Number(/thing number (\d+)/.exec(text)![1]);

/** Drafts, and judges by the number of the thing. */
const draftAndJudge: ChatAnswerer = ({ text }) =>
  text.includes('the response alone')
    ? { text: `Draft for ${numberIn(text)}.` }
    : { text: JSON.stringify({ reason: 'It says so.', score: numberIn(text) / 2 }) };

describe('draft', () => {
  const DRAFT = { strategy: 'alpagasus', strategyOptions: { draft: true, threshold: 2 } };

  it('has responses written, judges them, and hands the drafts on with the picks', async () => {
    const run = await online({ chat: draftAndJudge }, { ...DRAFT, state: folder.file('draft.db') });
    const plan = await planPick(run);
    // One response is there: five drafts and six judgments, each of which may need two repairs.
    expect(plan.total.calls).toEqual({ expected: 11, worstCase: 5 + 18 });
    const result = await pick(run);
    expect(server!.requests).toHaveLength(11);
    expect(idsOf(result)).toEqual(['it-5', 'it-4']);
    expect(pickRecord(result.picks[0]!)).toMatchObject({ id: 'it-5', winnow: { draft: 'Draft for 5.', score: 2.5 } });
    expect(result.summary.measured[0]!.by).toContain('drafts by compatible some-model');
    expect(result.summary.identity).toHaveProperty(['prompt draft']);
    expect(result.summary.spent.settledMicroUsd).toBeLessThanOrEqual(plan.total.costMicroUsd.worstCase);
    expect((await planPick(run)).total.costMicroUsd.worstCase).toBe(0);
    expect((await pick(run)).picks).toEqual(result.picks);
    expect(server!.requests).toHaveLength(11);
  });

  it('gives no draft to what came with a response', async () => {
    const run = await online({ chat: draftAndJudge }, { ...DRAFT, count: ITEMS, state: ':memory:' });
    const { picks } = await pick({ ...run, strategyOptions: { draft: true, threshold: 0 } });
    const records = picks.map(pickRecord) as { id: string; winnow: object }[];
    expect(records.filter(({ winnow }) => 'draft' in winnow)).toHaveLength(ITEMS - 1);
    expect(records.find(({ id }) => id === 'it-0')!.winnow).not.toHaveProperty('draft');
  });

  it('stops at a cap between drafting and judging, and goes on without paying twice', async () => {
    const run = await online({ chat: draftAndJudge }, { ...DRAFT, concurrency: 1, state: folder.file('cap.db') });
    const stopped = await pick({ ...run, maxCalls: 4 });
    expect(stopped).toMatchObject({ picks: [], summary: { end: 'budget' } });
    expect(idsOf(await pick(run))).toEqual(['it-5', 'it-4']);
    expect(server!.requests).toHaveLength(11);
  });

  it('asks a judge that failed again with retryFailed, about the same draft', async () => {
    let isMended = false;
    const chat: ChatAnswerer = (prompt) =>
      !isMended && !prompt.text.includes('the response alone') && numberIn(prompt.text) === 5
        ? { text: 'Good!' }
        : draftAndJudge(prompt);
    const strategyOptions = { draft: true, threshold: 0 };
    const run = await online({ chat }, { ...DRAFT, strategyOptions, count: ITEMS, state: folder.file('retry.db') });
    const short = await pick(run);
    expect(short.summary).toMatchObject({ end: 'short', picked: ITEMS - 1 });
    expect(server!.requests).toHaveLength(11 + 2);
    isMended = true;
    const whole = await pick({ ...run, retryFailed: true });
    expect(whole.summary.end).toBe('complete');
    expect(whole.picks[0]).toMatchObject({ score: 2.5, draft: 'Draft for 5.' });
    expect(server!.requests).toHaveLength(11 + 3);
  });

  it.each<[string, ChatAnswer]>([
    ['is empty', { text: '' }],
    ['declines the request', { text: 'I will not.', stop: 'refusal' }],
  ])('judges no draft that %s, says so, and asks for another with retryFailed', async (problem, bad) => {
    let isMended = false;
    const chat: ChatAnswerer = (prompt) =>
      !isMended && prompt.text.includes('the response alone') && numberIn(prompt.text) === 5
        ? bad
        : draftAndJudge(prompt);
    const strategyOptions = { draft: true, threshold: 0 };
    const run = await online(
      { chat },
      { ...DRAFT, strategyOptions, count: ITEMS, state: folder.file(`${problem}.db`) },
    );
    const short = await pick(run);
    expect(short.summary).toMatchObject({ end: 'short', picked: ITEMS - 1 });
    expect(short.summary.measured[0]!.failed).toEqual([
      { id: 'it-5', failure: `The reply cannot be used: the draft ${problem}.` },
    ]);
    expect(server!.requests).toHaveLength(10);
    isMended = true;
    const whole = await pick({ ...run, retryFailed: true });
    expect(whole.picks[0]).toMatchObject({ score: 2.5, draft: 'Draft for 5.' });
    expect(server!.requests).toHaveLength(12);
  });
});

describe('perplexity', () => {
  it('is told by a compatible server, one call an item, once', async () => {
    const run = await online(
      {},
      { strategy: 'perplexity', strategyOptions: { prefer: 'low' }, state: folder.file('p.db') },
    );
    const plan = await planPick(run);
    expect(plan.total.calls).toEqual({ expected: ITEMS, worstCase: ITEMS });
    const result = await pick(run);
    // "at length" is shorter than "Explain": the more of it, the likelier.
    expect(idsOf(result)).toEqual(['it-5', 'it-4']);
    expect(result.picks[0]!.reason).toMatch(
      /^Perplexity \d.*among the lowest; mean log-probability -\d\.\d\d over 13 tokens$/,
    );
    expect(result.summary.spent.settledMicroUsd).toBeLessThanOrEqual(plan.total.costMicroUsd.worstCase);
    expect((await pick(run)).picks).toEqual(result.picks);
    expect(server!.requests).toHaveLength(ITEMS);
  });

  it('ends in good order, with advice, where the server cannot tell', async () => {
    const run = await online(
      { complete: () => ({ fault: 'status', status: 400, message: 'Only no echo is supported' }) },
      { strategy: 'perplexity', state: ':memory:', concurrency: 1 },
    );
    const { picks, summary } = await pick(run);
    expect(picks).toEqual([]);
    expect(summary.stoppedBy).toEqual({
      message: expect.stringContaining('Only no echo is supported'),
      hint: expect.stringContaining('vLLM'),
    });
    expect(server!.requests).toHaveLength(1);
  });

  it('goes by the characters of the pool where there is no provider, for nothing', async () => {
    const result = await pick({ pool, count: ITEMS, strategy: 'perplexity', dedupeThreshold: 0, state: ':memory:' });
    expect(result.picks).toHaveLength(ITEMS);
    expect(result.summary).toMatchObject({ end: 'complete', provider: null, spent: { settledCalls: 0 } });
    expect(result.summary.measured[0]!.by).toBe('offline character 5-grams of the pool');
  });

  it('refuses providers that do not tell, before anything is read', async () => {
    await expect(
      pick({
        pool: 'nowhere.jsonl',
        count: 1,
        strategy: 'perplexity',
        provider: 'openai',
        model: 'gpt-4o',
        apiKey: 'k',
      }),
    ).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('openai does not return') });
  });
});

describe('open-endedness', () => {
  it('asks for as many answers as it is told to, and takes the most varied', async () => {
    const chat: ChatAnswerer = ({ text }) => ({
      text: Array.from({ length: 2 + numberIn(text) }, (_, index) => `word${index}`).join(' '),
    });
    const run = await online(
      { chat },
      { strategy: 'open-endedness', strategyOptions: { generations: 2 }, state: folder.file('o.db') },
    );
    expect((await planPick(run)).total.calls).toEqual({ expected: 2 * ITEMS, worstCase: 2 * ITEMS });
    const result = await pick(run);
    expect(idsOf(result)).toEqual(['it-5', 'it-4']);
    expect(result.picks[0]).toMatchObject({ score: 6, reason: '6 different word pairs in 2 answers' });
    expect(server!.requests).toHaveLength(2 * ITEMS);
    expect((await planPick(run)).total.calls.worstCase).toBe(0);
  });
});

describe('tags by an LLM', () => {
  const MIG = { strategy: 'mig', strategyOptions: { tags: 'llm' } };
  /** Things 0–2 are about rivers, 3–4 about bread, 5 about violins; all are equally complex. */
  const tagAndJudge: ChatAnswerer = ({ text }) => {
    if (!text.includes('the tags alone')) return { text: JSON.stringify({ score: 3, reason: 'It says so.' }) };
    const number = numberIn(text);
    const tag = number < 3 ? 'rivers' : number < 5 ? 'bread' : 'violins';
    // As the prompt asks, and as servers do that hold a model to a schema.
    return { text: number % 2 === 0 ? `${tag}, ${tag.toUpperCase()}` : JSON.stringify({ tags: [tag] }) };
  };

  it('are asked for once, and spread the picks of mig over them', async () => {
    const run = await online({ chat: tagAndJudge }, { ...MIG, count: 4, state: folder.file('tags.db') });
    const plan = await planPick(run);
    expect(plan.total.calls).toEqual({ expected: 12, worstCase: 36 });
    const result = await pick(run);
    expect(server!.requests).toHaveLength(12);
    expect(idsOf(result)).toEqual(['it-0', 'it-3', 'it-5', 'it-1']);
    expect(result.picks[1]!.reason).toBe('Score 3.0; tags: bread');
    expect(result.summary.identity).toHaveProperty(['prompt tag']);
    expect((await pick(run)).picks).toEqual(result.picks);
    expect(server!.requests).toHaveLength(12);
  });

  it.each([
    ['{"tags": []}', 'it has no tag'],
    ['{"tags": "rivers"}', 'not of the form'],
    [Array.from({ length: 9 }, (_, tag) => `tag ${tag}`).join(', '), 'more than 8'],
    [', ;', 'it has no tag'],
    [JSON.stringify({ tags: Array.from({ length: 9 }, (_, tag) => `tag ${tag}`) }), 'more than 8'],
    [JSON.stringify({ tags: ['x'.repeat(61)] }), 'is too long'],
  ])('are asked for again, then reported: %s', async (reply, problem) => {
    const chat: ChatAnswerer = (prompt) =>
      prompt.text.includes('the tags alone') && prompt.text.includes('number 4')
        ? { text: reply }
        : tagAndJudge(prompt);
    const run = await online({ chat }, { ...MIG, count: 6, state: ':memory:' });
    const result = await pick(run);
    expect(idsOf(result)).not.toContain('it-4');
    expect(result.picks).toHaveLength(5);
    const { failed } = result.summary.measured.find(({ measure }) => measure === 'tags')!;
    expect(failed).toEqual([{ id: 'it-4', failure: expect.stringContaining(problem) }]);
    expect(server!.requests).toHaveLength(12 + 2);
  });

  it('need an LLM, which is said', async () => {
    await expect(pick({ pool, count: 2, ...MIG })).rejects.toThrow(
      'The offline stand-in cannot tag instructions, which "mig" needs.',
    );
  });
});
