import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { accessTokens, roleOf } from '../../../src/annotate/server/access-tokens.ts';
import { UsageError } from '../../../src/domain/errors.ts';

const given = { WINNOW_ANNOTATE_TOKEN: 'a'.repeat(16), WINNOW_LEAD_TOKEN: 'l'.repeat(16) };

describe('accessTokens', () => {
  it('reads the tokens from the environment', () => {
    expect(accessTokens(given, randomBytes)).toEqual({ annotator: 'a'.repeat(16), lead: 'l'.repeat(16) });
  });

  it('makes missing tokens from 24 random bytes each', () => {
    const { annotator, lead } = accessTokens({ WINNOW_LEAD_TOKEN: '' }, randomBytes);
    for (const token of [annotator, lead]) expect(Buffer.from(token, 'base64url')).toHaveLength(24);
    expect(annotator).not.toBe(lead);
    expect(accessTokens({ WINNOW_LEAD_TOKEN: given.WINNOW_LEAD_TOKEN }, randomBytes).lead).toBe('l'.repeat(16));
  });

  it.each([
    'short',
    'x'.repeat(15),
    'with a space in between',
    'x'.repeat(201),
    'ümlaut-ümlaut-ümlaut',
    'line\nfeed-line-feed',
  ])('refuses %j without repeating it', (token) => {
    const attempt = () => accessTokens({ WINNOW_ANNOTATE_TOKEN: token }, randomBytes);
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(/WINNOW_ANNOTATE_TOKEN/);
    expect(attempt).not.toThrow(token);
  });

  it('refuses the same token for both roles', () => {
    const same = { WINNOW_ANNOTATE_TOKEN: 'a'.repeat(16), WINNOW_LEAD_TOKEN: 'a'.repeat(16) };
    expect(() => accessTokens(same, randomBytes)).toThrow('are the same');
  });
});

describe('roleOf', () => {
  const tokens = accessTokens(given, randomBytes);

  it('gives the role of a token', () => {
    expect(roleOf(`Bearer ${tokens.annotator}`, tokens)).toBe('annotator');
    expect(roleOf(`bearer  ${tokens.lead}`, tokens)).toBe('lead');
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `Bearer ${'a'.repeat(15)}`,
    `Bearer ${'a'.repeat(17)}`,
    `Bearer ${'A'.repeat(16)}`,
    `Basic ${'a'.repeat(16)}`,
    'a'.repeat(16),
    `Bearer ${'a'.repeat(16)} x`,
  ])('gives no role for %j', (header) => {
    expect(roleOf(header, tokens)).toBeNull();
  });
});
