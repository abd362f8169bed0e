import type { DeskItem, DeskProgress } from '../desk/desk-views.ts';
import type { LabelAnswer, OpenAnswer } from '../server/web-api.ts';
import type { BrowserDrafts, DraftText } from './browser-drafts.ts';
import { asRequestError, type DeskApi, retryAfterMs } from './desk-api.ts';
import { Draft } from './draft.ts';
import { Presence, type PresenceOptions } from './presence.ts';
import {
  type Arrival,
  canLabel,
  EMPTY_RESPONSE,
  isAvailable,
  itemAnnouncement,
  SUBMITTED,
  type Verdict,
  type WorkbenchState,
  WorkbenchStore,
} from './workbench-state.ts';

export interface WorkbenchOptions extends PresenceOptions {
  readonly api: DeskApi;
  readonly browserDrafts: BrowserDrafts;
}

/** One person's work on the items: loads them, keeps the draft of the current one and submits labels. */
export class Workbench {
  readonly #options: WorkbenchOptions;
  readonly #store = new WorkbenchStore();
  readonly #presence: Presence;
  #draft: Draft | null = null;
  /** Increases with every request for an item, so that late answers to earlier requests are ignored. */
  #visit = 0;

  constructor(options: WorkbenchOptions) {
    this.#options = options;
    this.#presence = new Presence(options);
  }

  get state(): WorkbenchState {
    return this.#store.state;
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  /** @param number of the first item; null for the next open one */
  start(number: number | null): Promise<void> {
    return number === null ? this.next('first') : this.open(number, 'first');
  }

  open(number: number, arrival: Arrival = 'moved'): Promise<void> {
    return this.#show(() => this.#options.api.open(number), arrival);
  }

  /**
   * Goes to the next open item, or to the end if none is left.
   * @param news announced together with the number of the item
   */
  next(arrival: Arrival = 'moved', news = ''): Promise<void> {
    const after = this.state.item?.number;
    return this.#show(() => this.#options.api.next(after === undefined ? {} : { after }), arrival, news);
  }

  write(change: Partial<DraftText>): void {
    this.noteActivity();
    if (this.state.problem !== null) this.#store.change({ problem: null });
    this.#draft?.write(change);
  }

  /** Puts the model's answer into the editor. This can be undone. */
  useModelAnswer(): void {
    const { item, draft } = this.state;
    if (item?.failingAnswer == null || draft === null || draft.response === item.failingAnswer.response) return;
    const before = draft.response;
    this.write({ response: item.failingAnswer.response });
    this.#store.change({ undo: before.trim() === '' ? null : before });
  }

  undo(): void {
    if (this.state.undo === null) return;
    this.write({ response: this.state.undo });
    this.#store.change({ undo: null });
  }

  /** Submits the label and goes to the next item. After a failure the draft stays as it is. */
  async submit(verdict: Verdict): Promise<void> {
    const [item, draft] = [this.state.item, this.#draft];
    if (item === null || draft === null || !canLabel(this.state)) return;
    this.noteActivity();
    if (verdict === 'accepted' && draft.state.response.trim() === '') {
      this.#store.change({ problem: EMPTY_RESPONSE });
      return;
    }
    this.#store.change({ isBusy: true, problem: null });
    await draft.pause();
    const { response, comment: reason } = draft.state;
    const comment = verdict === 'accepted' ? '' : reason;
    const request = {
      revision: draft.revision,
      verdict,
      response,
      comment,
      seconds: this.#presence.seconds,
    };
    let answer: LabelAnswer;
    try {
      answer = await this.#store.track(this.#options.api.label(item.number, request));
    } catch (error) {
      const problem = asRequestError(error);
      this.#store.change({ isBusy: false, problem: problem.writing === null ? problem : null });
      draft.resume();
      if (problem.writing !== null) draft.receive(problem.writing);
      if (problem.code === 'TAKEN') await this.open(item.number, 'reopened');
      return;
    }
    draft.write({ comment });
    draft.markSaved({ revision: answer.item.writing.revision, response, comment });
    draft.resume();
    this.#store.change({ isBusy: false, item: answer.item, progress: answer.progress });
    await this.next('moved', SUBMITTED[verdict]);
  }

  keepMine(): void {
    this.#draft?.keepMine();
  }

  takeOther(): void {
    this.#draft?.takeOther();
  }

  /** The person typed, pointed or scrolled. */
  noteActivity(): void {
    this.#presence.noteActivity();
  }

  /** The page was shown or hidden, perhaps because it is closing. */
  setVisible(isVisible: boolean): void {
    this.#presence.setVisible(isVisible);
    if (isVisible) void this.refresh();
    else this.#draft?.flushBeforeLeaving();
  }

  /** The page closes: an item without any text becomes available to others. */
  leave(): void {
    this.#draft?.flushBeforeLeaving();
    this.#release();
  }

  /** The network is available again. */
  retryNow(): void {
    this.#draft?.retryNow();
  }

  /** Call this regularly: it keeps the item reserved and loads the progress of others. */
  async refresh(): Promise<void> {
    if (!this.#options.isVisible() || this.state.isBusy) return;
    if (this.state.phase === 'finished') return this.next();
    const { item } = this.state;
    if (item !== null && (this.#presence.isHoldDue || !isAvailable(item))) return this.reopen();
    try {
      this.#store.change({ progress: await this.#store.track(this.#options.api.progress()) });
    } catch (error) {
      asRequestError(error);
    }
  }

  /** Reserves the current item again, or finds out who has it now. */
  async reopen(): Promise<void> {
    const { item } = this.state;
    if (item === null || this.state.isBusy) return;
    this.#presence.noteHold();
    try {
      const answer = await this.#store.track(this.#options.api.open(item.number));
      if (this.state.item?.number !== answer.item.number || this.state.isBusy) return;
      this.#store.change(answer);
      if (answer.item.writing.revision > (this.#draft?.revision ?? 0)) this.#draft?.receive(answer.item.writing);
    } catch (error) {
      asRequestError(error);
    }
  }

  async #show(
    ask: () => Promise<OpenAnswer | { item: null; progress: DeskProgress }>,
    arrival: Arrival,
    news = '',
  ): Promise<void> {
    const visit = ++this.#visit;
    this.#store.change({ isBusy: true, problem: null });
    await this.#draft?.flush();
    for (let failures = 1; visit === this.#visit; failures++) {
      try {
        const answer = await this.#store.track(ask());
        if (visit !== this.#visit) return;
        this.#arrive(answer.item, answer.progress, arrival);
        if (arrival !== 'reopened') this.#store.announce(`${news} ${itemAnnouncement(answer.item)}`.trim());
        return;
      } catch (error) {
        const problem = asRequestError(error);
        if (visit === this.#visit && !problem.isTemporary) this.#store.change({ isBusy: false, problem });
        if (!problem.isTemporary) return;
        await new Promise((resolve) => setTimeout(resolve, retryAfterMs(failures)));
      }
    }
  }

  #arrive(item: DeskItem | null, progress: DeskProgress, arrival: Arrival): void {
    if (item === null && this.state.phase === 'finished') {
      this.#store.change({ progress, isBusy: false });
      return;
    }
    const isOther = item?.number !== this.state.item?.number;
    if (isOther) this.#release();
    this.#presence.noteHold();
    if (item === null) this.#draft = null;
    else if (isOther || this.#draft === null) this.#draft = this.#draftOf(item);
    else if (item.writing.revision > this.#draft.revision) this.#draft.receive(item.writing);
    this.#store.change({
      phase: item === null ? 'finished' : 'item',
      item,
      progress,
      arrival,
      undo: null,
      isBusy: false,
      draft: this.#draft?.state ?? null,
    });
  }

  #draftOf(item: DeskItem): Draft {
    const draft: Draft = new Draft(item, {
      save: async (request, isLeaving) => {
        const answer = await this.#store.track(this.#options.api.save(item.number, request, isLeaving));
        // Someone else has the item since the hold expired: tell the person before they write more.
        if (answer.heldUntilMs === null && draft === this.#draft && isAvailable(this.state.item!)) void this.reopen();
        return answer;
      },
      browserDrafts: this.#options.browserDrafts,
      seconds: this.#presence.startItem(item.writing.seconds),
      nowMs: this.#options.nowMs,
      onChange: () => {
        if (draft === this.#draft) this.#store.change({ draft: draft.state });
      },
    });
    return draft;
  }

  #release(): void {
    const { item, draft } = this.state;
    if (item?.heldUntilMs != null && draft?.response.trim() === '') this.#options.api.release(item.number);
  }
}
