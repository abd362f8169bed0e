import { expect, it } from 'vitest';
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
  });
});
