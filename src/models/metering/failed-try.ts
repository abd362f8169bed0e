import { ProviderError } from '../../domain/errors.ts';
import type { RetryDecision, RetryPolicy } from './retry-policy.ts';

/** Answers of a server that has too much to do. */
const OVERLOADED: ReadonlySet<number | undefined> = new Set([408, 503, 504, 529]);
/** Limits of requests at once rather than of requests in a time. */
const OF_CONCURRENCY = /concurren|simultaneous|in parallel|at once/i;

/** How often a try was followed by another, by what went wrong. */
export interface RetryCounts {
  readonly rateLimited: number;
  readonly serverErrors: number;
  readonly timeouts: number;
  /** Refused or dropped connections, and answers that were cut on the way. */
  readonly connections: number;
}

/** Whether the request was refused only because there were too many before it. */
export function isRateLimit({ status, retryable }: ProviderError): boolean {
  return status === 429 && retryable;
}

/** A server that does not answer in time has too much to do, as one that says so. */
export function isOverload(failure: ProviderError): boolean {
  const { status, said } = failure;
  return OVERLOADED.has(status) || isTimeout(failure) || (status === 429 && OF_CONCURRENCY.test(said));
}

function isTimeout({ cause }: ProviderError): boolean {
  return cause instanceof Error && cause.name === 'TimeoutError';
}

/** What to count a further try as. */
export function retryReason(failure: ProviderError): keyof RetryCounts {
  if (failure.status === 429) return 'rateLimited';
  if (failure.status === 408 || isTimeout(failure)) return 'timeouts';
  return failure.status !== undefined && failure.status >= 400 ? 'serverErrors' : 'connections';
}

/** The error of a call that is not tried again. @param tries that were made */
export function givenUp(
  failure: ProviderError,
  tries: number,
  { because }: RetryDecision & { retry: false },
  policy: RetryPolicy,
): ProviderError {
  if (because === 'final') return failure;
  const goOn = 'Run the same command again later: it goes on where it stopped.';
  if (because === 'wait') {
    const waits = `${minutes(failure.retryAfterMs ?? 0)} before the next request`;
    return new ProviderError(
      `${failure.message} It asks to wait ${waits}, longer than the ${minutes(policy.maxDemandedWaitMs)} we wait for it.`,
      failure,
      { hint: goOn, cause: failure },
    );
  }
  return new ProviderError(`${failure.message} Gave up after ${tries} tries.`, failure, {
    hint: failure.wording.hint ?? goOn,
    cause: failure,
  });
}

function minutes(ms: number): string {
  const count = Math.ceil(ms / 60_000);
  return count === 1 ? '1 minute' : `${count.toLocaleString('en-US')} minutes`;
}
