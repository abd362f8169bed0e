import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { Pacer } from '../../../src/models/metering/pacer.ts';

/** A pacer whose first so many calls have started, at 0 ms. */
function started(count: number, pacer = new Pacer(seededRandom(1))) {
  const starts = Array.from({ length: count }, (_, index) => ({ number: index + 1, atMs: 0 }));
  for (const start of starts) pacer.started(start, 100);
  return { pacer, starts };
}

describe('Pacer', () => {
  it('waits for the limit that has least left', () => {
    const { pacer, starts } = started(1);
    pacer.answered(starts[0]!, {
      requests: { limit: 60, remaining: 50 },
      tokens: { limit: 6_000, remaining: 0 },
      inputTokens: { limit: 60_000, remaining: 0 },
    });
    expect(pacer.waitMs(100, 0)).toBe(1_000);
  });

  it('forgets a limit that the server no longer states', () => {
    const { pacer, starts } = started(2);
    pacer.answered(starts[0]!, { requests: { limit: 60, remaining: 0 } });
    pacer.answered(starts[1]!, undefined);
    expect(pacer.waitMs(100, 0)).toBe(0);
  });

  it('counts refusals of calls that were under way together once, and starts from none with an answer', () => {
    const { pacer, starts } = started(3);
    for (const start of starts) pacer.refused({ start, tokens: 100 }, { retryAfterMs: 1_000 }, 10);
    expect(pacer.refusals(510)).toEqual({ count: 1, forMs: 500 });
    const later = { number: 4, atMs: 1_010 };
    pacer.started(later, 100);
    pacer.refused({ start: later, tokens: 100 }, {}, 1_010);
    expect(pacer.refusals(1_010)).toEqual({ count: 2, forMs: 1_000 });
    const last = { number: 5, atMs: 4_000 };
    pacer.started(last, 100);
    pacer.answered(starts[0]!, undefined);
    expect(pacer.refusals(4_000).count).toBe(2);
    pacer.answered(last, undefined);
    expect(pacer.refusals(4_000)).toEqual({ count: 0, forMs: 0 });
  });

  it('waits for the longest demand, and doubles its own waits where nothing is demanded', () => {
    const { pacer, starts } = started(2);
    pacer.refused({ start: starts[0]!, tokens: 100 }, { retryAfterMs: 3_000 }, 0);
    pacer.refused({ start: starts[1]!, tokens: 100 }, { retryAfterMs: 8_000 }, 0);
    expect(pacer.waitMs(100, 0)).toBe(8_000);
    const { pacer: other } = started(0);
    const waits = [1, 2, 3].map((number) => {
      other.started({ number, atMs: number * 1e6 }, 100);
      other.refused({ start: { number, atMs: number * 1e6 }, tokens: 100 }, {}, number * 1e6);
      return other.waitMs(100, number * 1e6);
    });
    for (const [index, waitMs] of waits.entries()) {
      expect(waitMs).toBeGreaterThanOrEqual(500 * 2 ** index);
      expect(waitMs).toBeLessThanOrEqual(1_000 * 2 ** index);
    }
  });

  it('learns in tokens where the server says that they are limited', () => {
    const { pacer, starts } = started(1);
    pacer.refused({ start: starts[0]!, tokens: 100 }, { said: 'Limit of tokens per min (TPM) reached.' }, 0);
    expect(pacer.learned.requestsPerMs).toBeUndefined();
    expect(pacer.learned.tokensPerMs).toBeCloseTo(0.098, 10);
  });

  it('learns nothing from a refusal that its headers explain', () => {
    const { pacer, starts } = started(1);
    const limits = { requests: { limit: 60, remaining: 0 } };
    pacer.refused({ start: starts[0]!, tokens: 100 }, { retryAfterMs: 1_000, limits }, 0);
    expect(pacer.learned).toEqual({ requestsPerMs: undefined, tokensPerMs: undefined });
  });
});
