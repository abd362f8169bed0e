import type { DeskItem, Writing } from '../desk/desk-views.ts';
import type { SaveAnswer, SaveRequest } from '../server/web-api.ts';
import { type DraftText, type KeptDrafts, sameText } from './browser-drafts.ts';
import { asRequestError, type RequestError, retryAfterMs } from './desk-api.ts';

/** Saved when typing pauses that long, and at the latest so long after the first unsaved keystroke. */
const PAUSE_MS = 400;
const LATEST_MS = 1000;

/**
 * How safe the words are: the server has them; not yet; on their way; it does not answer, and they are tried again;
 * somebody wrote other words meanwhile, and the person has to choose; refused for good.
 */
export type Saving = 'saved' | 'unsaved' | 'saving' | 'unreachable' | 'conflict' | 'refused';

export interface DraftState extends DraftText {
  readonly saving: Saving;
  /** With `conflict`: the other words. */
  readonly other: Writing | null;
  /** With `refused`: why. */
  readonly refusal: RequestError | null;
  /** Whether the browser keeps what the server does not have. */
  readonly isKept: boolean;
}

export interface DraftOptions {
  readonly save: (request: SaveRequest, isLeaving: boolean) => Promise<SaveAnswer>;
  readonly kept: KeptDrafts;
  /** Time at work so far. */
  readonly seconds: () => number;
  readonly nowMs: () => number;
  readonly onChange: () => void;
}

/** What the person writes of one item, and its way to the server: one save at a time, again and again until it is there. */
export class Draft {
  readonly #id: string;
  readonly #options: DraftOptions;
  #text: DraftText;
  #saved: DraftText;
  #sent: DraftText | null = null;
  #revision: number;
  #saving: Saving = 'saved';
  #other: Writing | null = null;
  #refusal: RequestError | null = null;
  #isKept = true;
  #unsavedSinceMs: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #onItsWay: Promise<void> | null = null;
  #failures = 0;
  /** While something else carries the words to the server. */
  #isHeld = false;

  /** Goes on with what this browser kept where that is newer; where neither is, the person is asked. */
  constructor({ id, writing }: DeskItem, options: DraftOptions) {
    this.#id = id;
    this.#options = options;
    this.#text = this.#saved = textOf(writing);
    this.#revision = writing.revision;
    const kept = options.kept.find(id);
    if (kept === null) return;
    if (sameText(kept, this.#saved)) {
      options.kept.drop(id);
      return;
    }
    this.#text = textOf(kept);
    const isNewer = kept.revision === writing.revision || (kept.sent !== null && sameText(kept.sent, writing));
    if (isNewer) this.#plan();
    else this.#conflictWith(writing);
  }

  get state(): DraftState {
    const { response, comment } = this.#text;
    const [saving, other, refusal] = [this.#saving, this.#other, this.#refusal];
    return { response, comment, saving, other, refusal, isKept: this.#isKept };
  }

  get revision(): number {
    return this.#revision;
  }

  get isUnsaved(): boolean {
    return !sameText(this.#text, this.#saved);
  }

  write(change: Partial<DraftText>): void {
    this.#text = { ...this.#text, ...change };
    this.#keep();
    if (this.#saving !== 'conflict') this.#plan();
    this.#options.onChange();
  }

  /** Saves what is not saved yet without waiting for a pause, and once what is on its way has arrived. Never throws. */
  async flush(): Promise<void> {
    await this.#onItsWay;
    await this.#save(false);
  }

  /** The page may go away now. What is on its way already must not be overtaken; the browser keeps the rest. */
  flushAtLast(): void {
    if (this.#onItsWay === null) void this.#save(true);
  }

  /** Waits for what is on its way and saves nothing more until `resume`: what comes next carries the words itself. */
  async hold(): Promise<void> {
    this.#isHeld = true;
    await this.#onItsWay;
  }

  resume(): void {
    this.#isHeld = false;
    if (this.isUnsaved && this.#saving !== 'conflict') void this.#save(false);
  }

  /** The server has these words now. */
  adopt(writing: DraftText & Pick<Writing, 'revision'>): void {
    this.#revision = writing.revision;
    this.#saved = textOf(writing);
    this.#sent = this.#other = this.#refusal = null;
    this.#failures = 0;
    this.#unsavedSinceMs = null;
    this.#saving = 'saved';
    this.#options.kept.forget(this.#id, this.#saved);
    if (this.isUnsaved) this.#plan();
    this.#options.onChange();
  }

  /** Something newer is on the server: ours where it is what was sent last, else the person has to choose. */
  meet(writing: Writing): void {
    const isOurs = sameText(writing, this.#text) || (this.#sent !== null && sameText(writing, this.#sent));
    if (isOurs) this.adopt(writing);
    else if (this.isUnsaved) this.#conflictWith(writing);
    else {
      this.#text = textOf(writing);
      this.adopt(writing);
    }
    this.#options.onChange();
  }

  keepMine(): void {
    if (this.#other !== null) this.adopt(this.#other);
  }

  takeOther(): void {
    if (this.#other === null) return;
    this.#options.kept.drop(this.#id);
    this.#text = textOf(this.#other);
    this.adopt(this.#other);
  }

  /** Tries at once what waits to be tried again. */
  hurry(): void {
    if (this.#saving === 'unreachable') void this.#save(false);
  }

  /** After a pause, or a second after the first unsaved keystroke; what failed has its own time. */
  #plan(): void {
    if (this.#onItsWay !== null || this.#failures > 0) return;
    const now = this.#options.nowMs();
    this.#unsavedSinceMs ??= now;
    this.#saving = 'unsaved';
    this.#saveAfter(Math.max(0, Math.min(PAUSE_MS, this.#unsavedSinceMs + LATEST_MS - now)));
  }

  #saveAfter(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(false), ms);
  }

  async #save(isLeaving: boolean): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#isHeld || this.#onItsWay !== null || this.#saving === 'conflict') return;
    if (!this.isUnsaved) return this.adopt({ revision: this.#revision, ...this.#saved });
    const sent = this.#text;
    this.#sent = sent;
    this.#unsavedSinceMs = null;
    this.#keep();
    if (this.#failures === 0) this.#saving = 'saving';
    this.#options.onChange();
    const request = { ...sent, revision: this.#revision, seconds: this.#options.seconds() };
    this.#onItsWay = this.#options.save(request, isLeaving).then(
      ({ writing }) => {
        this.#onItsWay = null;
        this.adopt({ revision: writing.revision, ...sent });
      },
      (error: unknown) => {
        this.#onItsWay = null;
        this.#failed(error);
      },
    );
    await this.#onItsWay;
  }

  #failed(thrown: unknown): void {
    const error = asRequestError(thrown);
    if (error.writing !== null) {
      this.meet(error.writing);
    } else if (error.isPassing) {
      this.#failures++;
      this.#saving = 'unreachable';
      this.#saveAfter(retryAfterMs(this.#failures));
    } else {
      this.#failures = 0;
      this.#saving = 'refused';
      this.#refusal = error;
    }
    this.#options.onChange();
  }

  #conflictWith(writing: Writing): void {
    clearTimeout(this.#timer);
    this.#other = writing;
    this.#saving = 'conflict';
  }

  #keep(): void {
    this.#isKept = this.#options.kept.keep(this.#id, { ...this.#text, revision: this.#revision, sent: this.#sent });
  }
}

function textOf({ response, comment }: DraftText): DraftText {
  return { response, comment };
}
