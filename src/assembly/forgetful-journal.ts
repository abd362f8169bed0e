import type { SelectionJournal } from '../domain/selection.ts';

/** For plans that are never carried out. */
export const FORGETFUL_JOURNAL: SelectionJournal = {
  loadQueries: () => undefined,
  saveQueries: () => undefined,
  loadResult: () => undefined,
  saveResult: () => undefined,
  generation: () => 0,
  retries: () => 0,
};
