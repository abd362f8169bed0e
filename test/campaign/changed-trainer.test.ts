import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();
let server: ProviderServer;
beforeAll(async () => {
  server = await startOpenAiServer({ chat: () => ({ text: 'An answer.' }) });
});
afterAll(() => server.close());

test.each([
  ['another kind', { kind: 'openai', model: 'some-model', trainingPrice: 25, price: { input: 1, output: 1 } }],
  ['one that trains nothing', { kind: 'nearest-neighbour' }],
])(
  'a trainer changed to %s after the training is not asked for the model, and its server gets no key',
  async (name, changed) => {
    const rounds = { most: 1, seed: { strategy: 'k-center', count: 8 }, necessity: { count: 1, evaluate: 2 } };
    const command = `echo '${JSON.stringify({ model: 'seed', baseUrl: `${server.url}/v1` })}'`;
    const lab = new CampaignLab(home, name, { rounds, trainer: { kind: 'command', command } });
    const work = { clock: systemClock, environment: { OPENAI_API_KEY: 'a-key-of-openai' } };
    await lab.work((campaign) => lab.play(campaign, { until: isStep('train') }), work);

    const asked = server.requests.length;
    lab.configure({ rounds, trainer: changed });
    await lab.work(async (campaign) => {
      await expect(campaign.evaluate()).rejects.toMatchObject({
        message: `The model of round 1, seed, cannot be asked: trainer.kind is now ${changed.kind}.`,
        hint: 'Set trainer back to kind command for now.',
      });
    }, work);
    expect(server.requests).toHaveLength(asked);

    lab.configure({ rounds, trainer: { kind: 'command', command } });
    expect(await lab.work((campaign) => campaign.evaluate(), work)).toMatchObject({ done: true });
    expect(server.requests.length).toBeGreaterThan(asked);
  },
);
