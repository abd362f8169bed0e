import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();

test('a later round may be chosen by any strategy, here by what the latest seed model is unsure of', async () => {
  const rounds = {
    most: 2,
    seed: { strategy: 'k-center', count: 8 },
    necessity: { count: 5, evaluate: 40, select: 'strategy', strategy: 'uncertainty' },
  };
  const lab = new CampaignLab(home, 'uncertainty', { rounds, trainer: { kind: 'retrieval' } });
  await lab.work(async (campaign) => {
    const results = await lab.play(campaign, { until: isStep('select', 2) });
    expect(results.find(isStep('select', 2))).toMatchObject({ details: { strategy: 'uncertainty', picked: 5 } });
    const picks = lab.rows<{ reason: string; score: number }>(
      'SELECT reason, score FROM pick WHERE round = 2 ORDER BY rank',
    );
    expect(picks.every(({ reason }) => /^The model is unsure of its answer; confidence 0\.\d\d$/.test(reason))).toBe(
      true,
    );
    expect(picks.map(({ score }) => score)).toEqual(picks.map(({ score }) => score).sort((a, b) => b - a));
  });
});
