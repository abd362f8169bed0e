import type { SelectionJournal } from '../domain/selection.ts';

/** Shows a journal as if everything that failed were asked again. For plans, before anything is spent or written. */
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
 * Remembers nothing. For plans that are never carried out.
 * @param retries how often failed questions were asked again. It applies to measures, whose replies are stored elsewhere.
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
