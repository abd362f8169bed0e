import { describe, expect, test } from 'vitest';
import { type ChatAnswerer, chooseLongest } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep, POOL } from './campaign-lab.ts';

const home = temporaryFolder();

interface Evaluated {
  readonly id: string;
  readonly score: number;
  readonly answer: string;
  readonly reason: string;
}

function evaluated(lab: CampaignLab, round: number): Evaluated[] {
  return lab.rows(
    `SELECT item_id AS id, score, answer, reason FROM evaluation WHERE round = ${round} AND subset = 'pool' ORDER BY score`,
  );
}

function roundsWith(necessity: object) {
  return {
    most: 2,
    seed: { strategy: 'k-center', count: 8 },
    necessity: { count: 6, evaluate: 40, threshold: 6, select: 'cover', ...necessity },
  };
}

describe('a necessity round', () => {
  test.each([
    ['cover', 'k-center'],
    ['cover', 'facility-location'],
    ['cover', 'k-means'],
    ['selectllm', undefined],
  ])('that selects by %s (%s) chooses among failures only', async (select, cover) => {
    const rounds = roundsWith({ select, ...(cover ? { cover } : {}) });
    const lab = new CampaignLab(home, `${select}-${cover}`, { rounds });
    await lab.work(async (campaign) => {
      const results = await lab.play(campaign, { until: isStep('export', 2) });
      const selected = results.find(isStep('select', 2));
      const scores = evaluated(lab, 1);
      const failures = scores.filter(({ score }) => score < 6);
      expect(failures.length).toBeLessThan(scores.length);
      expect(selected).toMatchObject({
        details: { strategy: cover ?? 'selectllm', picked: 6, candidates: failures.length },
      });
      const failed = new Set(failures.map(({ id }) => id));
      expect(lab.tasks(2).filter(({ id }) => !failed.has(id))).toEqual([]);
    });
  });

  test('hands out the failing answer and the judge’s reason with each task, and the first round neither', async () => {
    const lab = new CampaignLab(home, 'drafts', { rounds: roundsWith({}) });
    await lab.work(async (campaign) => {
      const results = await lab.play(campaign, { until: isStep('export', 2) });
      expect(results.at(-1)).toMatchObject({ details: { tasks: 6, drafts: 6 } });
      expect(lab.tasks(1).every(({ draft }) => draft === '')).toBe(true);
      const byId = new Map(evaluated(lab, 1).map((one) => [one.id, one]));
      for (const task of lab.tasks(2)) {
        const { answer, reason, score } = byId.get(task.id)!;
        expect(task).toMatchObject({ draft: answer, judge_reason: reason, response: '', round: 2 });
        expect(task.draft_score).toBeCloseTo((score - 1) / 9, 3);
        expect(POOL.some(({ output }) => output === answer)).toBe(true);
      }
    });
  });

  test('that weighs failures chooses worse ones than one that does not', async () => {
    const meanScore = async (weighted: boolean) => {
      const rounds = roundsWith({ weighted, threshold: 10, cover: 'facility-location', count: 5 });
      const lab = new CampaignLab(home, `weighted-${weighted}`, { rounds });
      await lab.work((campaign) => lab.play(campaign, { until: isStep('export', 2) }));
      const byId = new Map(evaluated(lab, 1).map(({ id, score }) => [id, score]));
      return lab.tasks(2).reduce((sum, { id }) => sum + byId.get(id)!, 0);
    };
    expect(await meanScore(true)).toBeLessThan(await meanScore(false));
  });

  test('by MoDS’s own rule covers the failures alone by k-center, without weights', async () => {
    const lab = new CampaignLab(home, 'mods', { rounds: roundsWith({ select: 'mods' }) });
    await lab.work(async (campaign) => {
      const results = await lab.play(campaign, { until: isStep('export', 2) });
      const failed = new Set(evaluated(lab, 1).flatMap(({ id, score }) => (score < 6 ? [id] : [])));
      expect(results.find(isStep('plan-round', 2))).toMatchObject({
        details: { plan: { from: 'failures', strategy: 'k-center', weighted: false } },
      });
      expect(results.find(isStep('select', 2))).toMatchObject({ details: { candidates: failed.size } });
      expect(lab.tasks(2).every(({ id }) => failed.has(id))).toBe(true);
    });
  });

  test('covers all that is unlabeled where nothing else is said, failures or not', async () => {
    const lab = new CampaignLab(home, 'pool', {
      rounds: { ...roundsWith({}), necessity: { count: 20, evaluate: 10, threshold: 3 } },
    });
    await lab.work(async (campaign) => {
      const results = await lab.play(campaign, { until: isStep('export', 2) });
      expect(results.find(isStep('plan-round', 2))).toMatchObject({
        details: { plan: { from: 'pool', kind: 'necessity', strategy: 'facility-location', weighted: false } },
      });
      expect(results.find(isStep('select', 2))).toMatchObject({ details: { candidates: 32, picked: 20 } });
    });
  });

  test('that counts failures more chooses worse answers from the same pool', async () => {
    const meanScore = async (failureWeight: number) => {
      const necessity = { select: 'pool', failureWeight, threshold: 10, count: 5 };
      const lab = new CampaignLab(home, `failure-weight-${failureWeight}`, { rounds: roundsWith(necessity) });
      await lab.work((campaign) => lab.play(campaign, { until: isStep('export', 2) }));
      const byId = new Map(evaluated(lab, 1).map(({ id, score }) => [id, score]));
      return lab.tasks(2).reduce((sum, { id }) => sum + byId.get(id)!, 0);
    };
    expect(await meanScore(1_000)).toBeLessThan(await meanScore(0));
  });

  test('as a random baseline draws from all that is unlabeled, without drafts', async () => {
    const lab = new CampaignLab(home, 'baseline', {
      rounds: roundsWith({ select: 'random', count: 20, threshold: 3 }),
    });
    await lab.work(async (campaign) => {
      const results = await lab.play(campaign, { until: isStep('export', 2) });
      expect(results.find(isStep('select', 2))).toMatchObject({ details: { candidates: 32, picked: 20 } });
      const failed = new Set(evaluated(lab, 1).flatMap(({ id, score }) => (score < 3 ? [id] : [])));
      expect(lab.tasks(2).some(({ id }) => !failed.has(id))).toBe(true);
    });
  });

  test('evaluates as many as are configured, chosen to cover what is left, and the same when taken up again', async () => {
    const evaluate = async (name: string) => {
      const lab = new CampaignLab(home, name, { rounds: roundsWith({ evaluate: 10 }) });
      await lab.work(async (campaign) => {
        const results = await lab.play(campaign, { until: isStep('evaluate') });
        expect(results.at(-1)).toMatchObject({ details: { pool: 10, remaining: 32 } });
      });
      return evaluated(lab, 1).map(({ id }) => id);
    };
    expect(await evaluate('sample')).toEqual(await evaluate('sample-again'));
  });

  test('takes the threshold as it is configured now', async () => {
    const lab = new CampaignLab(home, 'threshold', { rounds: roundsWith({ threshold: 6 }) });
    await lab.work((campaign) => lab.play(campaign, { until: isStep('find-failures') }));
    lab.configure({ rounds: roundsWith({ threshold: 1 }) });
    await lab.work(async (campaign) => {
      expect(await campaign.next()).toMatchObject({ step: 'stop', stop: { rule: 'failure-rate' } });
    });
    lab.configure({ rounds: roundsWith({ threshold: 10 }) });
    await lab.work(async (campaign) => {
      expect(await campaign.next()).toMatchObject({ step: 'plan-round', round: 2 });
      expect(await campaign.select()).toMatchObject({ details: { candidates: evaluated(lab, 1).length } });
    });
  });

  test('keeps the threshold it was planned with, for its choice and its drafts', async () => {
    const lab = new CampaignLab(home, 'kept-threshold', { rounds: roundsWith({ threshold: 6 }) });
    await lab.work((campaign) => lab.play(campaign, { until: isStep('plan-round', 2) }));
    const failures = evaluated(lab, 1).filter(({ score }) => score < 6).length;
    lab.configure({ rounds: roundsWith({ threshold: 1 }) });
    await lab.work(async (campaign) => {
      expect(await campaign.select()).toMatchObject({ details: { candidates: failures, picked: 6 } });
      expect(await campaign.export()).toMatchObject({ details: { tasks: 6, drafts: 6 } });
    });
  });
});

describe('answers without a usable judgment', () => {
  const NO_SCORE = '{"reason": "I would rather not say."}';

  test('are not failures; if most lack a judgment, the round waits until they are judged again', async () => {
    let isMute = true;
    const chat: ChatAnswerer = (prompt) =>
      /exactly \d+/i.test(prompt.text)
        ? chooseLongest(prompt)
        : { text: isMute ? NO_SCORE : JSON.stringify({ reason: 'too short', score: 2 }) };
    const server = await startOpenAiServer({ chat });
    try {
      const lab = new CampaignLab(home, 'mute', {
        judge: {
          provider: 'compatible',
          model: 'some-model',
          baseUrl: `${server.url}/v1`,
          price: { input: 1, output: 1 },
          contextTokens: 32_000,
        },
        labels: { heldOutShare: 0 },
        rounds: { ...roundsWith({}), most: 1, necessity: { count: 4, evaluate: 6, threshold: 6 } },
      });
      await lab.work(async (campaign) => {
        await lab.play(campaign, { until: isStep('evaluate') });
        expect(lab.rows('SELECT DISTINCT score FROM evaluation')).toEqual([{ score: null }]);
        expect(await campaign.next()).toMatchObject({
          step: 'find-failures',
          done: false,
          because: 'short',
          hint: expect.toSatisfy((hint) => String(hint).includes('retryFailed')),
        });
        const asked = server.requests.length;
        // The same again asks no model.
        expect(await campaign.next()).toMatchObject({ done: false, costMicroUsd: 0 });
        expect(server.requests).toHaveLength(asked);

        isMute = false;
        const result = await campaign.next({ retryFailed: true });
        expect(result).toMatchObject({
          step: 'find-failures',
          done: true,
          details: { evaluated: 6, unjudged: 0, failures: 6, failureRate: 1, poolScore: 2 },
        });
        expect(server.requests).toHaveLength(asked + 6);
        expect(result.costMicroUsd).toBeGreaterThan(0);
      });
    } finally {
      await server.close();
    }
  });

  test.each([
    ['all are missing, nothing can be gone on with', 0],
    ['some are there, goOn leaves the others out', 2],
  ])('where %s', async (_, judged) => {
    const shown: string[] = [];
    const server = await startOpenAiServer({
      chat: ({ text }) => {
        const item = text.split('\n').find((line) => line.startsWith('instruction: '))!;
        if (!shown.includes(item)) shown.push(item);
        return {
          text: shown.indexOf(item) < judged ? JSON.stringify({ reason: 'beside the point', score: 2 }) : NO_SCORE,
        };
      },
    });
    try {
      const lab = new CampaignLab(home, `mute-go-on-${judged}`, {
        judge: {
          provider: 'compatible',
          model: 'some-model',
          baseUrl: `${server.url}/v1`,
          price: { input: 1, output: 1 },
          contextTokens: 32_000,
        },
        labels: { heldOutShare: 0 },
        rounds: roundsWith({ evaluate: 6 }),
      });
      await lab.work(async (campaign) => {
        await lab.play(campaign, { until: isStep('evaluate') });
        const result = await campaign.next({ goOn: true });
        if (judged === 0) {
          expect(result).toMatchObject({
            done: false,
            because: 'short',
            hint: expect.toSatisfy((hint) => !String(hint).includes('goOn')),
          });
          return;
        }
        expect(result).toMatchObject({
          done: true,
          details: { evaluated: 2, unjudged: 4, failures: 2, failureRate: 1, poolScore: 2 },
        });
        expect('notes' in result && result.notes.join()).toContain('4 answers got no usable judgment');
      });
    } finally {
      await server.close();
    }
  });
});
