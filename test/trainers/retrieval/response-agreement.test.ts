import { expect, it } from 'vitest';
import { rougeL } from '../../../src/math/rouge-l.ts';
import { WordIds } from '../../../src/text/rouge-words.ts';
import { ResponseAgreement } from '../../../src/trainers/retrieval/response-agreement.ts';

const RESPONSES = ['the cat sat', 'the cat sat on the mat', 'a dog', '', 'the mat'];

it('responses agree by their ROUGE-L, however often and in whichever order they are compared', () => {
  const agreement = new ResponseAgreement(RESPONSES);
  const words = new WordIds();
  const ids = RESPONSES.map((response) => words.learn(response));
  for (const round of [1, 2]) {
    for (const [a, left] of ids.entries()) {
      for (const [b, right] of ids.entries()) {
        const expected = a === b ? 1 : rougeL(left, right).f1;
        expect(agreement.between(a, b), `${round}: ${a}, ${b}`).toBeCloseTo(expected, 6);
      }
    }
  }
});

it('only the first 512 words of a response are compared', () => {
  const common = 'word '.repeat(512);
  expect(new ResponseAgreement([`${common} one`, `${common} two other`]).between(0, 1)).toBe(1);
});
