import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DeclinedError } from '../../src/domain/errors.ts';
import { type ChatAnswerer, chooseLongest } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();
const LABELS = { heldOutShare: 0.25, perLabelUsd: 0.5 };

describe('a cap on labels', () => {
  test.each([
    ['on their number', { labels: 11 }, 3],
    ['on their money', { labelUsd: 5.9 }, 3],
    ['on all money', { totalUsd: 5.5 }, 3],
  ])(
    '%s makes the last round smaller, then ends the campaign, which goes on when it is raised',
    async (name, budget, last) => {
      const lab = new CampaignLab(home, `cap ${name}`, { labels: LABELS, budget });
      await lab.work(async (campaign) => {
        const results = await lab.play(campaign, { say: () => ({ response: 'An answer.' }) });
        const plan = results.find(isStep('plan-round', 2))!;
        expect(plan).toMatchObject({
          details: { plan: { count: last }, configured: 6 },
          notes: [expect.stringContaining(`Round 2 plans ${last} instructions, not the configured 6`)],
        });
        expect(results.at(-1)).toMatchObject({ step: 'stop', round: 2, stop: { rule: 'budget' } });
        expect((await campaign.status()).labels.labeled).toBe(8 + last);
      });
      expect(lab.rows('SELECT round, rule FROM stop')).toEqual([{ round: 2, rule: 'budget' }]);

      const raised = Object.fromEntries(Object.entries(budget).map(([cap, amount]) => [cap, amount + 8]));
      lab.configure({ labels: LABELS, budget: raised });
      await lab.work(async (campaign) => {
        expect(await campaign.next()).toMatchObject({ step: 'plan-round', round: 3, details: { plan: { count: 6 } } });
      });
    },
  );

  test('that is raised in the middle of a round changes nothing of that round', async () => {
    const lab = new CampaignLab(home, 'raised-within', { budget: { labels: 4 } });
    await lab.work((campaign) => lab.play(campaign, { until: isStep('plan-round') }));
    lab.configure({ budget: { labels: 40 } });
    expect(await lab.work((campaign) => campaign.select())).toMatchObject({ details: { picked: 4 } });
  });

  test('counts neither skips nor rejections, whose places are given to others', async () => {
    const lab = new CampaignLab(home, 'skips', { budget: { labels: 8 } });
    await lab.work(async (campaign) => {
      await campaign.run();
      const says = ['skip', 'reject', 'skip'] as const;
      await campaign.importLabels(
        lab.annotate(1, (_, index) => (says[index] ? { verdict: says[index] } : { response: 'An answer.' })),
      );
      expect((await campaign.status()).room.labels).toBe(3);
      const results = await lab.play(campaign, { say: () => ({ response: 'An answer.' }) });
      expect(results.find(isStep('plan-round', 2))).toMatchObject({ details: { plan: { count: 3 } } });
      expect(results.at(-1)).toMatchObject({ stop: { rule: 'budget' } });
    });
  });

  test('that is lowered below what is set aside already takes nothing back, and plans no more', async () => {
    const lab = new CampaignLab(home, 'lowered', { labels: LABELS, budget: { labelUsd: 10 } });
    await lab.work((campaign) => campaign.run());
    lab.configure({ labels: LABELS, budget: { labelUsd: 1 } });
    await lab.work(async (campaign) => {
      const results = await lab.play(campaign, { say: () => ({ response: 'An answer.' }) });
      expect(results.at(-1)).toMatchObject({ step: 'stop', round: 1, stop: { rule: 'budget' } });
      expect((await campaign.status()).spending.labels).toMatchObject({ settledMicroUsd: 4_000_000 });
    });
  });
});

describe('a cap on the money of LLMs', () => {
  let server: ProviderServer;
  beforeAll(async () => {
    server = await startOpenAiServer({ chat: judgeOrChoose });
  });
  afterAll(() => server.close());

  const served = () => ({
    llm: {
      provider: 'compatible',
      model: 'some-model',
      baseUrl: `${server.url}/v1`,
      price: { input: 1, output: 2 },
      contextTokens: 32_000,
    },
    rounds: {
      most: 2,
      seed: { strategy: 'selectllm', count: 4 },
      necessity: { count: 3, evaluate: 10, threshold: 6 },
    },
  });

  test('lets no step begin whose worst case does not fit under it: nothing is asked, nothing is set aside', async () => {
    const choosing = { ...served(), judge: { provider: 'offline' } };
    const lab = new CampaignLab(home, 'no-step', { ...choosing, budget: { llmUsd: 0.001 } });
    await lab.work(async (campaign) => {
      await lab.play(campaign, { until: isStep('plan-round') });
      const before = lab.state();
      const asked = server.requests.length;
      expect(await campaign.next()).toMatchObject({
        step: 'select',
        done: false,
        because: 'budget',
        message: expect.stringMatching(
          /^The step "select" could cost \$0\.\d+, but only \$0\.001 is left for LLMs\. It was not started\.$/,
        ),
        hint: expect.toSatisfy((hint) => String(hint).includes('budget.llmUsd')),
      });
      expect(lab.rows('SELECT round, rule FROM stop')).toEqual([{ round: 1, rule: 'budget' }]);
      expect(server.requests).toHaveLength(asked);
      // Which queries there are is known without asking; that none was asked is what counts.
      const { attempt, call, expense } = lab.state();
      expect({ attempt, call, expense }).toEqual({ attempt: [], call: [], expense: [] });
      expect(lab.state().step).toEqual(before.step);
    });

    lab.configure({ ...choosing, budget: { llmUsd: 5 } });
    await lab.work(async (campaign) => {
      expect(await campaign.next()).toMatchObject({ step: 'select', done: true, details: { picked: 4 } });
    });
  });

  test('that is out stops judging of the pool before the first call', async () => {
    const config = { ...served(), quality: { threshold: 1 }, budget: { totalUsd: 0.002 } };
    const lab = new CampaignLab(home, 'no-judging', config);
    await lab.work(async (campaign) => {
      await campaign.addPool();
      const asked = server.requests.length;
      expect(await campaign.judgeQuality()).toMatchObject({
        done: false,
        because: 'budget',
        message: expect.stringContaining('The step "judge-quality" could cost'),
      });
      expect(server.requests).toHaveLength(asked);
      expect(campaign.ledger()).toEqual([]);
    });
  });

  test('that is one with that on labels takes of their money: fewer are handed out, and the campaign goes on', async () => {
    const config = { ...served(), judge: { provider: 'offline' }, labels: LABELS, budget: { totalUsd: 2 } };
    const lab = new CampaignLab(home, 'shared', config);
    await lab.work(async (campaign) => {
      const results = await lab.play(campaign, { until: isStep('select') });
      expect(results.find(isStep('plan-round'))).toMatchObject({ details: { plan: { count: 4 } } });
      expect(results.at(-1)).toMatchObject({
        details: { picked: 3 },
        notes: expect.arrayContaining([expect.stringContaining('4 were chosen, but the remaining budget pays for 3')]),
      });
      await lab.play(campaign, { until: isStep('wait-for-labels') });
      expect((await campaign.status()).labels).toMatchObject({ awaited: 3 });
    });
  });

  test('that labels share keeps what judging needs: fewer labels are planned, so that the model can be judged', async () => {
    const lab = new CampaignLab(home, 'kept', { ...served(), labels: LABELS, budget: { totalUsd: 2 } });
    await lab.work(async (campaign) => {
      const results = await lab.play(campaign, { until: isStep('plan-round') });
      expect(results.at(-1)).toMatchObject({ details: { plan: { count: 3 } } });
    });
  });

  test('that does not reach for judging what is held out ends the campaign before people are asked to label', async () => {
    const lab = new CampaignLab(home, 'no-judge', { ...served(), labels: LABELS, budget: { llmUsd: 0.001 } });
    await lab.work(async (campaign) => {
      expect((await lab.play(campaign)).at(-1)).toMatchObject({
        step: 'stop',
        stop: {
          rule: 'budget',
          message: expect.stringMatching(/is left for judging the held-out labels.*budget\.llmUsd/),
        },
      });
      expect(campaign.ledger()).toEqual([]);
    });
  });

  test('is asked about before it is used, and a no ends the step before its first call', async () => {
    const lab = new CampaignLab(home, 'asked', served());
    await lab.work(async (campaign) => {
      await lab.play(campaign, { until: isStep('plan-round') });
      const asked = server.requests.length;
      const plans: unknown[] = [];
      const confirm = async (plan: unknown) => {
        plans.push(plan);
        return false;
      };
      await expect(campaign.next({ confirm })).rejects.toThrow(DeclinedError);
      expect(plans).toMatchObject([{ step: 'select', round: 1, trainingMicroUsd: 0 }]);
      expect(server.requests).toHaveLength(asked);
      expect(campaign.ledger()).toEqual([]);
    });
  });

  test('is never passed, and each step says what it cost, to the micro-dollar', async () => {
    const capMicroUsd = 500_000;
    const lab = new CampaignLab(home, 'whole', { ...served(), labels: LABELS, budget: { llmUsd: 0.5 } });
    await lab.work(async (campaign) => {
      const results = await lab.play(campaign, { say: () => ({ response: 'An answer of some length.' }) });
      expect(results.at(-1)).toMatchObject({ step: 'stop' });
      const { spending } = await campaign.status();
      expect(spending.llm.settledMicroUsd).toBeGreaterThan(0);
      expect(spending.llm.settledMicroUsd).toBeLessThanOrEqual(capMicroUsd);
      const entries = campaign.ledger();
      for (const account of ['llm', 'labels'] as const) {
        const sum = entries
          .filter((entry) => entry.account === account)
          .reduce((all, one) => all + one.costMicroUsd, 0);
        expect(sum).toBe(spending[account].settledMicroUsd + spending[account].reservedMicroUsd);
      }
      // What labels cost is set aside by the step that chooses them, and settled between steps.
      const steps = results.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0);
      expect(steps).toBe(spending.total.settledMicroUsd);
      expect(spending.total.reservedMicroUsd).toBe(0);
    });
  });
});

/** Chooses where it is told to choose, else rates: low what is odd, high what is even in length. */
const judgeOrChoose: ChatAnswerer = (prompt) => {
  if (/exactly \d+/i.test(prompt.text)) return chooseLongest(prompt);
  const score = prompt.text.length % 2 === 0 ? 9 : 3;
  return { text: JSON.stringify({ reason: 'as its length is', score: /0 to 5/.test(prompt.system) ? 4 : score }) };
};
