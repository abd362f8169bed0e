import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();
const LONG = { id: 'long', instruction: `Sum up: ${'word after word '.repeat(500)}`, output: 'Words.' };
const MUTE = { id: 'mute', instruction: 'Say nothing at all, please.', output: 'Silence.' };

let server: ProviderServer;
let isJudgeOut = true;
beforeAll(async () => {
  server = await startOpenAiServer({
    chat: ({ system, text }) => {
      if (system === '') return { text: text.startsWith('Say nothing') ? '' : 'An answer.' };
      return { text: isJudgeOut ? 'No idea.' : '{"reason": "It is poor.", "score": 2}' };
    },
  });
});
afterAll(() => server.close());

test('a question too long for the model is not judged as an empty answer; one it answered with nothing is', async () => {
  const baseUrl = `${server.url}/v1`;
  const price = { input: 1, output: 1 };
  const lab = new CampaignLab(home, 'long', {
    judge: { provider: 'compatible', model: 'a-judge', baseUrl, price, contextTokens: 32_000 },
    trainer: {
      kind: 'command',
      command: `echo '${JSON.stringify({ model: 'seed', baseUrl })}'`,
      serve: { price, contextTokens: 1_000 },
    },
    labels: { heldOutShare: 0, heldOutFiles: ['test.jsonl'] },
    rounds: { most: 1, seed: { strategy: 'k-center', count: 8 }, necessity: { count: 1, evaluate: 2 } },
  });
  lab.write('test.jsonl', [LONG, MUTE].map((record) => JSON.stringify(record)).join('\n'));
  const work = { clock: systemClock };
  await lab.work((campaign) => lab.play(campaign, { until: isStep('evaluate') }), work);
  expect(lab.rows('SELECT DISTINCT score FROM evaluation')).toEqual([{ score: null }]);

  isJudgeOut = false;
  const result = await lab.work((campaign) => campaign.findFailures({ retryFailed: true }), work);
  expect(result).toMatchObject({ done: true, details: { unjudged: 1, testScore: 2 } });
  const last = `SELECT score, reason FROM evaluation WHERE item_id = 'long' ORDER BY generation DESC LIMIT 1`;
  expect(lab.rows(last)).toEqual([{ score: null, reason: expect.stringContaining('too long for the model') }]);
});
