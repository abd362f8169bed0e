import type { WorkingCopy } from '../../store/desk-store.ts';
import type { StoredAnnotation } from '../../store/label-store.ts';
import type { Writing } from './desk-views.ts';

const BLANK: Writing = { revision: 0, response: '', comment: '', seconds: 0, submitted: false, savedAtMs: null };

/**
 * What a person has written of an item: what they have begun and not submitted; else what they submitted last, also
 * where that was in another tool.
 */
export function presentWriting(copy: WorkingCopy | undefined, ownWord: StoredAnnotation | undefined): Writing {
  if (copy !== undefined && (ownWord === undefined || !copy.submitted)) {
    const { revision, response, comment, seconds, submitted, updatedAtMs } = copy;
    return { revision, response, comment, seconds, submitted, savedAtMs: updatedAtMs };
  }
  if (ownWord === undefined) return BLANK;
  return {
    revision: copy?.revision ?? 0,
    // What is turned down or passed over has no response, but something may have been written.
    response: ownWord.response ?? copy?.response ?? '',
    comment: ownWord.comment ?? '',
    seconds: Math.max(copy?.seconds ?? 0, ownWord.seconds ?? 0),
    submitted: true,
    savedAtMs: copy?.updatedAtMs ?? ownWord.submittedAtMs,
  };
}

/**
 * Time at work as it is believed: never less than was known, and never more than the time that has gone by on top of
 * that, so that a clock that is wrong costs nobody money.
 * @param given as the page measured it, in all
 * @param known saved before
 * @param passedMs since then, or since they took the item
 */
export function believedSeconds(given: number, known: number, passedMs: number): number {
  if (!Number.isFinite(given)) return known;
  return Math.max(known, Math.min(given, known + Math.max(0, passedMs) / 1000));
}
