import { BudgetExceededError, ProviderError, WinnowError } from '../domain/errors.ts';
import type { StepPaused } from './step-outcome.ts';

const GO_ON = 'Run winnow next again: it goes on from here.';

/**
 * What ends a step before it is done without being a fault of ours: a cap, an interrupt, a provider.
 * @throws the error itself when it is none of these
 */
export function pausedBy(error: unknown, signal: AbortSignal | undefined): StepPaused {
  const because =
    error instanceof BudgetExceededError
      ? 'budget'
      : signal?.aborted
        ? 'interrupt'
        : error instanceof ProviderError
          ? 'provider'
          : undefined;
  if (because === undefined) throw error;
  const { message } = error as Error;
  return { done: false, because, message, hint: (error instanceof WinnowError && error.hint) || GO_ON };
}
