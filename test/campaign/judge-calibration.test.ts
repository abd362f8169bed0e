import { expect, it } from 'vitest';
import { report } from '../../src/report/report.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();
const EVERY = 10;

/** Every answer fails, so that 24 of them go to people as drafts. */
const MANY_DRAFTS = {
  labels: { heldOutShare: 0 },
  rounds: {
    most: 2,
    seed: { strategy: 'k-center', count: 8 },
    necessity: { count: 24, evaluate: 40, threshold: EVERY },
  },
};

it('a judge is compared with what people did to the drafts it scored, beside length', async () => {
  const lab = new CampaignLab(home, 'drafts', MANY_DRAFTS);
  await lab.work(async (campaign) => {
    expect((await campaign.status()).judges).toEqual([]);
    let kept = 0;
    await lab.play(campaign, {
      until: isStep('train', 2),
      say: (task, index) => {
        if (typeof task.draft !== 'string' || task.draft === '') return { response: 'An answer to start with.' };
        if (index % 3 === 0) return { response: `Quite another answer, number ${index}.` };
        if (index === 1) return { verdict: 'reject' };
        kept += 1;
        return { response: `${task.draft}\n` };
      },
    });
    const { judges } = await campaign.status();
    const drafts = lab.tasks(2).filter(({ draft }) => draft !== '').length;
    expect(drafts).toBeGreaterThanOrEqual(20);
    expect(judges).toHaveLength(1);
    const [judge] = judges;
    expect(judge).toMatchObject({ of: 'answers', judgments: drafts, approved: kept });
    expect(judge!.judge).toContain('offline-judge-1, necessity');
    expect(judge!.map.kind).toBe('logistic');
    const scores = campaign.evaluations(1).map(({ score }) => score!);
    expect(scores).toContain(judge!.threshold);
    expect(judge!.noBetterThanLength).toBe(judge!.agreement <= judge!.lengthAgreement);
    const { judges: reported } = await report(lab.folder, { ...lab.options, nodeVersion: 'v20.20.0' });
    const { map: _, ...figures } = judge!;
    expect(reported).toEqual([{ ...figures, judge: 'offline-judge-1' }]);
  });
});

const CALIBRATED = {
  labels: { heldOutShare: 0 },
  rounds: {
    most: 3,
    seed: { strategy: 'k-center', count: 8 },
    necessity: { count: 24, evaluate: 40, threshold: EVERY, calibrate: true },
  },
};

it.each([
  ['the judge says', 'becomes the score that fits them'],
  ['another judge would', 'stays'],
])('with rounds.necessity.calibrate and people who decide as %s, the threshold %s', async (whose) => {
  const lab = new CampaignLab(home, `calibrated ${whose}`, CALIBRATED);
  await lab.work(async (campaign) => {
    let scores = new Map<string, number>();
    const middle = () => [...scores.values()].sort((a, b) => a - b)[Math.floor(scores.size / 2)]!;
    await lab.play(campaign, {
      until: isStep('find-failures', 2),
      say: (task) => {
        scores = new Map(campaign.evaluations(1).map(({ itemId, score }) => [itemId, score!]));
        const score = scores.get(task.id);
        if (score === undefined || typeof task.draft !== 'string' || task.draft === '')
          return { response: 'An answer to start with.' };
        const keeps = whose === 'the judge says' ? score >= middle() : score < middle();
        return { response: keeps ? task.draft : 'Quite another answer.' };
      },
    });
    const [judge] = (await campaign.status()).judges;
    const outcome = (await campaign.status()).rounds[1]!.outcome!;
    expect(judge!.noBetterThanLength).toBe(whose !== 'the judge says');
    const expected = whose === 'the judge says' ? judge!.threshold : EVERY;
    expect(outcome.threshold).toBe(expected);
    const below = campaign.evaluations(2).filter(({ subset, score }) => subset === 'pool' && score! < expected);
    expect(outcome.failures).toBe(below.length);
    expect(await campaign.planRound()).toMatchObject({ details: { plan: { number: 3, threshold: expected } } });
  });
});

it('answers above the threshold count where people see them too: in rounds with items drawn at random', async () => {
  const lab = new CampaignLab(home, 'all drafts', {
    labels: { test: 4 },
    rounds: {
      most: 2,
      control: 0.2,
      seed: { strategy: 'k-center', count: 8 },
      necessity: { count: 24, evaluate: 40, threshold: 1, select: 'pool' },
    },
  });
  await lab.work(async (campaign) => {
    let index = 0;
    await lab.play(campaign, {
      until: isStep('train', 2),
      say: (task) => {
        index += 1;
        if (typeof task.draft !== 'string' || task.draft === '') return { response: 'An answer to start with.' };
        return { response: index % 2 === 0 ? task.draft : `Quite another answer, number ${index}.` };
      },
    });
    const drafts = lab.tasks(2).filter(({ draft }) => draft !== '').length;
    expect(drafts).toBeGreaterThanOrEqual(20);
    expect((await campaign.status()).judges).toMatchObject([{ of: 'answers', judgments: drafts }]);
  });
});
