import type { SelectionJournal } from '../domain/selection.ts';

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
