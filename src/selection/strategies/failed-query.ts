import { FilteredError, ProviderError } from '../../domain/errors.ts';
import { WinnowError } from '../../domain/winnow-error.ts';
import { sentence, type Wording } from '../../domain/wording.ts';

/** A query without a usable answer. */
export interface FailedQuery {
  readonly query: number;
  readonly failure: string;
  /** What can be done about it, where that is known. */
  readonly advice?: Wording;
  /** The provider refused the request, so that no reply is there to be asked for again. */
  readonly isRefused?: true;
}

/** @param error that ended the query */
export function failedQuery(query: number, error: Error): FailedQuery {
  const hint = error instanceof WinnowError ? error.wording.hint : undefined;
  return {
    query,
    failure: error.message,
    ...(hint === undefined ? {} : { advice: hint }),
    ...(isRefusal(error) ? { isRefused: true } : {}),
  };
}

function isRefusal(error: Error): boolean {
  return error instanceof FilteredError || (error instanceof ProviderError && !error.retryable);
}

/**
 * What to do about failed queries, as sentences: the advice of the first that has any, and how to ask again.
 * @param again how to ask again for what got no usable reply
 */
export function failedQueryAdvice(failed: readonly FailedQuery[], again: Wording): Wording {
  const advice = failed.find((one) => one.advice !== undefined)?.advice;
  if (failed.length > 0 && failed.every(({ isRefused }) => isRefused)) {
    return sentence`${advice ?? 'The provider refuses these requests.'} Then run the same command again.`;
  }
  return advice === undefined ? again : sentence`${advice} ${again}`;
}
