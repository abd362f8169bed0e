import { describe, expect, it } from 'vitest';
import { CRITERIA } from '../../../../src/selection/judges/criteria.ts';
import { createExpertScorer } from '../../../../src/selection/judges/expert/expert-scorer.ts';
import { fitExpertScorer } from '../../../../src/selection/judges/expert/fit-expert-scorer.ts';
import { expertJudge } from '../../../../src/selection/judges/expert-judge.ts';
import { reasonPairs } from './expert-lab.ts';

const ITEM = {
  instruction: 'Why do leaves fall?',
  response: 'Trees drop leaves to save water, because frozen ground gives none.',
};
const subject = { subject: 'a test' };

describe('the expert judge', () => {
  it.each(['accuracy', 'helpfulness', 'response-quality'])('judges %s on its scale, free of charge', async (name) => {
    const criterion = CRITERIA.find(name);
    const judge = expertJudge(criterion);
    const { score, reason, model, costMicroUsd } = await judge.judge(ITEM, subject);
    expect(score).toBeGreaterThan(criterion.scale.min);
    expect(score).toBeLessThan(criterion.scale.max);
    expect({ model, costMicroUsd }).toEqual({ model: 'expert-scorer-2', costMicroUsd: 0 });
    expect(reason).not.toBe('');
    expect(judge.estimate(ITEM).costMicroUsd).toEqual({ expected: 0, worstCase: 0 });
  });

  it('gives an empty response the lowest score', async () => {
    const { score, reason } = await expertJudge(CRITERIA.find('response-quality')).judge(
      { ...ITEM, response: '' },
      subject,
    );
    expect({ score, reason }).toEqual({ score: 1, reason: 'Empty response' });
  });

  it('refuses to judge without a response', async () => {
    const { instruction } = ITEM;
    await expect(expertJudge(CRITERIA.find('accuracy')).judge({ instruction }, subject)).rejects.toThrow(TypeError);
  });

  it('is named after its weights', () => {
    const model = createExpertScorer(fitExpertScorer(reasonPairs(20)));
    expect(expertJudge(CRITERIA.find('accuracy'), { model }).name).toContain(model.name);
    expect(expertJudge(CRITERIA.find('accuracy'), { model }).name).not.toBe(
      expertJudge(CRITERIA.find('accuracy')).name,
    );
  });

  it('stops when aborted', async () => {
    const judging = expertJudge(CRITERIA.find('accuracy')).judge(ITEM, {
      ...subject,
      signal: AbortSignal.abort(new Error('enough')),
    });
    await expect(judging).rejects.toThrow('enough');
  });
});
