import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep, POOL } from './campaign-lab.ts';

const home = temporaryFolder();

test('to go on without the labels that are missing hurries no later round past its annotators', async () => {
  const lab = new CampaignLab(home, 'go-on');
  await lab.work(async (campaign) => {
    await campaign.run();
    const some = lab.annotate(1, (_, index) => (index < 6 ? { response: 'An answer.' } : {}));
    await campaign.importLabels(some);
    const result = await campaign.run({ goOn: true });
    expect(result).toMatchObject({ step: 'wait-for-labels', round: 2, done: false, because: 'waiting' });
    expect((await campaign.status()).rounds).toMatchObject([{ labeled: 6 }, { awaited: 6 }]);
  });
});

describe('to ask again what got no usable judgment', () => {
  let server: ProviderServer;
  beforeAll(async () => {
    server = await startOpenAiServer({
      chat: ({ text }) => ({
        text: text.includes(POOL[3]!.instruction) ? 'No idea.' : '{"reason": "So.", "score": 4}',
      }),
    });
  });
  afterAll(() => server.close());

  test('asks once, even where it gets no usable one again', async () => {
    const lab = new CampaignLab(home, 'retry', {
      judge: {
        provider: 'compatible',
        model: 'some-model',
        baseUrl: `${server.url}/v1`,
        price: { input: 1, output: 2 },
        contextTokens: 32_000,
      },
      quality: { threshold: 1 },
      budget: { llmUsd: 1 },
    });
    await lab.work(async (campaign) => {
      await lab.play(campaign, { until: isStep('judge-quality') });
      const asked = server.requests.length;
      const result = await campaign.run({ retryFailed: true });
      expect(result).toMatchObject({ step: 'wait-for-labels', because: 'waiting' });
      // One question and two repairs.
      expect(server.requests).toHaveLength(asked + 3);
    });
  });
});
