import { describe, expect, it } from 'vitest';
import { appraise } from '../../../src/models/offline/appraise.ts';

describe('hostile texts', () => {
  const MEGABYTE = 2 ** 20;
  const fill = (unit: string) => unit.repeat(Math.ceil(MEGABYTE / unit.length));

  // Each would take minutes if any pattern backtracked over it; the suite's time limit is the test.
  it.each([
    ['zeros', fill('\0')],
    ['escapes', fill('\u001B[')],
    ['operating system commands', fill('\u001B]')],
    ['lone surrogates', fill('\uDC00')],
    ['right-to-left overrides', fill('\u202Eab')],
    ['stacked accents', fill('\u0301')],
    ['one word', fill('a')],
    ['capitals', fill('A a')],
    ['open quotes', fill('"')],
    ['open tags', fill('<a ')],
    ['open calls', fill('f(')],
    ['dots', fill('.')],
    ['dotted words', fill('a.b')],
    ['commas', fill('as x, ')],
    ['options', fill('a) ')],
    ['list marks', fill('\n1. ')],
    ['underscores', fill('_')],
    ['labels', fill('\nAb: ')],
    ['ligatures', fill('\uFDFA')],
  ])('of %s are appraised', (_, text) => {
    const { value } = appraise({ instruction: text, input: text });
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThan(0.5);
  });
});
