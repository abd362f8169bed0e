import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();

describe('a first round that brings no label', () => {
  it.each(['reject', 'skip'] as const)(
    'since everybody chose to %s is followed by another seed round',
    async (verdict) => {
      const lab = new CampaignLab(home, verdict);
      await lab.work(async (campaign) => {
        await lab.play(campaign, {
          until: (result) => isStep('wait-for-labels')(result) && result.done,
          say: () => ({ verdict }),
        });
        const results = await lab.play(campaign, { until: isStep('find-failures', 2) });
        expect(results.map(({ step }) => step)).toEqual(
          expect.arrayContaining(['plan-round', 'select', 'export', 'wait-for-labels', 'train', 'evaluate']),
        );
        const { rounds } = await campaign.status();
        expect(rounds).toMatchObject([
          { kind: 'seed', labeled: 0, model: null },
          { kind: 'seed', model: expect.stringContaining('r2') },
        ]);
        expect(new Set(lab.rows('SELECT position FROM pick').map((row) => JSON.stringify(row))).size).toBe(16);
      });
    },
  );
});

it('does steps one at a time, however many are asked for at once', async () => {
  const lab = new CampaignLab(home, 'at once');
  await lab.work(async (campaign) => {
    const steps = await Promise.all([campaign.next(), campaign.next(), campaign.next(), campaign.export()]);
    expect(steps.map(({ step }) => step)).toEqual(['add-pool', 'plan-round', 'select', 'export']);
  });
});
