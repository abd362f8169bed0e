import { describe, expect, test } from 'vitest';
import { openDesk } from '../../src/annotate/desk/annotation-desk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { answerOf, CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();
const BEFORE = { heldOutShare: 0.25, perLabelUsd: 0.1, annotators: 1 };
const BUDGET = { labelUsd: 2 };

/** A campaign whose first round is out when the settings change. */
async function changedTo(name: string, labels: object, budget = BUDGET): Promise<CampaignLab> {
  const lab = new CampaignLab(home, name, { labels: BEFORE, budget: BUDGET });
  await lab.work((campaign) => lab.play(campaign, { until: isStep('export') }));
  lab.configure({ labels: { ...BEFORE, ...labels }, budget });
  return lab;
}

const labelMoney = (lab: CampaignLab) => lab.work(async (campaign) => (await campaign.status()).spending.labels);

describe('settings of labels that change while a round is out', () => {
  test.each([
    ['more annotators', { annotators: 3 }, 'labels.annotators has changed'],
    ['overlap', { overlap: 0.5 }, 'labels.overlap has changed'],
    ['a higher price', { perLabelUsd: 5 }, 'labels.perLabelUsd has changed'],
    [
      'pay by the minute',
      { perLabelUsd: undefined, perMinuteUsd: 2 },
      'labels.perLabelUsd and labels.perMinuteUsd have changed',
    ],
  ])('apply from the next round: %s', async (name, labels, note) => {
    const lab = await changedTo(name, labels);
    expect(await labelMoney(lab)).toMatchObject({ reservedMicroUsd: 800_000 });
    await lab.work(async (campaign) => {
      expect((await campaign.status()).notes).toEqual([
        expect.stringMatching(new RegExp(`^${note} since round 1 was planned.*applies from round 2`)),
      ]);
      expect(await campaign.next()).toMatchObject({ done: false, message: expect.stringContaining(note) });
      const summary = await campaign.importLabels(
        lab.annotate(1, (task) => ({ ...answerOf(task), annotator: 'ann', seconds: 600 })),
      );
      expect(summary).toMatchObject({ awaited: 0, costMicroUsd: 800_000 });
      expect(await campaign.next()).toMatchObject({ step: 'wait-for-labels', done: true });
      expect((await campaign.status()).notes).toEqual([]);
    });
    expect(await labelMoney(lab)).toMatchObject({ settledMicroUsd: 800_000, reservedMicroUsd: 0 });
  });

  test('the page hands out nothing beyond what was set aside', async () => {
    const lab = await changedTo('desk', { annotators: 3, perLabelUsd: 5 });
    const desk = await openDesk(lab.folder, lab.options);
    try {
      for (let item = desk.next('Ann'); item !== null; item = desk.next('Ann', { after: item.number })) {
        expect(item.peopleWanted).toBe(1);
        desk.submit('Ann', item.number, {
          revision: 0,
          response: 'An answer.',
          comment: '',
          seconds: 5,
          verdict: 'accepted',
        });
      }
      expect(desk.next('Ben')).toBeNull();
    } finally {
      await desk.close();
    }
    expect(await labelMoney(lab)).toMatchObject({ settledMicroUsd: 800_000, reservedMicroUsd: 0 });
  });

  test('a lower cap keeps what is set aside, and lets nothing more be', async () => {
    const lab = await changedTo('cap', {}, { labelUsd: 0.3 });
    await lab.work(async (campaign) => {
      await campaign.importLabels(lab.annotate(1));
      expect((await campaign.status()).spending.labels.settledMicroUsd).toBe(800_000);
      const results = await lab.play(campaign);
      expect(results.at(-1)).toMatchObject({ step: 'stop', stop: { rule: 'budget' } });
    });
    expect(lab.rows('SELECT count(*) AS rounds FROM round')).toEqual([{ rounds: 1 }]);
  });

  test('the next round is planned with the new terms', async () => {
    const lab = await changedTo('next', { annotators: 2 });
    await lab.work(async (campaign) => {
      await campaign.importLabels(lab.annotate(1));
      await lab.play(campaign, { until: (result) => result.step === 'export' && result.round === 2 });
      const [, second] = lab.rows<{ plan: string }>('SELECT plan FROM round ORDER BY number');
      expect(JSON.parse(second!.plan)).toMatchObject({
        worstCaseLabelMicroUsd: 200_000,
        labelTerms: { annotators: 2 },
      });
    });
  });
});
