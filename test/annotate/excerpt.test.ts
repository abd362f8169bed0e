import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excerpt } from '../../src/annotate/excerpt.ts';

test.each([
  ['Short.', 'Short.'],
  ['  two\r\n\tlines  ', 'two lines'],
  ['\u001b[31mred\u001b[0m \u0007bell', 'red bell'],
  ['a\0b', 'ab'],
  ['abc\u202edef', 'abcdef'],
  ['half \ud83d', 'half \ufffd'],
  ['', ''],
  ['👩‍🔬 می\u200cخواهم', '👩‍🔬 می\u200cخواهم'],
])('%j is shown as %j', (text, shown) => {
  expect(excerpt(text)).toBe(shown);
});

test('a long text is cut after 139 characters, none of them in two, and says so', () => {
  expect(excerpt('🦜'.repeat(141))).toBe(`${'🦜'.repeat(139)}…`);
  expect(excerpt('🦜'.repeat(140))).toBe('🦜'.repeat(140));
  expect(excerpt(`${'a'.repeat(138)} ${'b'.repeat(9)}`)).toBe(`${'a'.repeat(138)}…`);
  expect(excerpt(`x${' '.repeat(1_000_000)}y`)).toBe('x…');
});

test('whatever the text, it is one line that can be shown', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const line = excerpt(text);
      expect([...line].length).toBeLessThanOrEqual(140);
      expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202A-\u202E\u2066-\u2069]/u);
    }),
  );
});
