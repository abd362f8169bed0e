import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RETRY_POLICY, decideRetry } from '../../../src/models/metering/retry-policy.ts';

const policy = DEFAULT_RETRY_POLICY;
const always = (value: number) => ({ float: () => value });
const passing = { retryable: true };

describe('decideRetry', () => {
  it('does not repeat what will fail again', () => {
    expect(decideRetry({ retryable: false }, 1, policy, always(0))).toEqual({ retry: false, because: 'final' });
  });

  it('gives up after the last try', () => {
    expect(decideRetry(passing, policy.maxTries - 1, policy, always(0)).retry).toBe(true);
    expect(decideRetry(passing, policy.maxTries, policy, always(0))).toEqual({ retry: false, because: 'tries' });
  });

  it('waits as long as it is told to, however long our own cap is', () => {
    const failure = { retryable: true, retryAfterMs: 90_001 };
    expect(decideRetry(failure, 1, policy, always(0.3))).toEqual({ retry: true, waitMs: 90_001 });
  });

  it('refuses to wait longer than the longest wait that may be demanded', () => {
    const demanded = (retryAfterMs: number) => decideRetry({ retryable: true, retryAfterMs }, 1, policy, always(0));
    expect(demanded(policy.maxDemandedWaitMs).retry).toBe(true);
    expect(demanded(policy.maxDemandedWaitMs + 1)).toEqual({ retry: false, because: 'wait' });
  });

  it('doubles its own wait from try to try, up to the cap', () => {
    const longest = [1, 2, 3, 4, 5].map((tries) => decideRetry(passing, tries, policy, always(1)));
    expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000].map((waitMs) => ({ retry: true, waitMs })));
    expect(decideRetry(passing, 30, { ...policy, maxTries: 99 }, always(1))).toEqual({ retry: true, waitMs: 60_000 });
  });

  it('spreads its own wait over the upper half', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (tries, drawn) => {
          const decision = decideRetry(passing, tries, policy, always(drawn));
          const ceiling = 500 * 2 ** (tries - 1);
          expect(decision.retry && decision.waitMs >= ceiling / 2 && decision.waitMs <= ceiling).toBe(true);
        },
      ),
    );
  });

  it('takes a demand of no wait for none, so that a retry is never at once', () => {
    const decision = decideRetry({ retryable: true, retryAfterMs: 0 }, 1, policy, always(0));
    expect(decision).toEqual({ retry: true, waitMs: 250 });
  });
});
