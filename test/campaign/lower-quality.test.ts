import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab } from './campaign-lab.ts';

const home = temporaryFolder();

it('goes on with what was left out as not good enough once the threshold is lowered', async () => {
  const rounds = { most: 4, seed: { strategy: 'random', count: 30 }, necessity: { count: 6 } };
  const lab = new CampaignLab(home, 'strict', { quality: { threshold: 4 }, rounds });
  const kept = await lab.work(async (campaign) => {
    expect((await lab.play(campaign)).at(-1)).toMatchObject({
      step: 'stop',
      stop: { rule: 'pool-exhausted', message: expect.stringContaining('quality.threshold') },
    });
    return (await campaign.status()).rounds[0]!.selected;
  });
  expect(kept).toBeLessThan(30);

  lab.configure({ quality: { threshold: 0 }, rounds });
  await lab.work(async (campaign) => {
    expect((await campaign.status()).next).toEqual({ step: 'plan-round', round: 2 });
    await lab.play(campaign);
    const [, second] = (await campaign.status()).rounds;
    expect(second).toMatchObject({ number: 2, selected: expect.any(Number), model: expect.any(String) });
    expect(second!.selected).toBeGreaterThan(0);
  });
});
