import { DeskError } from './desk-error.ts';

/** A draft that the page sends to be saved. */
export interface Draft {
  /** The revision that this draft was made from. */
  readonly revision: number;
  readonly response: string;
  /** Why the item is rejected or skipped; may be empty. */
  readonly comment: string;
  /** What the person says about the item or their answer. */
  readonly note?: string | undefined;
  /** Whether they doubt their answer. */
  readonly doubtful?: boolean | undefined;
  /** Total time spent on the item, as the page measured it. */
  readonly seconds: number;
}

/** A label that the page submits. */
export interface LabelForm extends Draft {
  readonly verdict: 'accepted' | 'rejected' | 'skipped';
  /** Version of the guidelines that the person has read. */
  readonly guidelines?: string | undefined;
}

/** In UTF-16 units. */
const LONGEST_RESPONSE = 1_000_000;
const LONGEST_COMMENT = 10_000;

/** The draft with well-formed text, as it can be stored. @throws DeskError TOO_LONG */
export function storable<T extends Draft>(draft: T): T & { readonly note: string; readonly doubtful: boolean } {
  const { note = '', doubtful = false } = draft;
  const tooLong = (what: string, most: number) =>
    new DeskError('TOO_LONG', `The ${what} is longer than ${most.toLocaleString('en-US')} characters.`, {
      hint: 'Shorten it.',
      limit: most,
    });
  if (draft.response.length > LONGEST_RESPONSE) throw tooLong('response', LONGEST_RESPONSE);
  if (draft.comment.length > LONGEST_COMMENT) throw tooLong('reason', LONGEST_COMMENT);
  if (note.length > LONGEST_COMMENT) throw tooLong('note', LONGEST_COMMENT);
  const texts = { response: draft.response.toWellFormed(), comment: draft.comment.toWellFormed() };
  return { ...draft, ...texts, note: note.toWellFormed(), doubtful };
}

/** @throws DeskError EMPTY_RESPONSE for an answer without text */
export function assertComplete({ verdict, response }: LabelForm): void {
  if (verdict === 'accepted' && response.trim() === '') {
    throw new DeskError('EMPTY_RESPONSE', 'The response is empty.', {
      hint: 'Write a response, or skip or reject the item.',
    });
  }
}
