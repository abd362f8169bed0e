import { expect, test } from 'vitest';
import { STEPS } from '../../src/campaign/next-step.ts';
import { StepError } from '../../src/domain/errors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep, POOL } from './campaign-lab.ts';

const home = temporaryFolder();

const ONE_ROUND = { most: 1, seed: { strategy: 'k-center', count: 5 }, necessity: { count: 5, evaluate: 30 } };
const METHODS = {
  'add-pool': 'addPool',
  'judge-quality': 'judgeQuality',
  'plan-round': 'planRound',
  select: 'select',
  export: 'export',
  'wait-for-labels': 'waitForLabels',
  train: 'train',
  evaluate: 'evaluate',
  'find-failures': 'findFailures',
} as const;

test('each step has a method, which does it when it is its turn, says what came of it, and what is next', async () => {
  const lab = new CampaignLab(home, 'step-by-step', { quality: { threshold: 1 } });
  await lab.work(async (campaign) => {
    const pool = await campaign.addPool();
    expect(pool).toMatchObject({
      step: 'add-pool',
      round: 1,
      done: true,
      details: { files: [{ path: 'pool.jsonl', records: POOL.length, added: POOL.length }], instructions: POOL.length },
      costMicroUsd: 0,
      next: { step: 'judge-quality', round: 1 },
    });

    const quality = await campaign.judgeQuality();
    expect(quality).toMatchObject({ done: true, details: { judged: POOL.length, unjudged: 0, threshold: 1 } });
    if (!quality.done) return;
    expect(quality.details.kept + quality.details.leftOut).toBe(POOL.length);
    expect(quality.next).toEqual({ step: 'plan-round', round: 1 });

    const planned = await campaign.planRound();
    expect(planned).toMatchObject({
      done: true,
      details: { plan: { number: 1, kind: 'seed', strategy: 'k-center', count: 8 }, configured: 8 },
      notes: [],
      next: { step: 'select', round: 1 },
    });

    const selected = await campaign.select();
    expect(selected).toMatchObject({
      done: true,
      details: { picked: 8, strategy: 'k-center', candidates: quality.details.kept, queries: null },
      next: { step: 'export', round: 1 },
    });

    const exported = await campaign.export();
    expect(exported).toMatchObject({ done: true, details: { tool: 'jsonl', tasks: 8, drafts: 0, pushed: null } });
    expect(lab.tasks(1)).toHaveLength(8);

    expect(await campaign.waitForLabels()).toMatchObject({
      done: false,
      because: 'waiting',
      message: 'Waiting for 8 of 8 labels.',
      next: { step: 'wait-for-labels', round: 1 },
    });
    await campaign.importLabels(lab.annotate(1));
    const waited = await campaign.waitForLabels();
    expect(waited).toMatchObject({ done: true, details: { skipped: 0, withdrawn: 0, pulled: null } });
    if (!waited.done) return;
    expect(waited.details.labeled + waited.details.rejected).toBe(8);

    const trained = await campaign.train();
    expect(trained).toMatchObject({ done: true, details: { trainer: 'retrieval', baseUrl: null } });
    if (!trained.done) return;
    expect(trained.details.examples + trained.details.heldOut).toBe(waited.details.labeled);
    expect(trained.details.heldOut).toBe(Math.round(waited.details.labeled / 4));

    const evaluated = await campaign.evaluate();
    expect(evaluated).toMatchObject({
      done: true,
      details: { model: trained.details.model, heldOut: trained.details.heldOut, test: 0 },
    });
    if (!evaluated.done) return;
    expect(evaluated.details.pool).toBe(quality.details.kept - 8);
    const confidences = campaign.evaluations(1).map(({ confidence }) => confidence!);
    expect(Math.min(...confidences)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...confidences)).toBeLessThanOrEqual(1);
    expect(new Set(confidences).size).toBeGreaterThan(1);

    const found = await campaign.findFailures();
    expect(found).toMatchObject({
      done: true,
      details: { round: 1, evaluated: evaluated.details.pool, unjudged: 0, improvement: null, comparedOn: null },
      next: { step: 'plan-round', round: 2 },
    });
    if (!found.done) return;
    expect(found.details.failureRate).toBe(found.details.failures / found.details.evaluated);
    expect(found.details.failures).toBeGreaterThan(0);

    expect(await campaign.planRound()).toMatchObject({ details: { plan: { number: 2, kind: 'necessity' } } });
  });
});

test('at every moment exactly one method does something; the others throw and change nothing', async () => {
  const lab = new CampaignLab(home, 'not-its-turn', { quality: { threshold: 1 }, rounds: ONE_ROUND });
  await lab.work(async (campaign) => {
    for (;;) {
      const { next } = await campaign.status();
      const before = lab.state();
      for (const step of STEPS.filter((name) => name !== next.step)) {
        const refused = await campaign[METHODS[step]]().catch((error: unknown) => error);
        expect(refused, `${step} before ${next.step}`).toBeInstanceOf(StepError);
        expect((refused as StepError).message).toContain(
          next.step === 'stop' ? 'the campaign has ended' : `"${next.step}" is`,
        );
      }
      expect(lab.state()).toEqual(before);
      if (next.step === 'stop') return;
      if (next.step === 'wait-for-labels') await campaign.importLabels(lab.annotate(1));
      expect(await campaign[METHODS[next.step]]()).toMatchObject({ step: next.step, round: next.round, done: true });
    }
  });
});

test('run goes on until a person is needed, and after the labels until the next round needs one', async () => {
  const lab = new CampaignLab(home, 'run');
  await lab.work(async (campaign) => {
    const steps: string[] = [];
    const onStep = ({ step }: { step: string }) => steps.push(step);
    expect(await campaign.run({ onStep })).toMatchObject({ step: 'wait-for-labels', done: false, because: 'waiting' });
    expect(steps).toEqual(['add-pool', 'plan-round', 'select', 'export', 'wait-for-labels']);
    await campaign.importLabels(lab.annotate(1));
    expect(await campaign.run()).toMatchObject({ step: 'wait-for-labels', round: 2, because: 'waiting' });
  });
});

test('a campaign closed and opened between any two steps comes to the same as one that is played through', async () => {
  const through = new CampaignLab(home, 'through');
  const results = await through.work((campaign) => through.play(campaign));
  const halting = new CampaignLab(home, 'halting');
  for (const { step } of results) {
    await halting.work(async (campaign) => {
      const { next } = await campaign.status();
      const result = await campaign.next();
      expect([result.step, step]).toContain(next.step);
      if (result.step === 'wait-for-labels' && !result.done) {
        await campaign.importLabels(halting.annotate(result.round));
      }
    });
  }
  // What names the campaign itself, and where its label files are, differs.
  const told = ({ run: _, label_import: __, ...tables }: Record<string, unknown[]>) => tables;
  expect(told(halting.state())).toEqual(told(through.state()));
  for (const round of [1, 2, 3]) expect(halting.tasks(round)).toEqual(through.tasks(round));
});

test('nothing is handed out twice, and the failure rate is told by round', async () => {
  const lab = new CampaignLab(home, 'rounds');
  const status = await lab.work(async (campaign) => {
    await lab.play(campaign);
    return campaign.status();
  });
  const handedOut = [1, 2, 3].flatMap((round) => lab.tasks(round).map(({ id }) => id));
  expect(handedOut).toHaveLength(8 + 6 + 6);
  expect(new Set(handedOut).size).toBe(handedOut.length);
  expect(status.rounds.map(({ kind, selected, awaited }) => ({ kind, selected, awaited }))).toEqual([
    { kind: 'seed', selected: 8, awaited: 0 },
    { kind: 'necessity', selected: 6, awaited: 0 },
    { kind: 'necessity', selected: 6, awaited: 0 },
  ]);
  for (const { outcome } of status.rounds) {
    expect(outcome!.failureRate).toBeGreaterThan(0);
    expect(outcome!.coverageRadius).toBeGreaterThan(0);
  }
  expect(status.rounds.slice(1).map(({ outcome }) => outcome!.comparedOn)).toEqual(['held-out', 'held-out']);
  expect(status.labels.labeled + status.labels.rejected).toBe(20);
});

test('the same configuration chooses the same, and another seed may choose others', async () => {
  const tasks = async (name: string, seed: number) => {
    const config = { seed, rounds: { ...ONE_ROUND, seed: { strategy: 'random', count: 8 } } };
    const lab = new CampaignLab(home, name, config);
    await lab.work((campaign) => lab.play(campaign, { until: isStep('export') }));
    return lab.tasks(1).map(({ id }) => id);
  };
  const first = await tasks('seed-1', 1);
  expect(await tasks('seed-1-again', 1)).toEqual(first);
  expect(await tasks('seed-2', 2)).not.toEqual(first);
});
