import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeBlock, safeJson, safeLine } from '../../../src/cli/output/safe-text.ts';
import { textWidth } from '../../../src/cli/output/text-width.ts';

const ESCAPES = [
  '\u001b[31mred\u001b[0m',
  '\u001b]8;;https://example.com\u0007link\u001b]8;;\u0007',
  '\u001b[2J\u001b[H',
  '\u009b31mred',
  'a\rb',
  '\u202egnp.exe',
  'zero\u200bwidth',
  'bell\u0007',
  'half \ud83d',
];
const hostile = fc
  .array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...ESCAPES)), { maxLength: 8 })
  .map((parts) => parts.join(''));
const UNSAFE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u;

describe('safeLine', () => {
  it.each([
    ['Name three rivers.', 'Name three rivers.'],
    ['  two\n\tlines \r\n here ', 'two lines here'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['zero\u200bwidth\u0007', 'zerowidth'],
    ['数据 ☕ é', '数据 ☕ é'],
  ])('makes of %j one line', (text, line) => {
    expect(safeLine(text, 80)).toBe(line);
  });

  it('cuts to the width by whole characters, and says so', () => {
    expect(safeLine('abcdefghij', 10)).toBe('abcdefghij');
    expect(safeLine('abcdefghijk', 10)).toBe('abcdefghi…');
    expect(safeLine('😀'.repeat(20), 5)).toBe('😀😀…');
    expect(safeLine('数据库管理', 6)).toBe('数据…');
  });

  it('is never longer than the width and never moves the cursor, for any text', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 60 }), (text, width) => {
        const line = safeLine(text, width);
        expect(textWidth(line)).toBeLessThanOrEqual(width);
        expect(line).not.toMatch(UNSAFE);
      }),
    );
  });

  it('reads no more of a huge text than it shows', () => {
    expect(safeLine('word '.repeat(2_000_000), 20)).toBe('word word word word…');
  });
});

describe('safeBlock', () => {
  it('keeps lines and tabs, and takes out what could hide or move text', () => {
    expect(safeBlock('one\n\ttwo\u001b[2J\r\n\u202ethree\u0000')).toBe('one\n\ttwo\nthree');
  });

  it('leaves nothing unsafe in any text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(safeBlock(text).replace(/[\n\t]/g, '')).not.toMatch(UNSAFE);
      }),
    );
  });
});

describe('safeJson', () => {
  it('is the same document, with nothing in it that could steer a terminal', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const json = JSON.stringify({ text }, null, 2);
        const shown = safeJson(json);
        expect(JSON.parse(shown)).toEqual(JSON.parse(json));
        expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Co}]/u);
      }),
    );
  });
});
