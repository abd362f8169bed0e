import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/assembly/system-clock.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();
let server: ProviderServer;
beforeAll(async () => {
  server = await startOpenAiServer({ chat: () => ({ text: '{"reason": "It is poor.", "score": 2}' }), latencyMs: 30 });
});
afterAll(() => server.close());

test('an evaluation that fills its cap goes on after calls of it were lost, and passes no cap', async () => {
  const capMicroUsd = 40_000;
  const lab = new CampaignLab(home, 'cut-off', {
    judge: {
      provider: 'compatible',
      model: 'a-judge',
      baseUrl: `${server.url}/v1`,
      price: { input: 1, output: 1 },
      contextTokens: 32_000,
    },
    labels: { heldOutShare: 0 },
    rounds: { most: 1, seed: { strategy: 'k-center', count: 8 }, necessity: { count: 1, evaluate: 30 } },
    budget: { llmUsd: capMicroUsd / 1e6 },
  });
  await lab.work((campaign) => lab.play(campaign, { until: isStep('train') }));
  const abandon = new AbortController();
  const cutOff = lab.work((campaign) => campaign.evaluate(), {
    clock: systemClock,
    signal: abandon.signal,
    abandon: abandon.signal,
    onProgress: ({ phase, done }) => {
      if (phase === 'evaluate' && done === 0) setTimeout(() => abandon.abort(new Error('Killed.')), 20);
    },
  });
  expect(await cutOff).toMatchObject({ done: false, because: 'interrupt' });
  await lab.work(
    async (campaign) => {
      expect(campaign.ledger().filter(({ state }) => state === 'lost').length).toBeGreaterThan(0);
      expect(await campaign.next()).toMatchObject({ step: 'evaluate', done: true });
      const { llm } = (await campaign.status()).spending;
      expect(llm.settledMicroUsd + llm.reservedMicroUsd).toBeLessThanOrEqual(capMicroUsd);
    },
    { clock: systemClock },
  );
});
