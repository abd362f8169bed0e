import { expect, it } from 'vitest';
import { startOpenAiServer } from '../support/openai-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();

it('has another judge score everything again if it takes over in the middle of an evaluation', async () => {
  const QUESTIONS = 6;
  let answered = 0;
  const server = await startOpenAiServer({
    chat: ({ request }) => {
      if (request.body.model === 'first') answered += 1;
      if (answered > 3 && request.body.model === 'first') return { fault: 'status', status: 401 };
      return { text: JSON.stringify({ reason: 'as it is', score: request.body.model === 'first' ? 9 : 2 }) };
    },
  });
  const judge = (model: string) => ({
    judge: {
      provider: 'compatible',
      model,
      baseUrl: `${server.url}/v1`,
      price: { input: 1, output: 1 },
      contextTokens: 32_000,
    },
    labels: { heldOutShare: 0 },
    requests: { concurrency: 1 },
    rounds: { most: 1, seed: { strategy: 'k-center', count: 8 }, necessity: { count: 4, evaluate: QUESTIONS } },
  });
  try {
    const lab = new CampaignLab(home, 'judges', judge('first'));
    const cutOff = await lab.work(async (campaign) => {
      await lab.play(campaign, { until: isStep('train') });
      return campaign.next();
    });
    expect(cutOff).toMatchObject({ step: 'evaluate', done: false, because: 'provider' });
    expect(lab.rows('SELECT score FROM evaluation')).toHaveLength(3);

    lab.configure(judge('second'));
    await lab.work(async (campaign) => {
      await campaign.evaluate();
      const { details } = (await campaign.findFailures()) as { details: unknown };
      expect(details).toMatchObject({ evaluated: QUESTIONS, failures: QUESTIONS, poolScore: 2 });
      expect(campaign.evaluations(1).map(({ score }) => score)).toEqual(Array(QUESTIONS).fill(2));
    });
  } finally {
    await server.close();
  }
});
