import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readJudgedPairs } from '../../../../scripts/judged-pairs.ts';
import { evaluateScorer } from '../../../../src/selection/judges/expert/evaluate-scorer.ts';
import { fitWithPenalty } from '../../../../src/selection/judges/expert/fit-expert-scorer.ts';
import { readExpertPairs } from '../../../../src/selection/judges/expert/read-expert-pairs.ts';
import { encodeScorerWeights, shippedExpertScorer } from '../../../../src/selection/judges/expert/scorer-file.ts';
import { expertFile, SHARED } from './expert-lab.ts';

/** What data/expert-scorer.md says, in percent. */
const STATED = { crossValidated: 89.1, judged: 69.1 };

const [train, valid] = [expertFile('train'), expertFile('valid')];
const judged = readJudgedPairs(SHARED);

describe.skipIf(train === undefined || valid === undefined)('on the expert pairs', () => {
  // The cross-validation that chose the penalty takes a minute: npm run train-expert-scorer repeats it.
  it('fitting again with the chosen penalty gives the weights that ship, bit for bit', async () => {
    const pairs = [...(await readExpertPairs(train!)), ...(await readExpertPairs(valid!))];
    const shipped = readFileSync(new URL('../../../../data/expert-scorer.json', import.meta.url), 'utf8');
    const { training } = JSON.parse(shipped);
    const fitted = fitWithPenalty(pairs, training.penalties.wording);
    expect(
      encodeScorerWeights({ ...fitted, training }) === shipped,
      'run npm run train-expert-scorer, and look at the figures',
    ).toBe(true);
  });
});

it('at least 88.5 % of the pairs are ranked correctly out of fold, and more than by length', () => {
  const { crossValidated } = JSON.parse(
    readFileSync(new URL('../../../../data/expert-scorer.json', import.meta.url), 'utf8'),
  ).training;
  expect(crossValidated.pairs).toBe(2286);
  expect(crossValidated.accuracy).toBeGreaterThanOrEqual(0.885);
  expect(100 * crossValidated.accuracy).toBeCloseTo(STATED.crossValidated, 0);
  expect(crossValidated.gain[0]).toBeGreaterThan(0);
});

describe.skipIf(judged === undefined)('on 332 pairs of answers of which GPT-4 preferred one in both orders', () => {
  it('the scorer agrees as often as the model card says: no better than length', () => {
    const pairs = (judged ?? []).map(({ instruction, answers, winner }) => {
      const [better, worse] = winner === 1 ? answers : [answers[1], answers[0]];
      return { worse: { instruction, response: worse }, better: { instruction, response: better } };
    });
    const { accuracy, gain } = evaluateScorer(pairs, shippedExpertScorer());
    expect(pairs).toHaveLength(332);
    expect(100 * accuracy).toBeCloseTo(STATED.judged, 0);
    expect(gain.interval![1]).toBeGreaterThan(0);
  });
});
