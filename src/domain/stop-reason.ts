import { BatchPendingError, BudgetExceededError, ProviderError } from './errors.ts';

/** What can stop work early without a fault of ours: a cap, the user, a provider that cannot be asked, or a batch that is not ready. */
export type StopReason = 'budget' | 'interrupt' | 'provider' | 'batch';

/** How work on a pool ended: all of it done; some of it failed, or too few are good enough; or stopped early. */
export type RunEnd = 'complete' | 'short' | StopReason;

/** What stopped some work, and the error it showed as. */
export interface Stopped {
  readonly by: StopReason;
  readonly error: Error;
}

/**
 * A cap comes first, since it also holds after an interrupt; once the signal is aborted, any other error is its doing.
 * @throws the error itself if it is none of these
 */
export function stoppedBy(error: unknown, signal?: AbortSignal): Stopped {
  if (error instanceof BudgetExceededError) return { by: 'budget', error };
  if (error instanceof BatchPendingError) return { by: 'batch', error };
  if (signal?.aborted) return { by: 'interrupt', error: error as Error };
  if (error instanceof ProviderError) return { by: 'provider', error };
  throw error;
}
