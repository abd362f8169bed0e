import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep } from './campaign-lab.ts';

const home = temporaryFolder();

function lines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('what people made of drafts is written as pairs and ratings; what is held out stays apart', async () => {
  const lab = new CampaignLab(home, 'corrections', {
    labels: { heldOutShare: 0.25 },
    rounds: {
      most: 2,
      seed: { strategy: 'k-center', count: 8 },
      necessity: { count: 12, evaluate: 40, threshold: 10 },
    },
  });
  await lab.work(async (campaign) => {
    await campaign.run();
    expect(await campaign.exportCorrections('preference', lab.path('early'))).toMatchObject({
      examples: 0,
      heldOut: 0,
    });
    const expected = new Map<string, string>();
    await lab.play(campaign, {
      until: isStep('train', 2),
      say: (task, index) => {
        if (typeof task.draft !== 'string' || task.draft === '') return { response: 'An answer to start with.' };
        expected.set(task.id, ['edited', 'rejected', 'edited', 'kept'][index % 4]!);
        if (index % 4 === 0) return { response: `Quite another answer, number ${index}.`, annotator: 'ann' };
        if (index % 4 === 1) return { verdict: 'reject', comment: 'Unclear.' };
        return { response: index % 4 === 2 ? `${task.draft}!!` : task.draft };
      },
    });
    const drafts = new Map(lab.tasks(2).map(({ id, draft }) => [id, draft]));
    const ratings = await campaign.exportCorrections('ratings', lab.path('ratings'), { withIds: true });
    const rows = ratings.files.map((name) => lines(lab.read(`ratings/${name}`)));
    expect(rows.map(({ length }) => length)).toEqual([ratings.examples, ratings.heldOut]);
    const all = rows.flat();
    expect(new Map(all.map(({ id, decision }) => [id, decision]))).toEqual(expected);
    for (const { id, answer, judge_score: score } of all) {
      expect(answer).toBe(drafts.get(id as string));
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }

    const sft = await campaign.exportTrainingData('openai', lab.path('sft'), { withIds: true });
    const labels = sft.files.map((name) => new Set(lines(lab.read(`sft/${name}`)).map(({ id }) => id)));
    for (const [part, records] of rows.entries()) {
      const labeled = records.filter(({ decision }) => decision !== 'rejected');
      expect(labeled.length).toBeGreaterThan(0);
      for (const { id } of labeled) expect(labels[part]!.has(id)).toBe(true);
    }

    const { files } = await campaign.exportCorrections('preference', lab.path('pairs'), { withIds: true });
    const pairs = files.flatMap((name) => lines(lab.read(`pairs/${name}`)));
    // An exclamation mark makes no pair.
    const wanted = all.filter(({ response }) => (response as string | null)?.startsWith('Quite another answer'));
    expect(pairs.map(({ id, chosen, rejected }) => [id, chosen, rejected])).toEqual(
      wanted.map(({ id, response, answer }) => [id, response, answer]),
    );
  });
});
