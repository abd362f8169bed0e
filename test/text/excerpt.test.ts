import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excerpt } from '../../src/text/excerpt.ts';

const PIECE = fc.constantFrom(
  ...[
    'a',
    'é',
    '字',
    '😀',
    ' ',
    '\n',
    '\t',
    '\u001b[31m',
    '\u001b]0;',
    '\u0007',
    '\u0000',
    '\u009b',
    '\u202E',
    '\u2066',
  ],
  ...['\u200d', '\u2028', '\ufeff', '\u00ad', '\ue000', '\ud800', '\udc00', '\ufffd', '…', '<', '\u{e0041}'],
);

const TEXT = fc.oneof(fc.string({ unit: PIECE, maxLength: 200 }), fc.string({ unit: 'binary', maxLength: 200 }));

test.each([
  ['Short.', 'Short.'],
  ['  two\r\n\tlines\u2028and more ', 'two lines and more'],
  ['\u001b]0;title\u0007\u001b[31mred\u001b[0m \u0007bell', 'red bell'],
  ['a\0b', 'ab'],
  ['abc\u202edef', 'abcdef'],
  ['half \ud83d', 'half \ufffd'],
  ['', ''],
  ['👩‍🔬 👩🏽‍🚀 می\u200cخواهم', '👩‍🔬 👩🏽‍🚀 می\u200cخواهم'],
  ['\u200d\u200c', ''],
  ['a\u200d\u200d\u200db \u200d', 'a\u200db'],
])('%j is shown as %j', (text, shown) => {
  expect(excerpt(text, 140)).toBe(shown);
});

test('a long text is cut between characters, the last of them saying so', () => {
  expect(excerpt('What is 2 + 2?', 14)).toBe('What is 2 + 2?');
  expect(excerpt('What is 2 + 2?', 13)).toBe('What is 2 +…');
  expect(excerpt('🦜'.repeat(140), 140)).toBe('🦜'.repeat(140));
  expect(excerpt('🦜'.repeat(141), 140)).toBe(`${'🦜'.repeat(139)}…`);
});

test('where what cannot be seen goes on for long, it says that there is more', () => {
  expect(excerpt(`${' '.repeat(100_000)}at last`, 20)).toBe('…');
  expect(excerpt(`x${' '.repeat(1_000_000)}y`, 20)).toBe('x…');
});

test('for any text, it is one clean, well-formed line of bounded length', () => {
  fc.assert(
    fc.property(TEXT, fc.integer({ min: 1, max: 60 }), (text, most) => {
      const line = excerpt(text, most);
      expect(line).not.toMatch(/(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect([...line].length).toBeLessThanOrEqual(most);
      expect(line).toBe(line.trim());
    }),
  );
});
