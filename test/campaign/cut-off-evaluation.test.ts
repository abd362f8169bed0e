import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();
let server: ProviderServer;
let onAsked = () => {};
beforeAll(async () => {
  server = await startOpenAiServer({
    chat: () => {
      onAsked();
      return { text: '{"reason": "It is poor.", "score": 2}' };
    },
  });
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
  for (let times = 1; times <= 3; times += 1) {
    const end = new AbortController();
    onAsked = () => end.abort(new Error('Killed.'));
    const ended = { clock: systemClock, signal: end.signal, abandon: end.signal };
    const cutOff = await lab.work((campaign) => campaign.evaluate(), ended);
    expect(cutOff).toMatchObject({ done: false, because: 'interrupt' });
  }
  onAsked = () => {};
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
