import { describe, expect, it } from 'vitest';
import { NotEnoughError, ScorerError } from '../../../../src/domain/errors.ts';
import { evaluateScorer } from '../../../../src/selection/judges/expert/evaluate-scorer.ts';
import { createExpertScorer } from '../../../../src/selection/judges/expert/expert-scorer.ts';
import { fitExpertScorer } from '../../../../src/selection/judges/expert/fit-expert-scorer.ts';
import type { ExpertPair } from '../../../../src/selection/judges/expert/pair-differences.ts';
import { encodeScorerWeights, loadExpertScorer } from '../../../../src/selection/judges/expert/scorer-file.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { reasonPairs } from './expert-lab.ts';

const folder = temporaryFolder();
const pairs = reasonPairs(60);

describe('fitting an expert scorer', () => {
  const weights = fitExpertScorer(pairs.slice(0, 40));

  it('ranks unseen pairs by what distinguished the seen ones', () => {
    expect(evaluateScorer(pairs.slice(40), createExpertScorer(weights)).accuracy).toBe(1);
    expect(weights.training.crossValidated).toEqual({
      pairs: 40,
      accuracy: 1,
      longer: expect.any(Number),
      gain: expect.any(Array),
    });
  });

  it('gives the same bytes for the same pairs', () => {
    expect(encodeScorerWeights(fitExpertScorer(pairs.slice(0, 40)))).toBe(encodeScorerWeights(weights));
  });

  it('gives the same weights for another seed, which only splits the cross-validation', () => {
    const { features, wording } = fitExpertScorer(pairs.slice(0, 40), { seed: 9 });
    expect({ features, wording }).toEqual({ features: weights.features, wording: weights.wording });
  });

  it('reverses when the pairs are reversed', () => {
    const turned = pairs.slice(0, 40).map(({ worse, better }) => ({ worse: better, better: worse }));
    const scorer = createExpertScorer(fitExpertScorer(turned));
    expect(evaluateScorer(pairs.slice(40), scorer).accuracy).toBe(0);
  });

  it('does not learn how one side was stored', () => {
    const stored: ExpertPair[] = pairs.slice(0, 40).map(({ better }) => {
      const response = `“${better.response}” It’s so…\n\n• indeed`;
      const escaped = JSON.stringify(response)
        .slice(1, -1)
        .replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16)}`);
      return { worse: { ...better, response: escaped }, better: { ...better, response } };
    });
    const { crossValidated } = fitExpertScorer(stored).training;
    expect(crossValidated.accuracy).toBe(0.5);
  });

  it('prefers a response to the same response repeated', () => {
    const scorer = createExpertScorer(weights);
    const { better } = pairs[45]!;
    expect(scorer.score(better)).toBeGreaterThan(
      scorer.score({ ...better, response: `${better.response} ${better.response}` }),
    );
  });

  it('gives no flaw a positive weight, even when the better responses have it', () => {
    const apologetic = pairs.slice(0, 40).map(({ worse, better }) => ({
      worse,
      better: { ...better, response: `I'm sorry, as an AI language model I can only say so much. ${better.response}` },
    }));
    const flaws = fitExpertScorer(apologetic).features.filter(({ name }) => name.startsWith('flaw'));
    expect(flaws.length).toBeGreaterThan(5);
    expect(flaws.every(({ weight }) => weight <= 0)).toBe(true);
  });

  it('reports its accuracy on the validation pairs', () => {
    const { validation } = fitExpertScorer(pairs.slice(0, 40), { valid: pairs.slice(40) }).training;
    expect(validation).toEqual({ pairs: 20, accuracy: 1 });
  });

  it('refuses to fit fewer than 20 pairs', () => {
    expect(() => fitExpertScorer(pairs.slice(0, 19))).toThrow(NotEnoughError);
    expect(() => fitExpertScorer(pairs.slice(0, 19))).toThrow('19 pairs are too few');
    expect(() => fitExpertScorer(pairs.slice(0, 1))).toThrow('1 pair is too few');
  });

  it('is unchanged after a round trip through a file', () => {
    const file = folder.write('scorer.json', encodeScorerWeights(weights));
    const [kept, read] = [createExpertScorer(weights), loadExpertScorer(file)];
    expect(read.name).toBe(kept.name);
    expect(read.score(pairs[0]!.better)).toBe(kept.score(pairs[0]!.better));
  });

  it('has a name that depends on its pairs', () => {
    expect(createExpertScorer(fitExpertScorer(pairs)).name).not.toBe(createExpertScorer(weights).name);
  });

  it.each([
    ['{"format":"winnow-expert-scorer","version":99}', /version 99; this version of winnow reads versions up to 2/],
    ['{"hello":1}', /is not a scorer/],
    ['{', /not valid JSON/],
    ['{"format":"winnow-expert-scorer","version":1}', /damaged scorer/],
  ])('refuses the file %s', (content, message) => {
    const file = folder.write('bad.json', content);
    expect(() => loadExpertScorer(file)).toThrow(ScorerError);
    expect(() => loadExpertScorer(file)).toThrow(message);
  });

  it('refuses weights of other features', () => {
    const file = folder.write('other.json', encodeScorerWeights({ ...weights, features: weights.features.slice(1) }));
    expect(() => loadExpertScorer(file)).toThrow(/features/);
  });

  it('reports a missing file', () => {
    expect(() => loadExpertScorer(folder.file('none.json'))).toThrow(/There is no scorer/);
  });
});
