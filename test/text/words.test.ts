import { describe, expect, it } from 'vitest';
import { distinctBigrams } from '../../src/text/words.ts';

describe('distinctBigrams', () => {
  it.each<[string, string[], number]>([
    ['each pair of neighbours once', ['a b a b'], 2],
    ['nothing across texts', ['one two', 'three four'], 2],
    ['what texts share once', ['the cat sat', 'the cat ran'], 3],
    ['no letter case and no punctuation', ['The cat. THE CAT!'], 2],
    ['no pair in a single word', ['2020', '2020', '2020'], 0],
    ['nothing in nothing', ['', ' \n'], 0],
  ])('counts %s', (_, texts, pairs) => {
    expect(distinctBigrams(texts)).toBe(pairs);
  });
});
