import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rougeL } from '../../../src/math/rouge-l.ts';
import { RougeLScorer } from '../../../src/runs/simulate/rouge-l-scorer.ts';
import { UNKNOWN_WORD, WordIds } from '../../../src/text/rouge-words.ts';

describe('word ids', () => {
  it('number words as they are learned, and know no others', () => {
    const words = new WordIds();
    expect([...words.learn('The cat saw the dog')]).toEqual([0, 1, 2, 0, 3]);
    expect([...words.learn('A dog')]).toEqual([4, 3]);
    expect([...words.lookUp('The bird saw a bird')]).toEqual([0, UNKNOWN_WORD, 2, 4, UNKNOWN_WORD]);
    expect(words.size).toBe(5);
  });
});

describe('the scorer', () => {
  // Worked by hand, after Lin 2004, section 3.1.
  const scorer = new RougeLScorer(['Police killed the gunman.', 'a b c d e', '', '北京是首都']);

  it.each([
    // police … the gunman
    ['police kill the gunman', 0, 3 / 4, 3 / 4, 3 / 4],
    // the gunman, or police
    ['the gunman kill police', 0, 2 / 4, 2 / 4, 2 / 4],
    // Case and punctuation do not count, doubled words do: 4 of 8 and of 4.
    ['POLICE police killed "killed" the, the gunman gunman!', 0, 4 / 8, 4 / 4, 2 / 3],
    // a c e of 3 and of 5
    ['a c e', 1, 3 / 3, 3 / 5, 3 / 4],
    // a … e, around words not known: 2 of 6 and of 5
    ['x x a y e x', 1, 2 / 6, 2 / 5, 4 / 11],
    ['e d c b a', 1, 1 / 5, 1 / 5, 1 / 5],
    ['nothing in common', 1, 0, 0, 0],
    ['', 1, 0, 0, 0],
    ['words', 2, 0, 0, 0],
    ['', 2, 0, 0, 0],
    ['东京是首都', 3, 4 / 5, 4 / 5, 4 / 5],
  ])(
    'of %j with reference %i gives precision, recall and F1 %d, %d, %d',
    (answer, reference, precision, recall, f1) => {
      for (const _ of ['computed', 'remembered']) {
        const score = scorer.score(answer, reference);
        expect(score.precision).toBeCloseTo(precision, 14);
        expect(score.recall).toBeCloseTo(recall, 14);
        expect(score.f1).toBeCloseTo(f1, 14);
      }
    },
  );

  it('gives what comparing the two texts alone gives, F1 being the harmonic mean', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 70 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), text, (references, answer) => {
        const many = new RougeLScorer(references);
        for (const [index, reference] of references.entries()) {
          const words = new WordIds();
          const score = many.score(answer, index);
          expect(score).toEqual(rougeL(words.learn(answer), words.learn(reference)));
          const { precision, recall } = score;
          expect(score.f1).toBeCloseTo(precision === 0 ? 0 : (2 * precision * recall) / (precision + recall), 14);
        }
      }),
    );
  });

  it('refuses a reference it does not have', () => {
    expect(() => scorer.score('a', 4)).toThrow(new RangeError('There is no reference 4 among 4.'));
  });
});
