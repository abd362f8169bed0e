import { afterEach, describe, expect, it } from 'vitest';
import { planScore, type ScoreOptions, scorePool, scoreRecord } from '../../../src/index.ts';
import type { ChatAnswerer } from '../../support/chat-answers.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const folder = temporaryFolder();
const lines = (records: readonly object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');
const pool = folder.write(
  'pool.jsonl',
  lines([
    { id: 'a', instruction: 'Explain gear 1.', output: 'It turns.', rating: 2 },
    { id: 'b', instruction: 'Explain gear 2.', output: 'It turns too.', rating: 'high' },
    { id: 'a again', instruction: 'Explain gear 1.', output: 'It turns.', rating: 4 },
    { id: 'c', instruction: 'Explain gear 3.' },
  ]),
);
const PRICE = { input: 1_000_000, cachedInput: 1_000_000, output: 1_000_000 };

let server: ProviderServer | undefined;
afterEach(() => server?.close());

const options: ScoreOptions = { pool, dimension: 'accuracy', state: ':memory:', cacheFolder: folder.file('cache') };

async function online(chat: ChatAnswerer, more: Partial<ScoreOptions> = {}): Promise<ScoreOptions> {
  server = await startOpenAiServer({ chat });
  return {
    ...options,
    provider: 'openai',
    model: 'gpt-4o-mini',
    baseUrl: `${server.url}/v1`,
    apiKey: 'key',
    price: PRICE,
    concurrency: 1,
    clock: new VirtualClock().runByItself(),
    ...more,
  };
}

const rates = (score: number) => ({ text: JSON.stringify({ reason: 'It says how.', score }) });
const scoresOf = ({ records }: Awaited<ReturnType<typeof scorePool>>) => records.map(({ score }) => score);

describe('scorePool', () => {
  it('keeps the order of the records, and judges equal ones once', async () => {
    const result = await scorePool(await online(({ text }) => rates(text.includes('gear 1') ? 3 : 5)));
    expect(scoresOf(result)).toEqual([3, 5, 3, null]);
    expect(result.records.map(({ record }) => record.id)).toEqual(['a', 'b', 'a again', 'c']);
    expect(result.summary).toMatchObject({ end: 'short', scored: 3, unscored: 0, failed: { records: 1 } });
    expect(result.summary.pool).toMatchObject({ records: 4, items: 2, withoutResponse: 1 });
    expect(result.summary.spent.settledCalls).toBe(2);
    expect(result.summary.distribution).not.toBeNull();
  });

  it('never makes a score up: an unusable reply leaves the record without one, and says why', async () => {
    const result = await scorePool(
      await online(({ text }) => (text.includes('gear 1') ? { text: 'Good!' } : rates(4))),
    );
    expect(scoresOf(result)).toEqual([null, 4, null, null]);
    expect(result.records[0]).toMatchObject({ score: null, failure: expect.stringContaining('it is not of the form') });
    expect(result.records[3]).toMatchObject({ failure: 'it has no response to judge the accuracy of' });
    expect(result.summary.failed).toMatchObject({
      records: 3,
      examples: [{ record: 1 }, { record: 3 }, { record: 4 }],
    });
  });

  it('goes on past a text that a content filter refuses, and never asks for it again', async () => {
    const state = folder.file('filtered.db');
    const refusal = { fault: 'status', status: 400, message: 'It triggered the content management policy.' } as const;
    const given = await online(({ text }) => (text.includes('gear 1') ? refusal : rates(4)), { state });
    for (const retryFailed of [false, false, true]) {
      const result = await scorePool({ ...given, retryFailed });
      expect(scoresOf(result)).toEqual([null, 4, null, null]);
      expect(result.records[0]).toMatchObject({
        failure: expect.stringContaining('refused a text by its content filter'),
      });
      expect(result.summary).toMatchObject({ stoppedBy: null, unscored: 0, failed: { records: 3, refused: 2 } });
      expect(server!.requests).toHaveLength(2);
    }
  });

  it('stops at a cap, and goes on from there', async () => {
    const state = folder.file('stopped.db');
    const capped = await online(() => rates(4), { state, maxCalls: 1 });
    const first = await scorePool(capped);
    expect(first.summary).toMatchObject({ end: 'budget', scored: 2, unscored: 1, resumed: false });
    expect(first.records[1]).toMatchObject({ score: null, failure: 'not judged: the run stopped before it' });
    const second = await scorePool({ ...capped, maxCalls: 2 });
    expect(second.summary).toMatchObject({ end: 'short', scored: 3, unscored: 0, resumed: true });
    expect(server?.requests).toHaveLength(2);
  });

  it('asks before it spends, and spends nothing after a no', async () => {
    const asked = await online(() => rates(4));
    let worstCase = 0;
    const confirm: ScoreOptions['confirm'] = async ({ total }) => {
      worstCase = total.costMicroUsd.worstCase;
      return false;
    };
    await expect(scorePool({ ...asked, confirm })).rejects.toMatchObject({ code: 'DECLINED' });
    expect(worstCase).toBeGreaterThan(0);
    expect(server?.requests).toEqual([]);
  });

  it('plans no less than it spends', async () => {
    const asked = await online(() => rates(4));
    const plan = await planScore(asked);
    const { summary } = await scorePool(asked);
    expect(plan.total.costMicroUsd.worstCase).toBeGreaterThanOrEqual(summary.spent.settledMicroUsd);
    expect(summary.spent.settledMicroUsd).toBeGreaterThan(0);
    expect(plan.total.calls.expected).toBe(summary.spent.settledCalls);
  });

  it('takes a field as it is, each record its own, and leaves out what is no number', async () => {
    const { dimension: _, ...rest } = options;
    const result = await scorePool({ ...rest, scoreField: 'rating' });
    expect(scoresOf(result)).toEqual([2, null, 4, null]);
    expect(result.summary).toMatchObject({ dimension: 'field', judge: null, provider: null });
  });
});

it('a scored record keeps what an earlier run said of it', async () => {
  const record = { instruction: 'x', winnow: { score: 1 } };
  expect(scoreRecord({ record, score: 2, judge: 'j' })).toEqual({
    instruction: 'x',
    winnow: { score: 2, judge: 'j', previous: { score: 1 } },
  });
  expect(scoreRecord({ record: { instruction: 'x' }, score: null, failure: 'why', judge: 'j' })).toEqual({
    instruction: 'x',
    winnow: { score: null, failure: 'why', judge: 'j' },
  });
});
