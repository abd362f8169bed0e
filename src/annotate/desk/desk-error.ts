import { WinnowError } from '../../domain/winnow-error.ts';
import type { Writing } from './desk-views.ts';

/**
 * NO_SUCH_ITEM: the item was never handed out. CONFLICT: the item was also edited elsewhere. TAKEN: other people have
 * the item now, and the person's text was saved. NAME_ALIKE: a new name looks like one that is used. NAME_TAKEN: someone
 * has the name. ANSWER_MISSING, ANSWER_INVALID: of a question of the
 * item. NO_SUCH_LABEL: the item has no such label. NO_SUCH_PERSON: no one of that name has worked here. NO_ROOM: the budget has no room for more
 * labels. TOO_MANY_HELD: names without a label have too many items reserved.
 */
export type DeskErrorCode =
  | 'NO_SUCH_ITEM'
  | 'CONFLICT'
  | 'TAKEN'
  | 'EMPTY_RESPONSE'
  | 'ANSWER_MISSING'
  | 'ANSWER_INVALID'
  | 'TOO_LONG'
  | 'NAME_MISSING'
  | 'NAME_TOO_LONG'
  | 'NAME_UNUSABLE'
  | 'NAME_ALIKE'
  | 'NAME_TAKEN'
  | 'NO_SUCH_LABEL'
  | 'NO_SUCH_PERSON'
  | 'NO_ROOM'
  | 'NO_SUCH_LINK'
  | 'TOO_MANY_PEOPLE'
  | 'TOO_MANY_HELD';

/** The annotation desk cannot do what an annotator asked for. */
export class DeskError extends WinnowError {
  declare readonly code: DeskErrorCode;
  /** With CONFLICT and TAKEN: what is stored now. */
  readonly writing: Writing | undefined;

  constructor(code: DeskErrorCode, message: string, details: { hint: string; writing?: Writing; limit?: number }) {
    const { hint, writing, limit } = details;
    super(code, message, { hint, data: limit === undefined ? {} : { limit } });
    this.writing = writing;
  }
}
