import { DeskError } from './desk-error.ts';

/** What a page sends to be kept. */
export interface Draft {
  /** Of the writing it was made from. */
  readonly revision: number;
  readonly response: string;
  /** Why it is turned down or passed over. */
  readonly comment: string;
  /** Time at work on the item in all, as the page measured it. */
  readonly seconds: number;
}

/** What a page submits. */
export interface LabelForm extends Draft {
  readonly verdict: 'accepted' | 'rejected' | 'skipped';
}

/** In UTF-16 units. */
const LONGEST_RESPONSE = 1_000_000;
const LONGEST_COMMENT = 10_000;

/** A draft as it can be kept: text is well-formed. @throws DeskError TOO_LONG */
export function keepable<T extends Draft>(draft: T): T {
  const tooLong = (what: string, most: number) =>
    new DeskError('TOO_LONG', `The ${what} is longer than ${most.toLocaleString('en-US')} characters.`, {
      hint: 'Shorten it.',
    });
  if (draft.response.length > LONGEST_RESPONSE) throw tooLong('response', LONGEST_RESPONSE);
  if (draft.comment.length > LONGEST_COMMENT) throw tooLong('reason', LONGEST_COMMENT);
  return { ...draft, response: draft.response.toWellFormed(), comment: draft.comment.toWellFormed() };
}

/** @throws DeskError EMPTY_RESPONSE, COMMENT_MISSING where something is to be said that is not */
export function assertComplete({ verdict, response, comment }: LabelForm): void {
  if (verdict === 'accepted' && response.trim() === '') {
    throw new DeskError('EMPTY_RESPONSE', 'There is no response yet.', {
      hint: 'Write one, or skip the item, or reject it.',
    });
  }
  if (verdict !== 'accepted' && comment.trim() === '') {
    throw new DeskError('COMMENT_MISSING', `Nothing says why the item is ${verdict}.`, { hint: 'Give a reason.' });
  }
}
