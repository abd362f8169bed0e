import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { cutToWidth, padLeft, padRight, textWidth } from '../../../src/cli/output/text-width.ts';

describe('the width of a text', () => {
  it.each([
    ['plain', 5],
    ['日本語', 6],
    ['한글', 4],
    ['e\u0301te\u0301', 3],
    ['👍🏽', 2],
    ['हिन्दी', 5],
    ['ทำ', 2],
    ['\u001b[1mbold\u001b[22m', 4],
    ['', 0],
  ])('%j takes %i columns', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  it('of the signs that are not looked up is what looking them up gives', () => {
    const signs = Array.from({ length: 0x2600 }, (_, code) => String.fromCharCode(code)).filter(
      (sign) => !/[\p{Mn}\u0e33\u0eb3]/u.test(sign),
    );
    expect(signs.filter((sign) => textWidth(sign) !== stringWidth(sign))).toEqual([]);
  });

  it('is what texts are filled up to, on either side', () => {
    expect(padRight('日本', 6)).toBe('日本  ');
    expect(padLeft('日本', 6)).toBe('  日本');
    expect(padLeft('日本語', 4)).toBe('日本語');
  });
});

describe('cutting', () => {
  it('leaves what fits, and cuts between characters', () => {
    expect(cutToWidth('日本語', 6)).toBe('日本語');
    expect(cutToWidth('日本語', 5)).toBe('日本…');
    expect(cutToWidth('日本語', 4)).toBe('日…');
    expect(cutToWidth('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
  });

  it('never leaves more than there is room for', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', '日', '😀', 'e\u0301', 'ﬀ', 'न्', 'ि', ' ') });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 20 }), (text, columns) => {
        expect(textWidth(cutToWidth(text, columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });
});
