import { describe, expect, it } from 'vitest';
import type { TokenLogprobs } from '../../../src/domain/ledger.ts';
import { uncertaintyOf } from '../../../src/selection/measures/answer-uncertainty.ts';

const token = (written: string, probabilities: Readonly<Record<string, number>>): TokenLogprobs => ({
  token: written,
  alternatives: Object.entries(probabilities).map(([one, p]) => ({ token: one, logprob: Math.log(p) })),
});

/** Half and half, then nine tenths with a tenth that is not listed. The model wrote "a" and "c". */
const answer = [token('a', { a: 0.5, b: 0.5 }), token('c', { c: 0.9 })];
const halves = Math.log(2);
const tenth = -(0.9 * Math.log(0.9) + 0.1 * Math.log(0.1));

describe('the uncertainty of an answer', () => {
  it.each([
    ['mean-entropy', (halves + tenth) / 2],
    ['max-token', halves],
    ['least-confidence', -Math.log(0.45)],
    ['mean-margin', 1 - (0 + 0.8) / 2],
    ['min-margin', 1],
    ['probability', 1 - Math.sqrt(0.45)],
  ] as const)('by %s is the closed form', (by, expected) => {
    expect(uncertaintyOf(answer, by)).toBeCloseTo(expected, 12);
  });

  it('is lowest for a model that is sure, and rises with the entropy of its tokens', () => {
    const sure = [token('a', { a: 1 })];
    for (const by of [
      'mean-entropy',
      'max-token',
      'least-confidence',
      'mean-margin',
      'min-margin',
      'probability',
    ] as const) {
      expect(uncertaintyOf(sure, by)).toBeCloseTo(0, 12);
      expect(uncertaintyOf(answer, by)!).toBeGreaterThan(0.3);
    }
  });

  it('leaves out tokens without alternatives, and is unknown without any', () => {
    const bare = { token: 'x', alternatives: [] };
    expect(uncertaintyOf([bare, ...answer], 'mean-entropy')).toBe(uncertaintyOf(answer, 'mean-entropy'));
    expect(uncertaintyOf([bare], 'mean-entropy')).toBeUndefined();
    expect(uncertaintyOf([], 'min-margin')).toBeUndefined();
  });
});
