import { BudgetExceededError, ProviderError } from '../../domain/errors.ts';

/** What ends a simulation, or its paid part, in good order. */
export interface Stopped {
  readonly by: 'budget' | 'interrupt' | 'provider';
  readonly error: Error;
}

/** @throws the error itself where it is none that ends a run in good order */
export function stoppedBy(error: unknown, signal: AbortSignal | undefined): Stopped {
  if (error instanceof BudgetExceededError) return { by: 'budget', error };
  if (signal?.aborted) return { by: 'interrupt', error: error as Error };
  if (error instanceof ProviderError) return { by: 'provider', error };
  throw error;
}
