import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import { spellWording, type Wording } from '../../src/domain/wording.ts';
import type { ChatAnswer } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();
const price = { input: 1, output: 1 };
const work = { clock: systemClock };
const REFUSED: ChatAnswer = { fault: 'status', status: 400, message: 'It triggered the content management policy.' };
const TESTS = ['the asked one', 'the judged one', 'the good one'].map((id) => ({
  id,
  instruction: `Tell me about ${id}.`,
  output: 'Well.',
}));

let server: ProviderServer;
let answer: (text: string, isJudge: boolean) => ChatAnswer;
beforeAll(async () => {
  server = await startOpenAiServer({ chat: ({ system, text }) => answer(text, system !== '') });
});
afterAll(() => server.close());

type Said = { readonly notes?: readonly Wording[]; readonly hint?: Wording };

/** What a step says besides its figures. */
function wordsOf(result: object): string {
  const { notes = [], hint } = result as Said;
  const all = [...notes, ...(hint === undefined ? [] : [hint])];
  return all
    .map((wording) =>
      spellWording(wording, ({ name, options = [] }) => [name, ...options.map((one) => one.name)].join(' --')),
    )
    .join(' ');
}

test('evaluation goes on past texts that a content filter refuses, and never asks for them again', async () => {
  const baseUrl = `${server.url}/v1`;
  const lab = new CampaignLab(home, 'evaluation', {
    judge: { provider: 'compatible', model: 'a-judge', baseUrl, price, contextTokens: 32_000 },
    trainer: {
      kind: 'command',
      command: `echo '${JSON.stringify({ model: 'seed', baseUrl })}'`,
      serve: { price, contextTokens: 4_000 },
    },
    labels: { heldOutShare: 0, heldOutFiles: ['test.jsonl'] },
    rounds: { most: 1, seed: { strategy: 'k-center', count: 8 }, necessity: { count: 1, evaluate: 2 } },
  });
  lab.write('test.jsonl', TESTS.map((record) => JSON.stringify(record)).join('\n'));
  answer = (text, isJudge) => {
    if (text.includes(isJudge ? 'the judged one' : 'the asked one')) return REFUSED;
    return { text: isJudge ? '{"reason": "It is poor.", "score": 2}' : 'An answer.' };
  };
  await lab.work((campaign) => lab.play(campaign, { until: isStep('evaluate') }), work);
  const scores = `SELECT item_id AS id, score, refused FROM evaluation WHERE subset = 'test' ORDER BY item_id`;
  const expected = [
    { id: 'the asked one', score: null, refused: 1 },
    { id: 'the good one', score: 2, refused: 0 },
    { id: 'the judged one', score: null, refused: 1 },
  ];
  expect(lab.rows(scores)).toEqual(expected);
  const asked = server.requests.length;
  const result = await lab.work((campaign) => campaign.findFailures({ retryFailed: true }), work);
  expect(result).toMatchObject({ done: true, details: { unjudged: 2 } });
  expect(server.requests).toHaveLength(asked);
  expect(lab.rows(scores)).toEqual(expected);
});

const REJECTED: ChatAnswer = { fault: 'status', status: 400, message: 'The model does not like this.' };
const JUDGED_FIRST = { criterion: 'quality', threshold: 2 };

test.each([
  [
    'a content filter refuses what is judged',
    REFUSED,
    { quality: JUDGED_FIRST },
    /refused by the provider's content filter/,
  ],
  ['a content filter refuses what is chosen from', REFUSED, {}, /exclude.*another model/],
  ['the provider rejects what is judged', REJECTED, { quality: JUDGED_FIRST }, /Run next again/],
  ['the provider rejects what is chosen from', REJECTED, {}, /The provider refuses these requests\./],
])('no advice names --retry-failed where %s', async (name, refusal, config, advice) => {
  const baseUrl = `${server.url}/v1`;
  const llm = { provider: 'compatible', model: 'a-chooser', baseUrl, price, contextTokens: 32_000 };
  const lab = new CampaignLab(home, name, {
    llm,
    ...config,
    labels: { heldOutShare: 0 },
    rounds: { most: 1, seed: { strategy: 'selectllm', count: 8 }, necessity: { count: 1, evaluate: 2 } },
  });
  answer = () => refusal;
  const results = await lab.work(async (campaign) => {
    const steps = [await campaign.next()];
    while (steps.length < 5 && steps.at(-1)!.done && !steps.map(wordsOf).join('').trim()) {
      steps.push(await campaign.next());
    }
    return steps;
  }, work);
  const said = results.map(wordsOf).join(' ');
  expect(said).toMatch(advice);
  expect(said).not.toContain('retryFailed');
});
