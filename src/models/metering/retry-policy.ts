import type { ProviderFailure } from '../../domain/errors.ts';
import type { MicroUsd } from '../../domain/money.ts';
import type { Random } from '../../math/random.ts';

export interface RetryPolicy {
  /** Tries of one call, the first included. */
  readonly maxTries: number;
  /** Our own wait after the first failure; it doubles from there. */
  readonly baseWaitMs: number;
  /** Cap of our own waits. */
  readonly maxWaitMs: number;
  /** Longest wait a provider may demand; beyond it the call fails and says so. */
  readonly maxDemandedWaitMs: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxTries: 6,
  baseWaitMs: 500,
  maxWaitMs: 60_000,
  maxDemandedWaitMs: 600_000,
};

/**
 * What calls can cost where each request is lost on the way and sent again until none is left of its tries. A lost request
 * may be billed.
 * @param microUsd the worst case of the requests, each sent once
 */
export function worstCaseWithRetries(microUsd: MicroUsd): MicroUsd {
  return microUsd * DEFAULT_RETRY_POLICY.maxTries;
}

export type RetryDecision =
  | { readonly retry: true; readonly waitMs: number }
  /** `final`: the same request will fail again; `tries`: too many; `wait`: too long a wait is demanded. */
  | { readonly retry: false; readonly because: 'final' | 'tries' | 'wait' };

/**
 * What follows the failure of a try. A wait the provider demands is kept to the millisecond; otherwise
 * (a demand of 0 is none) the wait is exponential with equal jitter: uniform in the upper half of base · 2^(tries − 1), capped.
 * @param triesMade tries of this call so far, ≥ 1
 */
export function decideRetry(
  failure: Pick<ProviderFailure, 'retryable' | 'retryAfterMs'>,
  triesMade: number,
  policy: RetryPolicy,
  random: Pick<Random, 'float'>,
): RetryDecision {
  if (!failure.retryable) return { retry: false, because: 'final' };
  if ((failure.retryAfterMs ?? 0) > policy.maxDemandedWaitMs) return { retry: false, because: 'wait' };
  if (triesMade >= policy.maxTries) return { retry: false, because: 'tries' };
  if (failure.retryAfterMs) return { retry: true, waitMs: failure.retryAfterMs };
  const ceilingMs = Math.min(policy.maxWaitMs, policy.baseWaitMs * 2 ** (triesMade - 1));
  return { retry: true, waitMs: Math.round(ceilingMs * (0.5 + 0.5 * random.float())) };
}
