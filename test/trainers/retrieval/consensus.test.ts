import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consensus } from '../../../src/trainers/retrieval/consensus.ts';

/** Responses agree where they are the same word. */
const sameWord = (words: readonly string[]) => (a: number, b: number) => (words[a] === words[b] ? 1 : 0);
const choose = (similarity: readonly number[], words: readonly string[]) =>
  consensus(Float64Array.from(similarity), sameWord(words));

describe('consensus', () => {
  it('prefers what many similar labels say over the nearest label', () => {
    const { chosen, confidence } = choose([0.8, 0.78, 0.77, 0.1], ['lone', 'often', 'often', 'far']);
    expect(chosen).toBe(1);
    expect(confidence).toBeGreaterThan(0.4);
  });

  it('stays with a label that is much nearer than the others', () => {
    expect(choose([1, 0.6, 0.6, 0.6], ['lone', 'often', 'often', 'often']).chosen).toBe(0);
  });

  it('is sure where all agree, and unsure where none does or nothing else is labeled', () => {
    expect(choose([0.5, 0.4, 0.3], ['same', 'same', 'same']).confidence).toBeCloseTo(1, 12);
    expect(choose([0.5, 0.4, 0.3], ['a', 'b', 'c'])).toEqual({ chosen: 0, confidence: 0 });
    expect(choose([0.5], ['only'])).toEqual({ chosen: 0, confidence: 0 });
  });

  it('asks the 30 most similar labels only', () => {
    const similarity = [...Array.from({ length: 30 }, (_, i) => 0.9 - i / 1000), 0.8, 0.8, 0.8];
    const words = similarity.map((_, i) => (i < 30 ? `word ${i}` : 'often'));
    expect(choose(similarity, words).chosen).toBe(0);
  });

  it('takes the more similar of equals, then the first', () => {
    expect(choose([0.3, 0.5, 0.4], ['same', 'same', 'same']).chosen).toBe(1);
    expect(choose([0.5, 0.5, 0.5], ['a', 'b', 'c']).chosen).toBe(0);
  });

  it('has the largest weighted agreement with all neighbours, by brute force', () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    const case_ = fc.integer({ min: 1, max: 12 }).chain((m) =>
      fc.record({
        similarity: fc.array(value, { minLength: m, maxLength: m }),
        table: fc.array(fc.array(value, { minLength: m, maxLength: m }), { minLength: m, maxLength: m }),
      }),
    );
    fc.assert(
      fc.property(case_, ({ similarity, table }) => {
        const agreement = (a: number, b: number) => (a === b ? 1 : table[Math.min(a, b)]![Math.max(a, b)]!);
        const support = (a: number) =>
          similarity.reduce((sum, s, b) => sum + Math.exp(s / 0.1) * agreement(a, b), 0) /
          similarity.reduce((sum, s) => sum + Math.exp(s / 0.1), 0);
        const { chosen, confidence } = consensus(Float64Array.from(similarity), agreement);
        const best = Math.max(...similarity.map((_, a) => support(a)));
        expect(support(chosen)).toBeCloseTo(best, 9);
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});
