import type { ItemState } from '../desk/desk-views.ts';

/** A word and a sign for each, so that color says nothing alone. */
export const ITEM_STATES: Readonly<Record<ItemState, { readonly sign: string; readonly word: string }>> = {
  open: { sign: '○', word: 'Open' },
  begun: { sign: '◐', word: 'Begun' },
  answered: { sign: '●', word: 'Answered' },
  rejected: { sign: '⊘', word: 'Rejected' },
  skipped: { sign: '↷', word: 'Skipped' },
  taken: { sign: '◇', word: 'Taken' },
  complete: { sign: '◆', word: 'Closed' },
};
