import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stripEscapes } from '../../src/text/strip-escapes.ts';

it.each([
  ['\u001b[31mred\u001b[39m', 'red'],
  ['\u001b[7391;31mred\u009b0m', 'red'],
  ['\u001b]0;title\u0007after', 'after'],
  ['\u001b]8;;https://example.org\u001b\\link\u001b]8;;\u001b\\', 'link'],
  ['\u001bPq#0\u001b\\sixel', 'sixel'],
  ['\u009d0;title\u009cafter', 'after'],
  ['\u001b(Bset\u001b7\u001bc', 'set'],
  ['broken \u001b[12;', 'broken '],
  ['plain [31m text', 'plain [31m text'],
])('leaves only what is shown of %j', (text, shown) => {
  expect(stripEscapes(text)).toBe(shown);
});

it('leaves no introducer in any text, and nothing but escapes is lost', () => {
  const parts = fc.constantFrom('\u001b', '[', ']', '\u009b', '\u0007', '\\', ';', '1', 'm', 'é', ' ', '\u009c');
  fc.assert(
    fc.property(
      fc.array(parts).map((all) => all.join('')),
      (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        expect(stripEscapes(text)).not.toMatch(/[\u001b\u009b\u009d]/);
        if (stripEscapes(text) === text) expect(stripVTControlCharacters(text)).toBe(text);
      },
    ),
  );
});

it.each(['\u001b[', '\u001b]', '\u001b[[', '\u001b]8;', '\u009b;', '\u001b(', '\u001b[1;', '\u001bP'])(
  'takes linear time for a flood of %j, which would take minutes else',
  (part) => {
    expect(stripEscapes(part.repeat(4_000_000 / part.length)).length).toBeLessThan(4_000_000);
  },
);
