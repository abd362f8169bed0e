import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TermIndex } from '../../src/text/term-index.ts';

const letters = (text: string) => [...text];

function cosines(texts: readonly string[], asked: string, rarer = false): number[] {
  const sums = new Float64Array(texts.length);
  new TermIndex(texts, letters, { rarer }).addCosines(asked, sums);
  return [...sums];
}

/** The definition, without an index. */
function expected(texts: readonly string[], asked: string, rarer: boolean): number[] {
  const holders = (term: string) => texts.filter((text) => text.includes(term)).length;
  const vector = (text: string) => {
    const weights = new Map<string, number>();
    for (const term of new Set(text)) {
      const count = letters(text).filter((letter) => letter === term).length;
      const rarity = rarer ? 1 + Math.log((1 + texts.length) / (1 + holders(term))) : 1;
      weights.set(term, (1 + Math.log(count)) * rarity);
    }
    const length = Math.hypot(...weights.values());
    return new Map([...weights].map(([term, weight]) => [term, weight / length]));
  };
  const other = vector(asked);
  return texts.map((text) =>
    [...vector(text)].reduce((sum, [term, weight]) => sum + weight * (other.get(term) ?? 0), 0),
  );
}

describe('TermIndex', () => {
  it('gives the cosines of the weighted term vectors', () => {
    const text = fc.stringMatching(/^[abcdef]{0,12}$/);
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 8 }), text, fc.boolean(), (texts, asked, rarer) => {
        const found = cosines(texts, asked, rarer);
        for (const [i, value] of expected(texts, asked, rarer).entries()) expect(found[i]).toBeCloseTo(value, 12);
      }),
    );
  });

  it('gives 1 for the same text and 0 where nothing is shared or there are no terms', () => {
    const [same, other, empty] = cosines(['aab', 'xyz', ''], 'baa');
    expect(same).toBeCloseTo(1, 12);
    expect([other, empty]).toEqual([0, 0]);
    expect(cosines(['ab'], '')).toEqual([0]);
  });

  it('counts rare terms more where asked to', () => {
    const texts = ['ax', 'ay', 'az'];
    const [common, rare] = [cosines(texts, 'a', true), cosines(texts, 'x', true)];
    expect(rare[0]!).toBeGreaterThan(common[0]!);
  });

  it('adds to the sums', () => {
    const sums = Float64Array.from([5]);
    new TermIndex(['a'], letters, { rarer: false }).addCosines('a', sums);
    expect([...sums]).toEqual([6]);
  });
});
