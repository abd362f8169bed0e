import type { CampaignContext } from '../../campaign/campaign-context.ts';
import { takeLabels } from '../../campaign/import-labels.ts';
import type { WorkingCopy } from '../../store/desk-store.ts';
import type { StoredAnnotation } from '../../store/label-store.ts';
import { DeskError } from './desk-error.ts';
import type { Writing } from './desk-views.ts';
import type { Draft, LabelForm } from './label-form.ts';

/** How long an item is kept for a person from their last sign of life: long enough to think, or to fetch a coffee. */
const HOLD_MS = 10 * 60_000;

/** Where labels that are made here come from. */
const ORIGIN = { source: 'winnow annotate', tool: 'winnow' };

/** One person's work on one item, at one moment. Whatever changes it belongs in the transaction it was made in. */
export class ItemWork {
  readonly #context: CampaignContext;
  readonly #position: number;
  readonly #annotator: string;
  readonly #ownWord: StoredAnnotation | undefined;
  readonly #nowMs: number;

  /** @param ownWord what they said of it last */
  constructor(
    context: CampaignContext,
    position: number,
    { annotator, ownWord }: { readonly annotator: string; readonly ownWord: StoredAnnotation | undefined },
  ) {
    this.#context = context;
    this.#position = position;
    this.#annotator = annotator;
    this.#ownWord = ownWord;
    this.#nowMs = context.clock.now();
  }

  get writing(): Writing {
    return presentWriting(this.#copy(), this.#ownWord);
  }

  /** Until when they have it to themselves; null where they do not. */
  get heldUntilMs(): number | null {
    const hold = this.#context.state.desk.hold(this.#position, this.#annotator);
    return hold !== undefined && hold.untilMs > this.#nowMs ? hold.untilMs : null;
  }

  /** Keeps the item for them from now on. @returns until when */
  hold(): number {
    const { desk } = this.#context.state;
    const before = desk.hold(this.#position, this.#annotator);
    const sinceMs = before !== undefined && before.untilMs > this.#nowMs ? before.sinceMs : this.#nowMs;
    const untilMs = this.#nowMs + HOLD_MS;
    desk.saveHold({ position: this.#position, annotator: this.#annotator, sinceMs, untilMs });
    return untilMs;
  }

  release(): void {
    this.#context.state.desk.dropHold(this.#position, this.#annotator);
  }

  /** Keeps what they have written; text that is there already changes nothing but the time. @throws DeskError CONFLICT */
  keep(draft: Draft): Writing {
    const [copy, before] = [this.#copy(), this.writing];
    const seconds = this.#secondsOf(draft, before);
    if (!isAlike(draft, before)) this.#save(draft, before, { seconds, submitted: false });
    else if (copy !== undefined && seconds > copy.seconds) {
      this.#context.state.desk.saveWorkingCopy({ ...copy, seconds, updatedAtMs: this.#nowMs });
    }
    return this.writing;
  }

  /** Takes in what they say, as an import would. What they have said already, word for word, is not said again. */
  submit(form: LabelForm): void {
    const before = this.writing;
    const own = this.#ownWord;
    if (before.submitted && own?.verdict === form.verdict && isAlike(form, before)) return;
    const seconds = this.#secondsOf(form, before);
    this.#save(form, before, { seconds, submitted: true });
    const now = this.#nowMs;
    const annotation = {
      itemId: this.#context.state.items.idOf(this.#position),
      verdict: form.verdict,
      response: form.verdict === 'accepted' ? form.response : null,
      annotator: this.#annotator,
      seconds,
      // The last word is the one submitted last, also where a clock was put back.
      submittedAtMs: Math.max(now, (own?.submittedAtMs ?? now - 1) + 1),
      sourceId: null,
      ...(form.comment.trim() === '' ? {} : { comment: form.comment }),
    };
    takeLabels(this.#context, { annotations: [annotation], untouched: [], foreign: [] }, ORIGIN);
  }

  #copy(): WorkingCopy | undefined {
    return this.#context.state.desk.workingCopy(this.#position, this.#annotator);
  }

  #secondsOf(draft: Draft, before: Writing): number {
    const hold = this.#context.state.desk.hold(this.#position, this.#annotator);
    // A hold that has run out tells as well since when they are at work. Without one nothing does.
    const seenAtMs = Math.max(hold?.sinceMs ?? 0, this.#copy()?.updatedAtMs ?? (hold === undefined ? this.#nowMs : 0));
    return believedSeconds(draft.seconds, before.seconds, this.#nowMs - seenAtMs);
  }

  #save(draft: Draft, before: Writing, about: Pick<WorkingCopy, 'seconds' | 'submitted'>): void {
    if (draft.revision !== before.revision && !isAlike(draft, before)) {
      throw new DeskError('CONFLICT', 'This item was changed meanwhile, in another window perhaps.', {
        hint: 'Compare both, and keep one.',
        writing: before,
      });
    }
    this.#context.state.desk.saveWorkingCopy({
      position: this.#position,
      annotator: this.#annotator,
      revision: before.revision + 1,
      response: draft.response,
      comment: draft.comment,
      updatedAtMs: this.#nowMs,
      ...about,
    });
  }
}

function isAlike(draft: Draft, writing: Writing): boolean {
  return draft.response === writing.response && draft.comment === writing.comment;
}

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
