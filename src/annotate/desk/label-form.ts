import { type Answers, firstUnanswered, type Question, readAnswers } from '../../domain/questions.ts';
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
  /** Answers to the item's questions, by name. */
  readonly answers?: Answers | undefined;
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

interface Stored {
  readonly note: string;
  readonly doubtful: boolean;
  readonly answers: Answers;
}

/**
 * The draft with well-formed text and checked answers, as it can be stored.
 * @param questions of the item
 * @throws DeskError TOO_LONG, ANSWER_INVALID
 */
export function storable<T extends Draft>(draft: T, questions: readonly Question[]): T & Stored {
  const { note = '', doubtful = false } = draft;
  const tooLong = (what: string, most: number) =>
    new DeskError('TOO_LONG', `The ${what} is longer than ${most.toLocaleString('en-US')} characters.`, {
      hint: 'Shorten it.',
      limit: most,
    });
  if (draft.response.length > LONGEST_RESPONSE) throw tooLong('response', LONGEST_RESPONSE);
  if (draft.comment.length > LONGEST_COMMENT) throw tooLong('reason', LONGEST_COMMENT);
  if (note.length > LONGEST_COMMENT) throw tooLong('note', LONGEST_COMMENT);
  const { answers, invalid } = readAnswers(questions, draft.answers ?? {});
  if (invalid.length > 0) {
    throw new DeskError('ANSWER_INVALID', `Not a valid answer: ${invalid.join(', ')}.`, {
      hint: 'The questions may have changed. Copy your text and reload the page.',
    });
  }
  const texts = { response: draft.response.toWellFormed(), comment: draft.comment.toWellFormed() };
  return { ...draft, ...texts, note: note.toWellFormed(), doubtful, answers };
}

/** @throws DeskError EMPTY_RESPONSE for an answer without text, ANSWER_MISSING where a question is not answered */
export function assertComplete({ verdict, response, answers = {} }: LabelForm, questions: readonly Question[]): void {
  if (verdict !== 'accepted') return;
  if (response.trim() === '') {
    throw new DeskError('EMPTY_RESPONSE', 'The response is empty.', {
      hint: 'Write a response, or skip or reject the item.',
    });
  }
  const missing = firstUnanswered(questions, answers);
  if (missing !== undefined) {
    throw new DeskError('ANSWER_MISSING', `Not answered yet: ${missing.ask}`, {
      hint: 'Answer it, or skip or reject the item.',
    });
  }
}
