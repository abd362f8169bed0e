import type { DeskItem } from '../desk/desk-views.ts';
import type { LabelAnswer, NextAnswer } from '../server/web-api.ts';
import type { BrowserDrafts, DraftText } from './browser-drafts.ts';
import { asRequestError, type DeskApi, retryAfterMs } from './desk-api.ts';
import { Draft } from './draft.ts';
import { LabelSender } from './label-sender.ts';
import { ModelAnswer } from './model-answer.ts';
import { type Place, returnTo } from './place.ts';
import { Presence, type PresenceOptions } from './presence.ts';
import { SlipGuard } from './slip-guard.ts';
import { labelOf, type SubmitQueue } from './submit-queue.ts';
import { TurnedDownItem } from './turned-down.ts';
import {
  type Arrival,
  canLabel,
  isAvailable,
  itemAnnouncement,
  obstacleTo,
  SUBMITTED,
  type Verdict,
  WAITING,
  type WorkbenchState,
  WorkbenchStore,
} from './workbench-state.ts';

export interface WorkbenchOptions extends PresenceOptions {
  readonly api: DeskApi;
  readonly browserDrafts: BrowserDrafts;
  readonly queue: SubmitQueue;
  /** Remembers where the person is. */
  readonly placeOf: (store: WorkbenchStore) => Place;
}

/** One person's work on the items: loads them, keeps the draft of the current one and submits labels. */
export class Workbench {
  readonly #options: WorkbenchOptions;
  readonly #store = new WorkbenchStore();
  readonly #presence: Presence;
  readonly #sender: LabelSender;
  readonly turnedDown: TurnedDownItem;
  readonly modelAnswer: ModelAnswer;
  readonly #place: Place;
  /** Version of the guidelines that the person has read; it is stored with their labels. */
  guidelines: string | undefined;
  #draft: Draft | null = null;
  /** What follows the current item: shown at once when that is submitted. */
  #ahead: DeskItem | null = null;
  readonly #slips = new SlipGuard();
  /** Increases with every request for an item, so that late answers to earlier requests are ignored. */
  #visit = 0;

  constructor(options: WorkbenchOptions) {
    this.#options = options;
    this.#presence = new Presence(options);
    this.#sender = new LabelSender({
      ...options,
      store: this.#store,
      onSent: (answer, shown) => this.#goOnWith(answer, shown),
      onRefused: () => (this.state.phase === 'waiting' ? this.next() : this.reopen()),
    });
    this.turnedDown = new TurnedDownItem(this.#store, this.#sender);
    this.modelAnswer = new ModelAnswer(this.#store, (change) => this.write(change));
    this.#place = options.placeOf(this.#store);
  }

  get state(): WorkbenchState {
    return this.#store.state;
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  /** @param number of the first item; null for the one where the person was, or else the next open one */
  start(number: number | null): Promise<void> {
    this.#sender.sendEarlier();
    const { place } = this.state;
    if (number !== null) return this.open(number, 'first');
    return place === null
      ? this.next('first')
      : this.#load(() => returnTo(this.#options.api, place.number), 'first', true);
  }

  open(number: number, arrival: Arrival = 'moved'): Promise<void> {
    return this.#load(() => this.#options.api.open(number), arrival);
  }

  /** Goes to the next open item, or to the end if none is left. */
  next(arrival: Arrival = 'moved'): Promise<void> {
    const after = this.state.item?.number;
    return this.#load(() => this.#options.api.next(after === undefined ? {} : { after }), arrival, true);
  }

  write(change: Partial<DraftText>): void {
    this.noteActivity();
    if (this.state.problem !== null) this.#store.change({ problem: null });
    this.#draft?.write(change);
    if (this.state.item !== null) this.#place.note(this.state.item);
  }

  /** Marks the answer as doubtful, or takes the mark back. */
  toggleDoubt(): void {
    const { draft } = this.state;
    if (draft === null || !canLabel(this.state)) return;
    this.write({ doubtful: !draft.doubtful });
    this.#store.announce(draft.doubtful ? 'Not doubtful.' : 'Doubtful.');
  }

  /**
   * Submits the label and shows the next item at once. The label is sent meanwhile, again and again until the server can
   * be reached.
   */
  submit(verdict: Verdict): void {
    const [item, draft] = [this.state.item, this.#draft];
    if (item === null || draft === null || !canLabel(this.state)) return;
    const nowMs = this.#options.nowMs();
    if (this.#slips.isSlip(verdict, nowMs) && !draft.isUnsaved) return;
    this.noteActivity();
    const problem = obstacleTo(verdict, item.questions, draft.state);
    this.#store.change({ problem });
    if (problem !== null) return;
    const label = labelOf(item, draft, { verdict, seconds: this.#presence.seconds, guidelines: this.guidelines });
    this.turnedDown.follow(label, draft);
    const ahead = this.#ahead;
    this.#ahead = null;
    this.#slips.noteLabel(verdict, nowMs);
    this.#visit += 1;
    if (ahead === null) {
      this.#draft = null;
      this.#store.change(WAITING);
      this.#store.announce(SUBMITTED[verdict]);
    } else {
      this.#show(ahead, 'moved', true);
      this.#place.note(ahead);
      this.#store.announce(`${SUBMITTED[verdict]} ${itemAnnouncement(ahead)}`);
    }
    this.#sender.send(label, draft);
  }

  /** Typed while waiting for the next item. */
  writeEarly(early: string): void {
    this.noteActivity();
    this.#store.change({ early });
  }

  dismissRefused(number: number): void {
    this.#store.change({ refused: this.state.refused.filter((one) => one.number !== number) });
  }

  /** @param shown number of the item that was shown when the label was sent */
  #goOnWith({ next }: LabelAnswer, shown: number | undefined): void {
    if (this.state.phase === 'waiting' && shown === undefined) {
      this.#arrive(next, 'moved');
      this.#place.note(next.item);
      this.#store.announce(itemAnnouncement(next.item));
      return;
    }
    this.#store.change({ progress: next.progress });
    if (next.item === null || this.state.item?.number !== next.item.number) return;
    this.#ahead = next.ahead;
    this.#presence.noteHold();
    this.#store.change({ item: next.item });
    if (next.item.writing.revision > (this.#draft?.revision ?? 0)) this.#draft?.receive(next.item.writing);
    // Someone else got it before the server knew that it is shown here.
    if (!isAvailable(next.item) && this.state.draft?.response === '') void this.next();
  }

  /** Chooses a version of an item that was also edited elsewhere. */
  keep(version: 'mine' | 'other'): void {
    if (version === 'mine') this.#draft?.keepMine();
    else this.#draft?.takeOther();
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
    if (this.#ahead !== null) this.#options.api.release(this.#ahead.number);
  }

  /** The network is available again. */
  retryNow(): void {
    this.#sender.retryNow();
    this.#draft?.retryNow();
  }

  /** Call this regularly: it keeps the item reserved and loads the progress of others. */
  async refresh(): Promise<void> {
    if (!this.#options.isVisible() || this.state.isBusy) return;
    if (this.state.phase === 'finished' && this.state.unsent === 0) return this.next();
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
      this.#ahead = answer.ahead;
      this.#store.change({ item: answer.item, progress: answer.progress });
      if (answer.item.writing.revision > (this.#draft?.revision ?? 0)) this.#draft?.receive(answer.item.writing);
    } catch (error) {
      asRequestError(error);
    }
  }

  /** @param isGiven whether the server chooses the item */
  async #load(ask: () => Promise<NextAnswer>, arrival: Arrival, isGiven = false): Promise<void> {
    const visit = ++this.#visit;
    this.#store.change({ isBusy: true, problem: null });
    await this.#draft?.flush();
    for (let failures = 1; visit === this.#visit; failures++) {
      try {
        const answer = await this.#store.track(ask());
        if (visit !== this.#visit) return;
        this.#arrive(answer, arrival);
        if (isGiven) this.#place.note(answer.item);
        if (arrival !== 'reopened') this.#store.announce(itemAnnouncement(answer.item));
        return;
      } catch (error) {
        const problem = asRequestError(error);
        if (visit === this.#visit && !problem.isTemporary) this.#store.change({ isBusy: false, problem });
        if (!problem.isTemporary) return;
        await new Promise((resolve) => setTimeout(resolve, retryAfterMs(failures)));
      }
    }
  }

  #arrive({ item, progress, ahead }: NextAnswer, arrival: Arrival): void {
    this.#ahead = ahead;
    this.#store.change({ progress });
    if (item !== null) this.#show(item, arrival, false);
    else {
      if (this.state.phase !== 'finished') this.#release();
      this.#draft = null;
      this.#store.change({ phase: 'finished', item, arrival, undo: null, early: '', isBusy: false, draft: null });
    }
  }

  /** @param isSubmitted whether the item before was submitted: it is not given back to others */
  #show(item: DeskItem, arrival: Arrival, isSubmitted: boolean): void {
    const isOther = item.number !== this.state.item?.number;
    if (isOther && !isSubmitted) this.#release();
    this.#presence.noteHold();
    const { early } = this.state;
    if (isOther || this.#draft === null) {
      this.#draft = this.#draftOf(item);
    } else if (item.writing.revision > this.#draft.revision) this.#draft.receive(item.writing);
    const draft = this.#draft.state;
    this.#store.change({ phase: 'item', item, arrival, undo: null, early: '', isBusy: false, problem: null, draft });
    const reason = this.turnedDown.forget(item);
    // It goes with the next skip or rejection of the item.
    if (reason !== undefined) this.write({ comment: reason });
    if (early !== '') this.write({ response: draft.response === '' ? early : `${draft.response}\n${early}` });
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
