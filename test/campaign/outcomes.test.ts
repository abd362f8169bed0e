import { expect, test } from 'vitest';
import { NO_NEEDS } from '../../src/campaign/budget-room.ts';
import { improvementOn } from '../../src/campaign/steps/find-failures.ts';
import { stopReason } from '../../src/campaign/stopping-rules.ts';
import type { Evaluation } from '../../src/domain/round.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab } from './campaign-lab.ts';

const home = temporaryFolder();

test('a campaign that ended because nothing fails goes on when the threshold is raised, as it says', async () => {
  const configured = (threshold: number) => ({
    rounds: {
      most: 3,
      seed: { strategy: 'k-center', count: 8 },
      necessity: { count: 6, evaluate: 40, select: 'cover', threshold },
    },
    stop: { failureRateBelow: 0.05 },
  });
  const lab = new CampaignLab(home, 'raised', configured(1));
  const last = (await lab.work((campaign) => lab.play(campaign))).at(-1);
  expect(last).toMatchObject({ step: 'stop', stop: { message: expect.stringContaining('Raise rounds.necessity') } });
  lab.configure(configured(9));
  expect(await lab.work((campaign) => campaign.next())).toMatchObject({ step: 'plan-round', round: 2 });
});

test('a share is told as it was written', () => {
  const outcome = { round: 1, failureRate: 0.01, failures: 1, improvement: null, coverageRadius: null };
  const stop = stopReason({
    rounds: 1,
    mostRounds: 9,
    room: {},
    needs: NO_NEEDS,
    worstCaseLabelMicroUsd: 0,
    remaining: 9,
    outcomes: [outcome],
    rules: { failureRateBelow: 0.07, leastImprovement: 0 },
  });
  expect(stop?.message).toContain('stop.failureRateBelow (7 %)');
});

test('scores of two judges say nothing of an improvement', () => {
  const scoredBy = (judge: string, score: number): Evaluation => ({
    subset: 'held-out',
    itemId: judge,
    answer: 'an answer',
    answerModel: 'model',
    confidence: null,
    judge,
    score,
    reason: 'a reason',
    costMicroUsd: 0,
    generation: 0,
  });
  const [before, now] = [scoredBy('one', 2), { ...scoredBy('another', 8), itemId: 'one' }];
  expect(improvementOn([now], [before])).toEqual({ improvement: null, comparedOn: null, gain: null });
  const both = improvementOn([now, scoredBy('kept', 5)], [before, scoredBy('kept', 4)]);
  expect(both).toMatchObject({ improvement: 1, comparedOn: 'held-out' });
});
