import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, isStep, POOL } from './campaign-lab.ts';

const home = temporaryFolder();
/** Junk came without a response. */
const ANSWERED = POOL.map((item) => ({ ...item, output: item.output || 'Nothing can be said to this.' }));

interface Rating {
  readonly position: number;
  readonly judge: string;
  readonly score: number;
}

/** Judges the pool by a criterion. @returns what the step says and all ratings, by position */
async function judged(name: string, quality: Readonly<Record<string, unknown>>) {
  const lab = new CampaignLab(home, name, { quality });
  lab.writePool('pool.jsonl', ANSWERED);
  const result = await lab.work(async (campaign) => {
    await campaign.addPool();
    return campaign.judgeQuality();
  });
  const ratings = lab.rows('SELECT position, judge, score FROM rating ORDER BY position') as Rating[];
  return { result, ratings };
}

describe('judging the pool first', () => {
  it.each([
    ['quality', 0, 5],
    ['accuracy', 0, 5],
    ['helpfulness', 0, 5],
    ['response-quality', 1, 6],
    ['complexity', 1, 6],
  ] as const)(
    'by %s gives every instruction a score on its scale and keeps those above the threshold',
    async (criterion, min, max) => {
      const { result, ratings } = await judged(criterion, { criterion, threshold: 2 });
      expect(ratings).toHaveLength(POOL.length);
      const scores = ratings.map(({ score }) => score);
      for (const score of scores) {
        expect(score).toBeGreaterThanOrEqual(min);
        expect(score).toBeLessThanOrEqual(max);
      }
      expect(new Set(ratings.map(({ judge }) => judge))).toEqual(new Set([expect.stringContaining(criterion)]));
      const kept = scores.filter((score) => score >= 2).length;
      expect(result).toMatchObject({ done: true, details: { judged: POOL.length, kept, leftOut: POOL.length - kept } });
    },
  );

  it.each([
    ['quality', 5.5],
    ['complexity', 0.5],
  ])('refuses a threshold that is off the scale of %s', async (criterion, threshold) => {
    await expect(judged(`off ${criterion}`, { criterion, threshold })).rejects.toThrow(
      `quality.threshold is off the scale of ${criterion}`,
    );
  });

  it('judges pairs by the responses they came with', async () => {
    const { ratings } = await judged('pairs', { criterion: 'accuracy', threshold: 0 });
    const other = new CampaignLab(home, 'other pairs', { quality: { criterion: 'accuracy', threshold: 0 } });
    other.writePool('pool.jsonl', [{ ...ANSWERED[0]!, output: 'No idea.' }, ...ANSWERED.slice(1)]);
    await other.work(async (campaign) => {
      await campaign.addPool();
      await campaign.judgeQuality();
    });
    const [changed] = other.rows('SELECT score FROM rating WHERE position = 0') as Rating[];
    expect(changed!.score).toBeLessThan(ratings[0]!.score);
  });

  it('refuses to judge pairs where there is no response, and says what to do', async () => {
    const lab = new CampaignLab(home, 'no responses', { quality: { criterion: 'accuracy' } });
    lab.write('pool.jsonl', POOL.map(({ id, instruction }) => JSON.stringify({ id, instruction })).join('\n'));
    await lab.work(async (campaign) => {
      await campaign.addPool();
      await expect(campaign.judgeQuality()).rejects.toMatchObject({
        code: expect.any(String),
        message: expect.stringContaining(`${POOL.length} instructions have no response to judge`),
        hint: expect.stringContaining('quality.criterion'),
      });
    });
  });
});

it('asked for in the middle of a round counts from the next one: the model is evaluated, and then the pool is judged', async () => {
  const lab = new CampaignLab(home, 'asked for late');
  await lab.work((campaign) => lab.play(campaign, { until: isStep('train') }));
  lab.configure({ quality: { threshold: 2 } });
  await lab.work(async (campaign) => {
    expect(await campaign.evaluate()).toMatchObject({ details: { pool: POOL.length - 8, remaining: POOL.length - 8 } });
    const results = await lab.play(campaign, { until: isStep('plan-round', 2) });
    expect(results.map(({ step }) => step)).toEqual(['find-failures', 'judge-quality', 'plan-round']);
  });
});
