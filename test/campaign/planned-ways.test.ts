import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import type { PlannedStep } from '../../src/runs/campaign/step-result.ts';
import { plannedWays } from '../../src/runs/planned-ways.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();
let server: ProviderServer;
beforeAll(async () => {
  server = await startOpenAiServer({
    chat: ({ system }) => (system === '' ? { text: 'An answer.' } : { text: '{"reason": "It is poor.", "score": 2}' }),
  });
});
afterAll(() => server.close());

/** The cost question of the evaluation. */
async function evaluationPlan(name: string, batch: boolean | undefined): Promise<PlannedStep> {
  const baseUrl = `${server.url}/v1`;
  const price = { input: 1, output: 4 };
  const lab = new CampaignLab(home, name, {
    judge: { provider: 'openai', model: 'gpt-4o-mini', baseUrl, ...(batch ? { batch } : {}) },
    trainer: {
      kind: 'command',
      command: `echo '${JSON.stringify({ model: 'seed', baseUrl })}'`,
      serve: { price, contextTokens: 8_000 },
    },
    rounds: { most: 1, seed: { strategy: 'k-center', count: 8 }, necessity: { count: 1, evaluate: 10 } },
  });
  const work = { clock: systemClock, environment: { OPENAI_API_KEY: 'sk-of-the-judge-123456' } };
  await lab.work((campaign) => lab.play(campaign, { until: isStep('train') }), work);
  const plans: PlannedStep[] = [];
  const confirm = async (plan: PlannedStep) => {
    plans.push(plan);
    return false;
  };
  await lab.work((campaign) => campaign.evaluate({ confirm }).catch(() => undefined), work);
  expect(plans).toHaveLength(1);
  return plans[0]!;
}

test('the cost question of a step says what both ways cost and how long they take', async () => {
  const plan = await evaluationPlan('live', undefined);
  const [answers, judging] = plan.calls.map(({ costMicroUsd }) => costMicroUsd);
  expect(plan.calls.map(({ by }) => by)).toEqual(['trained', 'judging']);
  expect(judging!.expected).toBeGreaterThan(0);
  const { used, live, batch } = plan.ways!;
  expect({ used, cost: live.costMicroUsd }).toEqual({ used: 'live', cost: plan.llmMicroUsd });
  // The trained model stands on a server without batches: what it answers costs the same.
  expect(batch.costMicroUsd.expected).toBe(answers!.expected + Math.ceil(judging!.expected / 2));
  expect(batch.costMicroUsd.worstCase).toBe(answers!.worstCase + Math.ceil(judging!.worstCase / 2));
  expect(live.seconds?.expected).toBe(plan.expectedSeconds);
  expect(plan.expectedSeconds).toBeGreaterThan(0);
  expect(batch.seconds).toEqual({ expected: 3_600, worstCase: 86_400 });
});

test('with batches, the other way is live', async () => {
  const [live, batch] = [await evaluationPlan('live again', undefined), await evaluationPlan('batch', true)];
  expect(batch.ways).toMatchObject({ used: 'batch', batch: { costMicroUsd: batch.llmMicroUsd } });
  expect(batch.llmMicroUsd.expected).toBeLessThan(live.llmMicroUsd.expected);
  // Each call is rounded up to the micro-dollar.
  const difference = batch.ways!.live.costMicroUsd.expected - live.llmMicroUsd.expected;
  expect(Math.abs(difference)).toBeLessThan(2 * live.calls[1]!.count);
});

test('calls of which none can be sent as a batch have one way', () => {
  expect(plannedWays([{ costMicroUsd: { expected: 10, worstCase: 20 } }], 5)).toBeNull();
});
