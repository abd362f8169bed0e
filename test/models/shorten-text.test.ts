import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countTokens } from '../../src/models/metering/token-count.ts';
import { shortenText } from '../../src/models/shorten-text.ts';

const MARK = /\[… ([\d,]+) characters left out …\]/;
/** The shortest excerpt that is left of a text, and the mark in it. */
const FEWEST_TOKENS = 24 * 3 + 20;

function parts(shortened: string) {
  const match = MARK.exec(shortened)!;
  const left = Number(match[1]!.replaceAll(',', ''));
  return { head: shortened.slice(0, match.index), tail: shortened.slice(match.index + match[0].length), left };
}

const text = fc.oneof(
  fc.lorem({ maxCount: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 2_000 }),
  fc
    .array(fc.constantFrom('\u{1f600}', 'word ', '數據', '\n', '\u{10ffff}'), { maxLength: 800 })
    .map((list) => list.join('')),
);

describe('shortenText', () => {
  it('returns a text that fits as it is', () => {
    fc.assert(
      fc.property(text, (whole) => {
        fc.pre(whole.length <= 8 * countTokens(whole));
        expect(shortenText(whole, countTokens(whole), countTokens)).toBe(whole);
      }),
    );
  });

  it('fits the limit and keeps a head and a tail, with the true number left out between them', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: FEWEST_TOKENS, max: 300 }), (whole, limit) => {
        const shortened = shortenText(whole, limit, countTokens);
        expect(countTokens(shortened)).toBeLessThanOrEqual(limit);
        if (shortened === whole) return;
        const { head, tail, left } = parts(shortened);
        expect(whole.startsWith(head)).toBe(true);
        expect(whole.endsWith(tail)).toBe(true);
        expect(head.length).toBeGreaterThan(tail.length);
        expect(tail.length).toBeGreaterThan(0);
        expect(left).toBe(whole.length - head.length - tail.length);
      }),
    );
  });

  it('never splits a surrogate pair', () => {
    fc.assert(
      fc.property(fc.nat({ max: 20 }), fc.integer({ min: 10, max: 120 }), (shift, limit) => {
        const shortened = shortenText(`${'a'.repeat(shift)}${'\u{1f9ff}'.repeat(500)}`, limit, countTokens);
        expect(shortened.isWellFormed()).toBe(true);
      }),
    );
  });

  it('keeps a few characters even where there is no room', () => {
    const { head, tail, left } = parts(shortenText('abcdefghij'.repeat(100), 1, countTokens));
    expect(head.length + tail.length).toBe(24);
    expect(left).toBe(976);
  });

  it('writes large numbers as people do', () => {
    expect(shortenText('x'.repeat(20_000), 50, countTokens)).toMatch(/\[… 19,\d{3} characters left out …\]/);
  });

  it('never counts more of a huge text than could fit', () => {
    const counted: number[] = [];
    const shortened = shortenText('lorem ipsum '.repeat(500_000), 100, (piece) => {
      counted.push(piece.length);
      return countTokens(piece);
    });
    expect(countTokens(shortened)).toBeLessThanOrEqual(100);
    expect(Math.max(...counted)).toBeLessThan(1_000);
    expect(counted.length).toBeLessThan(20);
  });
});
