import { describe, expect, it } from 'vitest';
import { accessTokens, givenTokens, isSameSecret } from '../../../src/annotate/server/access-tokens.ts';
import { UsageError } from '../../../src/domain/errors.ts';

const given = { WINNOW_ANNOTATE_TOKEN: 'a'.repeat(16), WINNOW_LEAD_TOKEN: 'l'.repeat(16) };
const key = 'k'.repeat(43);

describe('givenTokens', () => {
  it('reads the tokens from the environment', () => {
    expect(givenTokens(given)).toEqual({ annotator: 'a'.repeat(16), lead: 'l'.repeat(16) });
    expect(givenTokens({ WINNOW_LEAD_TOKEN: '' })).toEqual({ annotator: undefined, lead: undefined });
  });

  it.each([
    'short',
    'x'.repeat(15),
    'with a space in between',
    'x'.repeat(201),
    'ümlaut-ümlaut-ümlaut',
    'line\nfeed-line-feed',
  ])('refuses %j without repeating it', (token) => {
    const attempt = () => givenTokens({ WINNOW_ANNOTATE_TOKEN: token });
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(/WINNOW_ANNOTATE_TOKEN/);
    expect(attempt).not.toThrow(token);
  });

  it('refuses the same token for both roles', () => {
    const same = { WINNOW_ANNOTATE_TOKEN: 'a'.repeat(16), WINNOW_LEAD_TOKEN: 'a'.repeat(16) };
    expect(() => givenTokens(same)).toThrow('are the same');
  });
});

describe('accessTokens', () => {
  const about = { key, isInviteOnly: false };

  it('follow from the key where none are given, and differ by role and by key', () => {
    const made = accessTokens(givenTokens({}), about);
    expect(accessTokens(givenTokens({}), about)).toEqual(made);
    const other = accessTokens(givenTokens({}), { ...about, key: 'K'.repeat(43) });
    expect(new Set([made.annotator, made.lead, other.annotator, other.lead]).size).toBe(4);
    expect(made.lead).toMatch(/^[\w-]{43}$/);
    expect(accessTokens(givenTokens(given), about)).toEqual({ annotator: 'a'.repeat(16), lead: 'l'.repeat(16) });
  });

  it('let no one join where only invited people have access', () => {
    expect(accessTokens(givenTokens(given), { key, isInviteOnly: true }).annotator).toBeNull();
  });
});

describe('isSameSecret', () => {
  it.each(['', 'a'.repeat(15), 'a'.repeat(17), 'A'.repeat(16)])('is false for %j', (token) => {
    expect(isSameSecret(token, 'a'.repeat(16))).toBe(false);
  });

  it('is true for the secret', () => {
    expect(isSameSecret('a'.repeat(16), 'a'.repeat(16))).toBe(true);
  });
});
