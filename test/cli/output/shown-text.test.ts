import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shownText } from '../../../src/cli/output/colors.ts';
import { safeJson } from '../../../src/cli/output/safe-text.ts';

const hostile = fc
  .array(
    fc.constantFrom(
      '\u001b[31m',
      '\u001b[7391;2211;9031;31m',
      '\u009b',
      '\u001b]0;',
      '\u0007',
      '\r',
      '\n',
      '\t',
      'a',
      '\u202e',
      '\ud800',
    ),
  )
  .map((parts) => parts.join(''));

it('shows no escape sequence, control character or mark of any text, with and without colors', () => {
  fc.assert(
    fc.property(hostile, fc.boolean(), (text, inColor) => {
      expect(shownText(text, inColor)).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}]/u);
    }),
  );
});

it('keeps line ends, tabs and everything that is seen', () => {
  expect(shownText('one\n\ttwo │ 日本 é', true)).toBe('one\n\ttwo │ 日本 é');
});

it('escapes JSON without changing it', () => {
  fc.assert(
    fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), (text) => {
      const json = safeJson(JSON.stringify({ text }, null, 2));
      expect(json).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Co}]/u);
      expect(JSON.parse(json)).toEqual({ text });
    }),
  );
});
