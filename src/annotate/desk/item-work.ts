import type { CampaignContext } from '../../campaign/campaign-context.ts';
import { takeLabels } from '../../campaign/import-labels.ts';
import { sameAnswers } from '../../domain/questions.ts';
import type { WorkingCopy } from '../../store/desk-store.ts';
import type { StoredAnnotation } from '../../store/label-store.ts';
import { DeskError } from './desk-error.ts';
import type { Writing } from './desk-views.ts';
import type { Draft, LabelForm } from './label-form.ts';

/** How long an item stays reserved after a person's last activity: long enough to think, or to get a coffee. */
export const HOLD_MS = 10 * 60_000;

/** Items that one person can reserve at once: a few tabs. */
const MOST_HELD = 5;

/** Where labels from this page come from. */
const ORIGIN = { source: 'winnow annotate', tool: 'winnow' };

/** One person's work on one item, at one moment. Call methods that change it in the transaction it was created in. */
export class ItemWork {
  readonly #context: CampaignContext;
  readonly #position: number;
  readonly #annotator: string;
  readonly #ownLabel: StoredAnnotation | undefined;
  readonly #isReturned: boolean;
  readonly #nowMs: number;

  /**
   * @param ownLabel the latest label they submitted for the item
   * @param isReturned whether a lead asked them to look at it again: the same label is an answer then
   */
  constructor(
    context: CampaignContext,
    position: number,
    {
      annotator,
      ownLabel,
      isReturned = false,
    }: {
      readonly annotator: string;
      readonly ownLabel: StoredAnnotation | undefined;
      readonly isReturned?: boolean;
    },
  ) {
    this.#context = context;
    this.#position = position;
    this.#annotator = annotator;
    this.#ownLabel = ownLabel;
    this.#isReturned = isReturned;
    this.#nowMs = context.clock.now();
  }

  get writing(): Writing {
    return currentWriting(this.#copy(), this.#ownLabel);
  }

  /** Until when the item is reserved for them; null where it is not. */
  get heldUntilMs(): number | null {
    const hold = this.#context.state.desk.hold(this.#position, this.#annotator);
    return hold !== undefined && hold.untilMs > this.#nowMs ? hold.untilMs : null;
  }

  /**
   * Reserves the item for them from now.
   * @param options.ahead they do not see it yet: it is the one they get next
   * @returns until when
   */
  hold({ ahead = false }: { readonly ahead?: boolean } = {}): number {
    const { desk } = this.#context.state;
    const before = desk.hold(this.#position, this.#annotator);
    const sinceMs = before !== undefined && before.untilMs > this.#nowMs ? before.sinceMs : this.#nowMs;
    const untilMs = this.#nowMs + HOLD_MS;
    desk.saveHold({ position: this.#position, annotator: this.#annotator, sinceMs, untilMs, ahead });
    this.#releaseOldest();
    return untilMs;
  }

  /** Releases the items they used longest ago, beyond the few that one person can work on. Drafts stay. */
  #releaseOldest(): void {
    const { desk } = this.#context.state;
    const others = desk
      .holds(this.#nowMs)
      .filter(({ annotator, position }) => annotator === this.#annotator && position !== this.#position)
      .sort((a, b) => a.untilMs - b.untilMs || a.position - b.position);
    for (const { position } of others.slice(0, Math.max(0, others.length + 1 - MOST_HELD))) {
      desk.dropHold(position, this.#annotator);
    }
  }

  release(): void {
    this.#context.state.desk.dropHold(this.#position, this.#annotator);
  }

  /** Saves their draft. Text that is already stored changes only the time spent. @throws DeskError CONFLICT */
  save(draft: Draft): Writing {
    const [copy, before] = [this.#copy(), this.writing];
    const seconds = this.#secondsOf(draft, before);
    if (!hasSameText(draft, before)) this.#store(draft, before, { seconds, submitted: false });
    else if (copy !== undefined && seconds > copy.seconds) {
      this.#context.state.desk.saveWorkingCopy({ ...copy, seconds, updatedAtMs: this.#nowMs });
    }
    return this.writing;
  }

  /** Stores their label as an import would. The same label again changes nothing. @throws DeskError CONFLICT */
  submit(form: LabelForm): void {
    const before = this.writing;
    const own = this.#ownLabel;
    const isSame = before.submitted && own?.verdict === form.verdict && hasSameText(form, before);
    if (isSame && !this.#isReturned) return;
    const seconds = this.#secondsOf(form, before);
    this.#store(form, before, { seconds, submitted: true });
    const now = this.#nowMs;
    const { note = '', doubtful = false, answers = {} } = form;
    const annotation = {
      itemId: this.#context.state.items.idOf(this.#position),
      verdict: form.verdict,
      response: form.verdict === 'accepted' ? form.response : null,
      annotator: this.#annotator,
      seconds,
      // The label submitted last counts, even if a clock was set back.
      submittedAtMs: Math.max(now, (own?.submittedAtMs ?? now - 1) + 1),
      sourceId: null,
      ...(form.comment.trim() === '' ? {} : { comment: form.comment }),
      ...(note.trim() === '' ? {} : { note }),
      ...(doubtful ? { doubtful } : {}),
      ...(Object.keys(answers).length === 0 ? {} : { answers }),
    };
    takeLabels(this.#context, { annotations: [annotation], untouched: [], foreign: [] }, ORIGIN);
    if (form.guidelines === undefined) return;
    const stored = this.#context.state.labels.annotationsOf(this.#position).at(-1);
    if (stored?.annotator === this.#annotator) this.#context.state.guidelines.noteFollowed(stored.id, form.guidelines);
  }

  #copy(): WorkingCopy | undefined {
    return this.#context.state.desk.workingCopy(this.#position, this.#annotator);
  }

  #secondsOf(draft: Draft, before: Writing): number {
    const hold = this.#context.state.desk.hold(this.#position, this.#annotator);
    // An expired hold also shows when they started. Without a hold or a draft nothing does.
    const seenAtMs = Math.max(hold?.sinceMs ?? 0, this.#copy()?.updatedAtMs ?? (hold === undefined ? this.#nowMs : 0));
    return plausibleSeconds(draft.seconds, before.seconds, this.#nowMs - seenAtMs);
  }

  #store(draft: Draft, before: Writing, about: Pick<WorkingCopy, 'seconds' | 'submitted'>): void {
    if (draft.revision !== before.revision && !hasSameText(draft, before)) {
      throw new DeskError('CONFLICT', 'This item was also edited elsewhere.', {
        hint: 'Compare both versions and keep one.',
        writing: before,
      });
    }
    this.#context.state.desk.saveWorkingCopy({
      position: this.#position,
      annotator: this.#annotator,
      revision: before.revision + 1,
      response: draft.response,
      comment: draft.comment,
      note: draft.note ?? '',
      doubtful: draft.doubtful ?? false,
      answers: draft.answers ?? {},
      updatedAtMs: this.#nowMs,
      ...about,
    });
  }
}

function hasSameText(draft: Draft, writing: Writing): boolean {
  const { response, comment, note = '', doubtful = false, answers = {} } = draft;
  const hasSameAnswer = response === writing.response && comment === writing.comment;
  const hasSameNote = note === writing.note && doubtful === writing.doubtful;
  return hasSameAnswer && hasSameNote && sameAnswers(answers, writing.answers);
}

const EMPTY: Writing = {
  revision: 0,
  response: '',
  comment: '',
  note: '',
  doubtful: false,
  answers: {},
  seconds: 0,
  submitted: false,
  savedAtMs: null,
};

/** What a person has written for an item: their draft if there is one, else their latest label, from any tool. */
export function currentWriting(copy: WorkingCopy | undefined, ownLabel: StoredAnnotation | undefined): Writing {
  if (copy !== undefined && (ownLabel === undefined || !copy.submitted)) {
    const { position: _, annotator: __, updatedAtMs, ...writing } = copy;
    return { ...writing, savedAtMs: updatedAtMs };
  }
  if (ownLabel === undefined) return EMPTY;
  return {
    revision: copy?.revision ?? 0,
    // A rejected or skipped item has no response, but the person may have written some text.
    response: ownLabel.response ?? copy?.response ?? '',
    comment: ownLabel.comment ?? '',
    note: ownLabel.note ?? '',
    doubtful: ownLabel.doubtful ?? false,
    answers: ownLabel.answers ?? {},
    seconds: Math.max(copy?.seconds ?? 0, ownLabel.seconds ?? 0),
    submitted: true,
    savedAtMs: copy?.updatedAtMs ?? ownLabel.submittedAtMs,
  };
}

/**
 * The time spent that is stored: at least the time known before, and at most that plus the time that has passed. So a
 * wrong clock in the browser costs no money.
 * @param given total time, as the page measured it
 * @param known stored before
 * @param passedMs time since then, or since they took the item
 */
export function plausibleSeconds(given: number, known: number, passedMs: number): number {
  if (!Number.isFinite(given)) return known;
  return Math.max(known, Math.min(given, known + Math.max(0, passedMs) / 1000));
}
