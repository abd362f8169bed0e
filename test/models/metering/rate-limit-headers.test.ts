import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demandedWaitMs, parseDurationMs, statedLimits } from '../../../src/models/metering/rate-limit-headers.ts';

const SENT = 'Thu, 01 Jan 2026 00:00:00 GMT';
const wait = (headers: Record<string, string>, status = 429) => demandedWaitMs(new Headers(headers), status);

describe('demandedWaitMs', () => {
  it('prefers retry-after-ms to retry-after, and retry-after to the resets', () => {
    const all = { 'retry-after-ms': '250', 'retry-after': '2', 'x-ratelimit-reset-requests': '6m0s' };
    expect(wait(all)).toBe(250);
    expect(wait({ ...all, 'retry-after-ms': 'soon' })).toBe(2_000);
    expect(wait({ 'x-ratelimit-reset-requests': '6m0s' })).toBe(360_000);
  });

  it('reads retry-after in seconds, fractions rounded up to a millisecond', () => {
    expect(wait({ 'retry-after': '0' })).toBe(0);
    expect(wait({ 'retry-after': '1.0005' })).toBe(1_001);
  });

  it('reads retry-after as a date, against the date of the response itself', () => {
    expect(wait({ date: SENT, 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' })).toBe(30_000);
    expect(wait({ date: SENT, 'retry-after': 'Wed, 31 Dec 2025 23:00:00 GMT' })).toBe(0);
    expect(wait({ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' })).toBeUndefined();
  });

  it('reads resets as timestamps, against the date of the response', () => {
    const headers = { date: SENT, 'anthropic-ratelimit-requests-reset': '2026-01-01T00:00:12Z' };
    expect(wait(headers)).toBe(12_000);
    expect(wait({ ...headers, 'anthropic-ratelimit-tokens-reset': '2026-01-01T01:00:40+01:00' })).toBe(40_000);
  });

  it('waits for the limits that are used up, not for those that are not', () => {
    const headers = {
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '20ms',
      'x-ratelimit-remaining-tokens': '5000',
      'x-ratelimit-reset-tokens': '6m0s',
    };
    expect(wait(headers)).toBe(20);
    expect(wait({ ...headers, 'x-ratelimit-remaining-tokens': '0' })).toBe(360_000);
  });

  it('takes resets for information on anything but a 429', () => {
    expect(wait({ 'x-ratelimit-reset-requests': '6m0s' }, 500)).toBeUndefined();
    expect(wait({ 'retry-after': '3', 'x-ratelimit-reset-requests': '6m0s' }, 503)).toBe(3_000);
  });

  it('gives a whole number of milliseconds, or nothing, for any headers', () => {
    const value = fc.oneof(
      fc.string({ unit: fc.integer({ min: 32, max: 126 }).map((c) => String.fromCharCode(c)) }),
      fc.double().map(String),
    );
    const names = [
      'date',
      'retry-after',
      'retry-after-ms',
      'x-ratelimit-reset-tokens',
      'anthropic-ratelimit-tokens-reset',
    ];
    const headers = fc.record(Object.fromEntries(names.map((name) => [name, fc.option(value, { nil: undefined })])));
    fc.assert(
      fc.property(headers, fc.constantFrom(429, 500), (given, status) => {
        const present = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
        const waitMs = demandedWaitMs(new Map(present) as unknown as { get(name: string): string | null }, status);
        expect(waitMs === undefined || (Number.isInteger(waitMs) && waitMs >= 0)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('parseDurationMs', () => {
  it.each([
    ['6m0s', 360_000],
    ['20ms', 20],
    ['1.5s', 1_500],
    ['1h2m3s', 3_723_000],
    ['2m59.56s', 179_560],
    ['1d', 86_400_000],
    ['500µs', 0.5],
  ])('reads %s', (text, ms) => {
    expect(parseDurationMs(text)).toBeCloseTo(ms, 6);
  });

  it.each(['', '6', '6m 0s', '-1s', 's', '1.s', '1x', 'Infinitys', '1e3s'])('does not read "%s"', (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  });

  it('reads back any duration it is shown', () => {
    const part = fc.nat({ max: 999 });
    fc.assert(
      fc.property(part, part, part, part, (hours, minutes, seconds, ms) => {
        const expected = ((hours * 60 + minutes) * 60 + seconds) * 1_000 + ms;
        expect(parseDurationMs(`${hours}h${minutes}m${seconds}s${ms}ms`)).toBe(expected);
      }),
    );
  });
});

describe('statedLimits', () => {
  const stated = (headers: Record<string, string>) => statedLimits(new Headers(headers));

  it('reads the headers of OpenAI', () => {
    expect(
      stated({
        'x-ratelimit-limit-requests': '60',
        'x-ratelimit-remaining-requests': '59',
        'x-ratelimit-reset-requests': '1s',
        'x-ratelimit-limit-tokens': '150000',
        'x-ratelimit-remaining-tokens': '149984',
        'x-ratelimit-reset-tokens': '6m0s',
      }),
    ).toEqual({
      requests: { limit: 60, remaining: 59, resetMs: 1_000 },
      tokens: { limit: 150_000, remaining: 149_984, resetMs: 360_000 },
    });
  });

  it('reads the headers of Anthropic, against the date of the response', () => {
    const limit = 'anthropic-ratelimit-output-tokens';
    expect(
      stated({
        date: SENT,
        [`${limit}-limit`]: '8000',
        [`${limit}-remaining`]: '0',
        [`${limit}-reset`]: '2026-01-01T00:00:12Z',
      }),
    ).toEqual({ outputTokens: { limit: 8_000, remaining: 0, resetMs: 12_000 } });
  });

  it('reads the headers of gateways, whose reset is in seconds', () => {
    expect(stated({ 'ratelimit-limit': '100', 'ratelimit-remaining': '7', 'ratelimit-reset': '30' })).toEqual({
      requests: { limit: 100, remaining: 7, resetMs: 30_000 },
    });
  });

  it('reads no limit without its size and what is left of it', () => {
    expect(stated({})).toBeUndefined();
    expect(stated({ 'ratelimit-limit': '0', 'ratelimit-remaining': '0' })).toBeUndefined();
    expect(stated({ 'ratelimit-limit': '100', 'ratelimit-remaining': 'many' })).toBeUndefined();
    expect(stated({ 'ratelimit-limit': '9', 'ratelimit-remaining': '1', 'ratelimit-reset': '1767225600' })).toEqual({
      requests: { limit: 9, remaining: 1 },
    });
  });
});
