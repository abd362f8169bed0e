import { WinnowError } from '../../domain/errors.ts';
import type { Writing } from './desk-views.ts';

/**
 * What was asked of the annotation desk cannot be done. NO_SUCH_ITEM: it was never handed out. CONFLICT: it was changed
 * elsewhere meanwhile. TAKEN: it is no longer theirs to answer; what they wrote is kept.
 */
export type DeskErrorCode =
  | 'NO_SUCH_ITEM'
  | 'CONFLICT'
  | 'TAKEN'
  | 'EMPTY_RESPONSE'
  | 'COMMENT_MISSING'
  | 'TOO_LONG'
  | 'NAME_MISSING'
  | 'NAME_TOO_LONG'
  | 'NAME_UNUSABLE';

/** An annotator asked for what the desk cannot do. */
export class DeskError extends WinnowError {
  declare readonly code: DeskErrorCode;
  /** With CONFLICT and TAKEN: what is there now. */
  readonly writing: Writing | undefined;

  constructor(code: DeskErrorCode, message: string, details: { hint: string; writing?: Writing }) {
    super(code, message, { hint: details.hint });
    this.writing = details.writing;
  }
}
