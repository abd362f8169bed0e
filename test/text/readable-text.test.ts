import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEAD_CHARACTERS, readableText, TAIL_CHARACTERS } from '../../src/text/readable-text.ts';

describe('the readable part of a text', () => {
  it('is what a person would see of it', () => {
    expect(readableText('\u001B[31mred\u001B[0m\0 cafe\u0301\r\nx\u200By')).toBe('red  café\nxy');
    expect(readableText('half \uD83D of a pair')).toBe('half \uFFFD of a pair');
  });

  it('is bounded, and no pair is cut in two', () => {
    const text = readableText('😀'.repeat(500_000));
    expect(text.length).toBeLessThanOrEqual(HEAD_CHARACTERS + TAIL_CHARACTERS + 1);
    expect(text).not.toContain('\uFFFD');
    expect(readableText(`x${'😀'.repeat(500_000)}`)).not.toContain('\uFFFD');
  });

  it('does not depend on the middle of a long text', () => {
    const head = 'a b '.repeat(HEAD_CHARACTERS / 4);
    const tail = ' c d'.repeat(TAIL_CHARACTERS / 4);
    const one = head + 'must explain why? '.repeat(10_000) + tail;
    const other = head + '\0\uD800'.repeat(500_000) + tail;
    expect(readableText(one)).toBe(readableText(other));
  });

  it('is well-formed for any code units', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff })), (units) => {
        expect(readableText(String.fromCharCode(...units)).isWellFormed()).toBe(true);
      }),
    );
  });
});
