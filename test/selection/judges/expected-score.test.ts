import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TokenLogprobs } from '../../../src/domain/ledger.ts';
import { expectedScore } from '../../../src/selection/judges/expected-score.ts';

const SCALE = { min: 1, max: 6 };

/** Alternatives by their probabilities; the first is the token itself. */
function token(weights: Readonly<Record<string, number>>, said = Object.keys(weights)[0]!): TokenLogprobs {
  return {
    token: said,
    alternatives: Object.entries(weights).map(([text, weight]) => ({ token: text, logprob: Math.log(weight) })),
  };
}

const plain = (text: string): TokenLogprobs => ({ token: text, alternatives: [{ token: text, logprob: 0 }] });

describe('expectedScore', () => {
  it.each([
    ['digits alone', [plain('{"score":'), plain(' '), token({ '4': 0.6, '5': 0.2 }, '4'), plain(',"reason"')]],
    ['digits after a space', [plain('{"'), plain('score'), plain('":'), token({ ' 4': 0.6, ' 5': 0.2 }), plain(',')]],
    ['digits before what follows', [plain('{"score":'), token({ '4}': 0.6, '5}': 0.2 })]],
    ['digits before a comma', [plain('{"score": '), token({ '4, "': 0.6, '5, "': 0.2 })]],
    ['digits after the end of the key', [plain('{"score'), token({ '":4': 0.6, '":5': 0.2 })]],
    ['the whole field', [plain('{'), token({ '"score":4': 0.6, '"score": 5': 0.2 }), plain('}')]],
    ['the whole answer', [token({ '{"score":4}': 0.6, '{"score":5}': 0.2 })]],
    ['an answer of another form', [token({ '{"score":4}': 0.6, '{"score":5}': 0.2, '{"x":0,"score":1}': 0.2 })]],
    ['several forms of one score', [plain('{"score":'), token({ '4': 0.3, ' 4': 0.3, '5': 0.1, ' 5': 0.1 }, '4')]],
    [
      'other words beside them',
      [plain('{"score":'), token({ '4': 0.6, '5': 0.2, ' ': 0.1, ' "': 0.05, null: 0.05 }, '4')],
    ],
    [
      'numbers off the scale',
      [plain('{"score":'), token({ '4': 0.6, '5': 0.2, '0': 0.15, '7': 0.01, '10': 0.01 }, '4')],
    ],
    ['fractions', [plain('{"score":'), token({ '4': 0.6, '5': 0.2, '3.': 0.1, '2.5': 0.1 }, '4')]],
  ])('is the mean of the scores by their probabilities: %s', (_, logprobs) => {
    expect(expectedScore(logprobs, 4, SCALE)).toBeCloseTo(4.25, 10);
  });

  it('gives a missing score no weight, unlike the 3.0 of the reference', () => {
    expect(expectedScore([plain('{"score":'), plain('6'), plain('}')], 6, SCALE)).toBe(6);
    expect(expectedScore([plain('{"score":'), plain('1'), plain('}')], 1, SCALE)).toBe(1);
  });

  it('does not pass the end of the scale by rounding', () => {
    expect(expectedScore([plain('{"score":'), token({ '6': 1, '5': 1e-16 }, '6')], 6, SCALE)).toBe(6);
  });

  it('finds the stated score among others of the same name', () => {
    const logprobs = [
      plain('Not {"score": 2}. {"reason": "the \\"score\\": 4 is asked for", "score":'),
      token({ '4': 0.5, '6': 0.5 }, '4'),
    ];
    expect(expectedScore(logprobs, 4, SCALE)).toBeCloseTo(5, 10);
  });

  it.each([
    ['there is nothing', [], 4],
    ['there is no score', [plain('{"reason": "4"}')], 4],
    ['the answer says another score', [plain('{"score":'), token({ '4': 0.5, '5': 0.5 }, '4')], 5],
    ['none of the scores is among the alternatives', [plain('{"score":'), { token: '4', alternatives: [] }], 4],
    ['the score it says has no weight', [plain('{"score":'), token({ '5': 0.5, '6': 0.5 }, '4')], 4],
    [
      'the score it says cannot have been',
      [
        plain('{"score":'),
        {
          token: '4',
          alternatives: [
            { token: '4', logprob: -9999 },
            { token: '5', logprob: 0 },
          ],
        },
      ],
      4,
    ],
    ['the score goes on as a fraction', [plain('{"score":'), token({ '4': 0.5, '5': 0.5 }, '4'), plain('.0')], 4],
  ])('is undefined when %s', (_, logprobs, said) => {
    expect(expectedScore(logprobs, said, SCALE)).toBeUndefined();
  });

  it('follows the formula for any probabilities and stays on the scale', () => {
    const probability = fc.double({ min: 1e-9, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('1', '2', '3', '4', '5', '6'), probability),
        fc.integer({ min: 1, max: 6 }),
        (others, said) => {
          const weights: Record<string, number> = { [said]: 0.5, ...others };
          const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
          const mean = Object.entries(weights).reduce(
            (sum, [score, weight]) => sum + (Number(score) * weight) / total,
            0,
          );
          const expected = expectedScore([plain('{"score":'), token(weights, String(said))], said, SCALE)!;
          expect(expected).toBeCloseTo(mean, 9);
          expect(expected).toBeGreaterThanOrEqual(1);
          expect(expected).toBeLessThanOrEqual(6);
        },
      ),
    );
  });
});
