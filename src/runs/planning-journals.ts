import type { SelectionJournal } from '../domain/selection.ts';

/** A journal as it would be if all that failed were to be asked anew: for plans, before anything is spent or written. */
export function asReopened(journal: SelectionJournal): SelectionJournal {
  const isFailed = (query: number) => journal.loadResult(query)?.state === 'failed';
  return {
    loadQueries: () => journal.loadQueries(),
    saveQueries: (queries) => journal.saveQueries(queries),
    loadResult: (query) => (isFailed(query) ? undefined : journal.loadResult(query)),
    saveResult: (query, result) => journal.saveResult(query, result),
    generation: (query) => journal.generation(query) + (isFailed(query) ? 1 : 0),
    retries: () => journal.retries() + 1,
  };
}

/**
 * For plans that are never carried out.
 * @param retries how often what got no usable reply was to be asked anew: that is about what is measured, whose replies
 * are stored elsewhere
 */
export function forgetfulJournal(retries: number): SelectionJournal {
  return {
    loadQueries: () => undefined,
    saveQueries: () => undefined,
    loadResult: () => undefined,
    saveResult: () => undefined,
    generation: () => 0,
    retries: () => retries,
  };
}
