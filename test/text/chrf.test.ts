import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chrF } from '../../src/text/chrf.ts';

/** Counts the n-grams of both texts one by one. */
function byBruteForce(answer: string, reference: string): number {
  const grams = (text: string, length: number) => {
    const characters = [...text.replace(/\s+/gu, '')];
    return characters.slice(length - 1).map((_, at) => characters.slice(at, at + length).join(''));
  };
  const scores: [number, number][] = [];
  for (let length = 1; length <= 6; length += 1) {
    const [said, wanted] = [grams(answer, length), grams(reference, length)];
    if (said.length === 0 || wanted.length === 0) continue;
    const left = [...wanted];
    const shared = said.filter((gram) => {
      const at = left.indexOf(gram);
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    }).length;
    scores.push([shared / said.length, shared / wanted.length]);
  }
  const of = (index: 0 | 1) => scores.reduce((sum, pair) => sum + pair[index], 0) / scores.length;
  const [precision, recall] = [of(0), of(1)];
  return scores.length === 0 || precision + recall === 0 ? 0 : (5 * precision * recall) / (4 * precision + recall);
}

it('is what counting n-grams one by one gives', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é', '字', '🙂'), maxLength: 14 });
  fc.assert(
    fc.property(text, text, (answer, reference) => {
      expect(chrF(answer, reference)).toBeCloseTo(byBruteForce(answer, reference), 12);
    }),
  );
});

it('is 1 for equal texts with other spaces, and 0 where nothing is shared or said', () => {
  expect(chrF('The tides rise twice a day.', 'The tides  rise twice a day.')).toBeCloseTo(1, 12);
  expect(chrF('ab', 'ab')).toBeCloseTo(1, 12);
  expect(chrF('abc', 'xyz')).toBe(0);
  expect(chrF('', 'xyz')).toBe(0);
  expect(chrF('', '')).toBe(0);
});

it('counts what is missing more than what is too much', () => {
  const reference = 'Rain falls when warm air cools.';
  expect(chrF(`${reference} It is wet, and there are clouds above.`, reference)).toBeGreaterThan(
    chrF(reference.slice(0, 14), reference),
  );
});
