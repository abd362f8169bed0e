import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readJudgedPairs } from '../../../../scripts/judged-pairs.ts';
import { evaluateScorer } from '../../../../src/selection/judges/expert/evaluate-scorer.ts';
import { fitExpertScorer } from '../../../../src/selection/judges/expert/fit-expert-scorer.ts';
import { readExpertPairs } from '../../../../src/selection/judges/expert/read-expert-pairs.ts';
import { encodeScorerWeights, shippedExpertScorer } from '../../../../src/selection/judges/expert/scorer-file.ts';
import { expertFile, SHARED } from './expert-lab.ts';

/** What data/expert-scorer.md says, in percent. */
const STATED = { validation: 88.8, judged: 75.8 };

const [train, valid] = [expertFile('train'), expertFile('valid')];
const judged = readJudgedPairs(SHARED);

describe.skipIf(train === undefined || valid === undefined)('on the expert pairs', () => {
  it('training again gives the weights that ship, bit for bit', async () => {
    const weights = fitExpertScorer(await readExpertPairs(train!), { valid: await readExpertPairs(valid!) });
    const shipped = readFileSync(new URL('../../../../data/expert-scorer.json', import.meta.url), 'utf8');
    expect(encodeScorerWeights(weights) === shipped, 'run npm run train-expert-scorer, and look at the figures').toBe(
      true,
    );
  });

  it('at least 88 % of the validation pairs are ranked correctly, as the model card says, and more than by length', async () => {
    const pairs = await readExpertPairs(valid!);
    const { accuracy, longer } = evaluateScorer(pairs, shippedExpertScorer());
    expect(pairs).toHaveLength(254);
    expect(accuracy).toBeGreaterThanOrEqual(0.88);
    expect(100 * accuracy).toBeCloseTo(STATED.validation, 0);
    expect(accuracy).toBeGreaterThan(longer.accuracy + 0.03);
  });
});

describe.skipIf(judged === undefined)('on 332 pairs of answers of which GPT-4 preferred one in both orders', () => {
  it('the scorer agrees as often as the model card says, and more often than length', () => {
    const pairs = (judged ?? []).map(({ instruction, answers, winner }) => {
      const [better, worse] = winner === 1 ? answers : [answers[1], answers[0]];
      return { worse: { instruction, response: worse }, better: { instruction, response: better } };
    });
    const { accuracy, longer } = evaluateScorer(pairs, shippedExpertScorer());
    expect(pairs).toHaveLength(332);
    expect(100 * accuracy).toBeCloseTo(STATED.judged, 0);
    expect(accuracy).toBeGreaterThan(longer.accuracy);
  });
});
