import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadExpertScorer } from '../../../../src/selection/judges/expert/scorer-file.ts';

/** The scorer that winnow 0.1 shipped; users have scorers of their own in this format. */
const FILE = fileURLToPath(new URL('../../../fixtures/expert-scorer-1.json', import.meta.url));

it('a scorer of version 1 keeps its name and its scores', () => {
  const scorer = loadExpertScorer(FILE);
  expect(scorer.name).toBe('expert-scorer-1-02d56d1a38ee');
  const fact = { instruction: 'Name three rivers.', response: 'Rhine, Nile and Amazon.' };
  expect(scorer.score(fact)).toBeCloseTo(-6.3192164571, 8);
  expect(scorer.appraise(fact).share).toBeCloseTo(0.0161109399, 8);
  const polite = {
    instruction: 'Rewrite the sentence politely.',
    input: 'Shut the window!',
    response: 'Could you please close the window?',
  };
  expect(scorer.score(polite)).toBeCloseTo(0.257358656, 8);
});
