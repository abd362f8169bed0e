import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ITEM_FATES } from '../../src/report/pool-figures.ts';
import { report } from '../../src/report/report.ts';
import type { ReportData } from '../../src/report/report-data.ts';
import { answerOf, CampaignLab, isStep, POOL } from '../campaign/campaign-lab.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const home = temporaryFolder();
const RANDOM = { strategy: 'random', count: 6 };

const reportOf = (lab: CampaignLab) => report(lab.folder, lab.options);

/** How many points of the map have each status. */
function fatesOf({ map }: ReportData): Record<string, number> {
  const names = map!.fate.map((fate) => ITEM_FATES[fate]!);
  return Object.fromEntries(ITEM_FATES.map((fate) => [fate, names.filter((one) => one === fate).length]));
}

describe('a new campaign', () => {
  test('has a report of its pool, without divisions by zero', async () => {
    const lab = new CampaignLab(home, 'begun');
    await lab.work((campaign) => campaign.addPool());
    const data = await reportOf(lab);
    expect(data.headline).toMatchObject({
      instructions: POOL.length,
      rounds: 0,
      picked: 0,
      labeled: 0,
      microUsdPerUsefulLabel: null,
      failureRate: null,
      heldOutScore: null,
      gain: null,
      stop: null,
      next: { line: 'winnow next' },
    });
    expect(data).toMatchObject({ rounds: [], picks: [], scores: [], coverage: null, llmAgreement: null });
    expect(data.spending).toMatchObject({ byKindAndRound: [], perUsefulLabel: [] });
    expect(fatesOf(data).remaining).toBe(POOL.length);
    expect(data.notes).toEqual(['Coverage needs at least one label.']);
    expect(data.provenance.prompts).toEqual([]);
  });

  test('has a report before its pool is read, with a note about what is missing', async () => {
    const lab = new CampaignLab(home, 'empty');
    await lab.work(async () => undefined);
    const data = await reportOf(lab);
    expect(data).toMatchObject({ map: null, coverage: null, headline: { instructions: 0 }, odd: { longest: [] } });
    expect(data.notes).toEqual([expect.stringContaining('the pool is empty')]);
  });
});

describe('items answered by several people', () => {
  const lab = new CampaignLab(home, 'overlap', {
    labels: { heldOutShare: 0.25, perLabelUsd: 0.1, overlap: 1 },
    rounds: { most: 1, seed: RANDOM },
  });
  const say = (annotator: string) => (task: { id: string }) => ({ ...answerOf(task), annotator });

  test('count as labeled and awaited after the first answer, with a reservation', async () => {
    await lab.work(async (campaign) => {
      await lab.play(campaign, { until: isStep('export') });
      await campaign.importLabels(lab.annotate(1, say('ann')));
    });
    const { headline, picks, peopleAgreement } = await reportOf(lab);
    expect(headline).toMatchObject({ awaited: 6, picked: 6, spentMicroUsd: 0, reservedMicroUsd: 1_200_000 });
    expect(headline.labeled + headline.rejected).toBe(6);
    expect(picks.every(({ state, annotators }) => state !== 'awaited' && annotators.join() === 'ann')).toBe(true);
    expect(peopleAgreement).toBeNull();
  });

  test('cost two answers, count as one useful label, and name both people', async () => {
    await lab.work((campaign) => campaign.importLabels(lab.annotate(1, say('ben'))));
    const { headline, picks, peopleAgreement, spending } = await reportOf(lab);
    expect(headline).toMatchObject({ awaited: 0, spentMicroUsd: 1_200_000, reservedMicroUsd: 0 });
    expect(headline.microUsdPerUsefulLabel).toBe(Math.round(1_200_000 / headline.labeled));
    expect(spending.byKindAndRound).toEqual([
      expect.objectContaining({ kind: 'labels', round: 1, settledMicroUsd: 1_200_000 }),
    ]);
    expect(picks.every(({ annotators }) => annotators.join() === 'ann,ben')).toBe(true);
    expect(peopleAgreement).toMatchObject({ items: headline.labeled, wordF1: 1 });
  });
});

test('a campaign that ended has its stopping rule and all its figures', async () => {
  const lab = new CampaignLab(home, 'ended', { rounds: { most: 1, seed: RANDOM } });
  await lab.work((campaign) => lab.play(campaign));
  const data = await reportOf(lab);
  expect(data.headline.stop).toBe(lab.rows<{ message: string }>('SELECT message FROM stop')[0]!.message);
  expect(data.headline.stop).toContain('1 of 1 rounds');
  const { failureRate, heldOutScore, gain } = data.headline;
  // There is no earlier model to stand beside.
  expect(failureRate).toMatchObject({ first: null, last: data.rounds[0]!.failureRate, change: null });
  expect(heldOutScore).toBe(data.rounds[0]!.heldOutScore);
  expect(gain).toBeNull();
  expect(data.coverage!.labels.at(-1)!.count).toBe(data.headline.labeled);
  expect(data.spending.perUsefulLabel).toEqual([
    { round: 1, spentMicroUsd: 0, usefulLabels: data.headline.labeled, microUsdPerLabel: 0 },
  ]);
});

test('a campaign with test files has the last score and the gain on them', async () => {
  const lab = new CampaignLab(home, 'tested', {
    labels: { heldOutFiles: ['held.jsonl'], heldOutShare: 0.25 },
    rounds: { most: 2, seed: RANDOM, necessity: { count: 6, evaluate: 12, threshold: 10 } },
  });
  lab.writePool('held.jsonl', POOL.filter(({ output }) => output !== '').slice(0, 4));
  await lab.work((campaign) => lab.play(campaign));
  const { headline, rounds, provenance } = await reportOf(lab);
  const tested = lab.rows<{ mean: number; more: number }>(
    `SELECT avg(now.score) AS mean, avg(now.score - before.score) AS more
     FROM evaluation AS now JOIN evaluation AS before USING (item_id)
     WHERE now.round = 2 AND before.round = 1 AND now.subset = 'test' AND before.subset = 'test'`,
  )[0]!;
  expect(headline.gainOn).toBe('test');
  expect(headline.testScore).toBeCloseTo(tested.mean, 10);
  expect(headline.gain).toBeCloseTo(tested.more, 10);
  expect(rounds.map(({ gainOn }) => gainOn)).toEqual([null, 'test']);
  const sha256 = createHash('sha256').update(lab.read('held.jsonl')).digest('hex');
  expect(provenance.testFiles).toEqual([{ path: 'held.jsonl', sha256 }]);
});

test('a round without labels and a round with failed training are shown with their known figures', async () => {
  const lab = new CampaignLab(home, 'failing', {
    labels: { heldOutShare: 0.25, perLabelUsd: 0.1 },
    rounds: { most: 3, seed: RANDOM },
    trainer: { kind: 'command', command: 'exit 3', costUsd: 0.5 },
  });
  await lab.work(async (campaign) => {
    const isOver = (round: number) => (result: { step: string; round: number; done: boolean }) =>
      isStep('wait-for-labels', round)(result as never) && result.done;
    await lab.play(campaign, { until: isOver(1), say: (_, index) => ({ verdict: index % 2 ? 'reject' : 'skip' }) });
    await lab.play(campaign, { until: isOver(2) });
    await expect(campaign.train()).rejects.toThrow(/exit/);
  });
  const data = await reportOf(lab);
  expect(data.rounds).toMatchObject([
    { kind: 'seed', picked: 6, labeled: 0, rejected: 3, skipped: 3, model: null, failureRate: null },
    { kind: 'seed', picked: 6, awaited: 0, model: null, evaluated: null, test: null },
  ]);
  expect(data.headline.labeled).toBe(data.rounds[1]!.labeled);
  expect(data.headline).toMatchObject({ rejected: 3 + data.rounds[1]!.rejected, failureRate: null });
  expect(data.spending.perUsefulLabel[0]).toMatchObject({ round: 1, usefulLabels: 0, microUsdPerLabel: null });
  expect(data.spending.perUsefulLabel[1]).toMatchObject({
    spentMicroUsd: data.headline.spentMicroUsd,
    microUsdPerLabel: data.headline.microUsdPerUsefulLabel,
  });
  const { labeled, rejected, skipped, selected, failed } = fatesOf(data);
  expect([labeled, rejected, skipped, selected, failed]).toEqual([
    data.headline.labeled,
    data.headline.rejected,
    data.headline.skipped,
    0,
    0,
  ]);
});

test('an item that was withdrawn and picked again is listed for both rounds, and labeled in the later one', async () => {
  const lab = new CampaignLab(home, 'again', {
    labels: { heldOutShare: 0, perLabelUsd: 0.1 },
    rounds: {
      most: 2,
      seed: { strategy: 'random', count: 8 },
      necessity: { count: 8, evaluate: 8, select: 'random' },
    },
  });
  lab.writePool('pool.jsonl', POOL.slice(0, 12));
  const say = { response: 'Said.', annotator: 'ann' };
  await lab.work(async (campaign) => {
    await lab.play(campaign, { until: isStep('export', 1) });
    await campaign.importLabels(lab.annotate(1, (_, index) => (index < 4 ? say : undefined)));
    await campaign.waitForLabels({ goOn: true });
    await lab.play(campaign, { until: isStep('export', 2) });
    await campaign.importLabels(lab.annotate(2, () => say));
  });
  const { picks, rounds, headline, map, spending, coverage } = await reportOf(lab);
  expect(headline).toMatchObject({ picked: 16, labeled: 12, awaited: 0, withdrawn: 4 });
  expect(rounds).toMatchObject([
    { picked: 8, labeled: 4, awaited: 0, withdrawn: 4 },
    { picked: 8, labeled: 8, awaited: 0, withdrawn: 0 },
  ]);
  const withdrawn = picks.filter(({ state }) => state === 'withdrawn');
  expect(withdrawn.map(({ position }) => position).toSorted((a, b) => a - b)).toEqual(
    lab.rows<{ position: number }>('SELECT position FROM withdrawal ORDER BY position').map(({ position }) => position),
  );
  expect(withdrawn).toHaveLength(4);
  for (const { round, position, annotators } of withdrawn) {
    expect([round, annotators]).toEqual([1, []]);
    expect(picks.find((pick) => pick.position === position && pick.round === 2)).toMatchObject({ state: 'labeled' });
    expect(map!.round[position]).toBe(2);
  }
  const paid = spending.byKindAndRound.filter(({ kind }) => kind === 'labels');
  expect(paid.map(({ round, settledMicroUsd }) => [round, settledMicroUsd])).toEqual([
    [1, 400_000],
    [2, 800_000],
  ]);
  expect(spending.perUsefulLabel.map(({ microUsdPerLabel }) => microUsdPerLabel)).toEqual([100_000, 100_000]);
  expect(coverage!.labels.map(({ count }) => count)).toContain(4);
  expect(coverage!.labels.at(-1)!.count).toBe(12);
});

test('labels of items that were never picked change no figure', async () => {
  const lab = new CampaignLab(home, 'unpicked', { rounds: { most: 1, seed: RANDOM } });
  await lab.work((campaign) => lab.play(campaign, { until: isStep('export') }));
  const before = await reportOf(lab);
  const picked = new Set(before.picks.map(({ id }) => id));
  const [task] = lab.tasks(1);
  const others = POOL.filter(({ id }) => !picked.has(id)).map(({ id }) => ({ ...task, id, response: 'An answer.' }));
  await lab.work(async (campaign) => {
    expect(await campaign.importLabels(lab.writeLabels(others))).toMatchObject({ accepted: 0 });
  });
  const after = await reportOf(lab);
  expect({ ...after, campaign: before.campaign }).toEqual(before);
});

test('ratings of the pool have a histogram on the scale of their judge', async () => {
  const lab = new CampaignLab(home, 'rated', {
    quality: { criterion: 'complexity', threshold: 2 },
    rounds: { most: 1, seed: RANDOM },
  });
  await lab.work((campaign) => campaign.run());
  const { scores, provenance } = await reportOf(lab);
  const ratings = lab.rows<{ score: number; judge: string }>('SELECT score, judge FROM rating');
  const [shown] = scores;
  expect(shown).toMatchObject({ title: 'Quality', from: 1, to: 6, threshold: 2, unscored: 0 });
  expect(shown!.says).toMatch(/from 1 to 6 by [^,]+\.$/);
  expect(ratings[0]!.judge.startsWith(/by (.+)\.$/.exec(shown!.says)![1]!)).toBe(true);
  const width = (6 - 1) / shown!.bins.length;
  for (const [bin, count] of shown!.bins.entries()) {
    const isLast = bin === shown!.bins.length - 1;
    const [from, to] = [1 + bin * width, isLast ? 7 : 1 + (bin + 1) * width];
    expect(count).toBe(ratings.filter(({ score }) => score >= from - 1e-9 && score < to - 1e-9).length);
  }
  expect(provenance.roundPlans).toMatchObject([{ round: 1, strategy: 'random' }]);
});

test('items that are left out, rejected or skipped need not be covered: the radius is that of the round', async () => {
  const lab = new CampaignLab(home, 'covered', {
    // Leaves out a tenth of the items, including the strongest outlier.
    quality: { threshold: 3.66 },
    rounds: { most: 2, seed: RANDOM, necessity: { count: 6, evaluate: 12 } },
  });
  const say = (task: { id: string }, index: number) => (index === 0 ? { verdict: 'reject' as const } : answerOf(task));
  await lab.work((campaign) => lab.play(campaign, { until: isStep('find-failures', 1), say }));
  const [found] = lab.rows<{ radius: number }>(
    `SELECT json_extract(details, '$.coverageRadius') AS radius FROM step WHERE name = 'find-failures'`,
  );
  const ofAll = await reportOf(lab);
  expect(ofAll.coverage!.labels.at(-1)!.radius).toBeCloseTo(found!.radius, 6);

  await lab.work((campaign) => lab.play(campaign, { until: isStep('export', 2) }));
  expect((await reportOf(lab)).coverage!.labels.at(-1)!.radius).toBeCloseTo(found!.radius, 6);
});
