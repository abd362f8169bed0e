import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldLines } from '../../../src/cli/output/fold-lines.ts';

describe('folding', () => {
  it.each([
    ['one two three', 8, 'one two\nthree'],
    ['round 1  Selected twelve of many candidates', 30, 'round 1  Selected twelve of\n         many candidates'],
    ['  next  winnow next: plans the next round', 30, '  next  winnow next: plans the\n        next round'],
    ['  response-quality  of so many candidates', 40, '  response-quality  of so many\n                    candidates'],
    ['1. For each item write it all', 25, '1. For each item write it\n   all'],
    ['  │ quoted at some length', 24, '  │ quoted at some\n  │ length'],
    ['short\n\nlines stay', 20, 'short\n\nlines stay'],
    ['aVeryLongWordThatFitsNowhere at all', 10, 'aVeryLongWordThatFitsNowhere\nat all'],
  ])('breaks %j at %i columns between words, beneath where its text began', (text, width, folded) => {
    expect(foldLines(text, width)).toBe(folded);
  });

  it('counts colors for nothing and keeps them', () => {
    expect(foldLines('\u001b[32mone two\u001b[39m', 7)).toBe('\u001b[32mone two\u001b[39m');
  });

  it('keeps every word in its order, and within the width lines whose words are short', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'é', '1', '.', '\u001b[1m'), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 40, max: 120 }), (words, width) => {
        const folded = foldLines(words.join(' '), width);
        expect(folded.split(/\s+/)).toEqual(words);
        for (const line of stripVTControlCharacters(folded).split('\n'))
          expect([...line].length).toBeLessThanOrEqual(width);
      }),
    );
  });
});
