import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { answerOf, CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();

describe('overlap', () => {
  it('waits for one person more at its share of the items, and reserves and pays for just that', async () => {
    const lab = new CampaignLab(home, 'half', {
      labels: { heldOutShare: 0.25, perLabelUsd: 0.1, overlap: 0.5 },
      budget: { labelUsd: 1.1 },
    });
    await lab.work(async (campaign) => {
      await lab.play(campaign, { until: isStep('export') });
      // Eight items would be twelve answers; seven are ten.
      const tasks = lab.tasks(1);
      expect(tasks).toHaveLength(7);
      expect((await campaign.status()).spending.labels).toMatchObject({
        reservedMicroUsd: 1_000_000,
        reservedLabels: 7,
      });

      const first = await campaign.importLabels(lab.annotate(1, (task) => ({ ...answerOf(task), annotator: 'ann' })));
      expect(first).toMatchObject({ awaited: 3, costMicroUsd: 700_000 });
      const spending = (await campaign.status()).spending.labels;
      expect(spending).toMatchObject({ settledMicroUsd: 400_000, reservedMicroUsd: 600_000 });
      expect(await campaign.next()).toMatchObject({ step: 'wait-for-labels', done: false });

      const ranks = new Set([2, 4, 6]);
      const again = tasks.filter(({ rank }) => ranks.has(Number(rank)));
      const second = lab.writeLabels(again.map((task) => ({ ...task, ...answerOf(task), annotator: 'ben' })));
      expect(await campaign.importLabels(second)).toMatchObject({ awaited: 0, costMicroUsd: 300_000 });
      expect((await campaign.status()).spending.labels).toMatchObject({
        settledMicroUsd: 1_000_000,
        reservedMicroUsd: 0,
      });
      expect((await campaign.status()).labels.agreement).toMatchObject({ wordF1: 1 });
      expect(await campaign.next()).toMatchObject({ step: 'wait-for-labels', done: true });
    });
  });

  it('is refused where another tool hands items out', async () => {
    const lab = new CampaignLab(home, 'elsewhere', {
      labels: { tool: 'label-studio', url: 'http://localhost:8080', overlap: 0.5 },
    });
    await expect(lab.work(async () => undefined)).rejects.toThrow(/labels\.overlap does nothing where label-studio/);
  });
});
