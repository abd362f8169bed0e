import type { DeskItem, Writing } from '../desk/desk-views.ts';
import type { SaveAnswer, SaveRequest } from '../server/web-api.ts';
import { type BrowserDrafts, type DraftText, sameText } from './browser-drafts.ts';
import { asRequestError, type RequestError, retryAfterMs } from './desk-api.ts';

/** Drafts are saved after this pause in typing, and at the latest this long after the first unsaved keystroke. */
const PAUSE_MS = 400;
const LATEST_MS = 1000;
/** Longer texts are not copied into the browser's storage with every key, which would take longer than the key. */
const LARGE_TEXT = 20_000;
const LARGE_EVERY_MS = 250;

/**
 * `unreachable`: the server does not answer, and the draft is sent again later. `conflict`: the item was also edited
 * elsewhere, and the person must choose a version. `refused`: the server will not accept this text.
 */
export type Saving = 'saved' | 'unsaved' | 'saving' | 'unreachable' | 'conflict' | 'refused';

export interface DraftState extends DraftText {
  readonly saving: Saving;
  /** With `conflict`: the other version. */
  readonly other: Writing | null;
  /** With `refused`: why. */
  readonly refusal: RequestError | null;
  /** Whether unsaved text is stored in the browser. */
  readonly isInBrowser: boolean;
}

export interface DraftOptions {
  readonly save: (request: SaveRequest, isLeaving: boolean) => Promise<SaveAnswer>;
  readonly browserDrafts: BrowserDrafts;
  /** Time spent so far. */
  readonly seconds: () => number;
  readonly nowMs: () => number;
  readonly onChange: () => void;
}

/** The text of one item. Saves it to the server, one request at a time, and retries until it is saved. */
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
  #isInBrowser = true;
  #unsavedSinceMs: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #storeTimer: ReturnType<typeof setTimeout> | undefined;
  #saveInProgress: Promise<void> | null = null;
  #failures = 0;
  /** Whether another request is sending the text. */
  #isPaused = false;

  /** Starts with the browser's draft if it is newer than the server's. If neither is newer, the person must choose. */
  constructor({ id, writing }: DeskItem, options: DraftOptions) {
    this.#id = id;
    this.#options = options;
    this.#text = this.#saved = textOf(writing);
    this.#revision = writing.revision;
    const stored = options.browserDrafts.find(id);
    if (stored === null) return;
    if (sameText(stored, this.#saved)) {
      options.browserDrafts.remove(id);
      return;
    }
    this.#text = textOf(stored);
    const isNewer = stored.revision === writing.revision || (stored.sent !== null && sameText(stored.sent, writing));
    if (isNewer) this.#plan();
    else this.#conflictWith(writing);
  }

  get state(): DraftState {
    const text = this.#text;
    const [saving, other, refusal] = [this.#saving, this.#other, this.#refusal];
    return { ...text, saving, other, refusal, isInBrowser: this.#isInBrowser };
  }

  get revision(): number {
    return this.#revision;
  }

  get isUnsaved(): boolean {
    return !sameText(this.#text, this.#saved);
  }

  write(change: Partial<DraftText>): void {
    this.#text = { ...this.#text, ...change };
    if (this.#text.response.length < LARGE_TEXT) this.#storeInBrowser();
    else this.#storeTimer ??= setTimeout(() => this.#storeInBrowser(), LARGE_EVERY_MS);
    if (this.#saving !== 'conflict') this.#plan();
    this.#options.onChange();
  }

  /** Waits for a save in progress, then saves without waiting for a pause. Never throws. */
  async flush(): Promise<void> {
    await this.#saveInProgress;
    await this.#save(false);
  }

  /** The page may close now. Saves unless a save is in progress; the browser stores the rest. */
  flushBeforeLeaving(): void {
    if (this.#storeTimer !== undefined) this.#storeInBrowser();
    if (this.#saveInProgress === null) void this.#save(true);
  }

  /** Waits for a save in progress, then saves nothing until `resume`: the next request sends the text itself. */
  async pause(): Promise<void> {
    this.#isPaused = true;
    await this.#saveInProgress;
  }

  resume(): void {
    this.#isPaused = false;
    if (this.isUnsaved && this.#saving !== 'conflict') void this.#save(false);
  }

  /** The server has this text now. */
  markSaved(writing: DraftText & Pick<Writing, 'revision'>): void {
    this.#revision = writing.revision;
    this.#saved = textOf(writing);
    this.#sent = this.#other = this.#refusal = null;
    this.#failures = 0;
    this.#unsavedSinceMs = null;
    this.#saving = 'saved';
    if (!this.isUnsaved) clearTimeout(this.#storeTimer);
    if (!this.isUnsaved) this.#storeTimer = undefined;
    this.#options.browserDrafts.removeSaved(this.#id, this.#saved);
    if (this.isUnsaved) this.#plan();
    this.#options.onChange();
  }

  /** The server has a newer revision. If it is not the text sent from here, the person must choose. */
  receive(writing: Writing): void {
    const isOurs = sameText(writing, this.#text) || (this.#sent !== null && sameText(writing, this.#sent));
    if (isOurs) this.markSaved(writing);
    else if (this.isUnsaved) this.#conflictWith(writing);
    else {
      this.#text = textOf(writing);
      this.markSaved(writing);
    }
    this.#options.onChange();
  }

  keepMine(): void {
    if (this.#other !== null) this.markSaved(this.#other);
  }

  takeOther(): void {
    if (this.#other === null) return;
    this.#options.browserDrafts.remove(this.#id);
    this.#text = textOf(this.#other);
    this.markSaved(this.#other);
  }

  /** Retries a failed save immediately. */
  retryNow(): void {
    if (this.#saving === 'unreachable') void this.#save(false);
  }

  /** Plans a save after a pause in typing. A failed save has its own timer. */
  #plan(): void {
    if (this.#saveInProgress !== null || this.#failures > 0) return;
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
    if (this.#isPaused || this.#saveInProgress !== null || this.#saving === 'conflict') return;
    if (!this.isUnsaved) return this.markSaved({ revision: this.#revision, ...this.#saved });
    const sent = this.#text;
    this.#sent = sent;
    this.#unsavedSinceMs = null;
    this.#storeInBrowser();
    if (this.#failures === 0) this.#saving = 'saving';
    this.#options.onChange();
    const request = { ...sent, revision: this.#revision, seconds: this.#options.seconds() };
    this.#saveInProgress = this.#options.save(request, isLeaving).then(
      ({ writing }) => {
        this.#saveInProgress = null;
        this.markSaved({ revision: writing.revision, ...sent });
      },
      (error: unknown) => {
        this.#saveInProgress = null;
        this.#failed(error);
      },
    );
    await this.#saveInProgress;
  }

  #failed(thrown: unknown): void {
    const error = asRequestError(thrown);
    if (error.writing !== null) {
      this.receive(error.writing);
    } else if (error.isTemporary) {
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

  #storeInBrowser(): void {
    clearTimeout(this.#storeTimer);
    this.#storeTimer = undefined;
    this.#isInBrowser = this.#options.browserDrafts.store(this.#id, {
      ...this.#text,
      revision: this.#revision,
      sent: this.#sent,
    });
  }
}

function textOf({ response, comment, note, doubtful, answers }: DraftText): DraftText {
  return { response, comment, note, doubtful, answers };
}
