import type { DeskItem, DeskProgress } from '../desk/desk-views.ts';
import type { LabelAnswer, OpenAnswer } from '../server/web-api.ts';
import type { DraftText, KeptDrafts } from './browser-drafts.ts';
import { asRequestError, type DeskApi, labelOnce, retryAfterMs } from './desk-api.ts';
import { Draft } from './draft.ts';
import { Presence, type PresenceOptions } from './presence.ts';
import {
  type Arrival,
  canLabel,
  isTheirs,
  NOTHING_WRITTEN,
  placeOf,
  SUBMITTED,
  type Verdict,
  WorkBoard,
  type WorkbenchState,
} from './workbench-state.ts';

export interface WorkbenchOptions extends PresenceOptions {
  readonly api: DeskApi;
  readonly kept: KeptDrafts;
}

/** One person's work on item after item: what is shown, what is written, and how both get to the server and back. */
export class Workbench {
  readonly #options: WorkbenchOptions;
  readonly #board = new WorkBoard();
  readonly #presence: Presence;
  #draft: Draft | null = null;
  /** Counts up with every change of place: answers to earlier ones come too late. */
  #visit = 0;

  constructor(options: WorkbenchOptions) {
    this.#options = options;
    this.#presence = new Presence(options);
  }

  get state(): WorkbenchState {
    return this.#board.state;
  }

  subscribe(listener: () => void): () => void {
    return this.#board.subscribe(listener);
  }

  /** @param number of the item to begin with; null for whichever is next */
  start(number: number | null): Promise<void> {
    return number === null ? this.goOn('first') : this.open(number, 'first');
  }

  open(number: number, arrival: Arrival = 'moved'): Promise<void> {
    return this.#show(() => this.#options.api.open(number), arrival);
  }

  /**
   * To the next item that is theirs to take; where none is left, to the end.
   * @param news what is to be read out together with the item's place
   */
  goOn(arrival: Arrival = 'moved', news = ''): Promise<void> {
    const after = this.state.item?.number;
    return this.#show(() => this.#options.api.next(after === undefined ? {} : { after }), arrival, news);
  }

  write(change: Partial<DraftText>): void {
    this.sign();
    if (this.state.problem !== null) this.#board.change({ problem: null });
    this.#draft?.write(change);
  }

  /** Puts the failing answer into the editor; what was there can be had back. */
  startFromFailingAnswer(): void {
    const { item, draft } = this.state;
    if (item?.failingAnswer == null || draft === null || draft.response === item.failingAnswer.response) return;
    const before = draft.response;
    this.write({ response: item.failingAnswer.response });
    this.#board.change({ undo: before.trim() === '' ? null : before });
  }

  undo(): void {
    if (this.state.undo === null) return;
    this.write({ response: this.state.undo });
    this.#board.change({ undo: null });
  }

  /** Submits, and goes on to the next item. What could not be submitted stays as it is. */
  async submit(verdict: Verdict): Promise<void> {
    const [item, draft] = [this.state.item, this.#draft];
    if (item === null || draft === null || !canLabel(this.state)) return;
    this.sign();
    if (verdict === 'accepted' && draft.state.response.trim() === '') {
      this.#board.change({ problem: NOTHING_WRITTEN });
      return;
    }
    this.#board.change({ isBusy: true, problem: null });
    await draft.hold();
    const { response, comment: written } = draft.state;
    const comment = verdict === 'accepted' ? '' : written;
    const request = {
      revision: draft.revision,
      verdict,
      response,
      comment,
      seconds: this.#presence.seconds,
    };
    let answer: LabelAnswer;
    try {
      answer = await this.#board.reach(labelOnce(this.#options.api, item.number, request));
    } catch (error) {
      const problem = asRequestError(error);
      this.#board.change({ isBusy: false, problem: problem.writing === null ? problem : null });
      draft.resume();
      if (problem.writing !== null) draft.meet(problem.writing);
      if (problem.code === 'TAKEN') await this.open(item.number, 'renewed');
      return;
    }
    draft.write({ comment });
    draft.adopt({ revision: answer.item.writing.revision, response, comment });
    draft.resume();
    this.#board.change({ isBusy: false, item: answer.item, progress: answer.progress });
    await this.goOn('moved', SUBMITTED[verdict]);
  }

  keepMine(): void {
    this.#draft?.keepMine();
  }

  takeOther(): void {
    this.#draft?.takeOther();
  }

  /** The person is there. */
  sign(): void {
    this.#presence.sign();
  }

  /** The page came into sight, or went out of it, perhaps for good. */
  see(isSeen: boolean): void {
    this.#presence.see(isSeen);
    if (isSeen) void this.lookRound();
    else this.#draft?.flushAtLast();
  }

  /** The page goes away: others may have an item of which nothing is written. */
  leave(): void {
    this.#draft?.flushAtLast();
    this.#release();
  }

  /** The network is back. */
  hurry(): void {
    this.#draft?.hurry();
  }

  /** Has to be called every now and then: prolongs the hold, and looks at what others do. */
  async lookRound(): Promise<void> {
    if (!this.#options.isSeen() || this.state.isBusy) return;
    if (this.state.phase === 'finished') return this.goOn();
    const { item } = this.state;
    if (item !== null && (this.#presence.isBeatDue || !isTheirs(item))) return this.renew();
    try {
      this.#board.change({ progress: await this.#board.reach(this.#options.api.progress()) });
    } catch (error) {
      asRequestError(error);
    }
  }

  /** Holds the item that is shown anew, or finds out who has it by now. */
  async renew(): Promise<void> {
    const { item } = this.state;
    if (item === null || this.state.isBusy) return;
    this.#presence.beat();
    try {
      const answer = await this.#board.reach(this.#options.api.open(item.number));
      if (this.state.item?.number !== answer.item.number || this.state.isBusy) return;
      this.#board.change(answer);
      if (answer.item.writing.revision > (this.#draft?.revision ?? 0)) this.#draft?.meet(answer.item.writing);
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
    this.#board.change({ isBusy: true, problem: null });
    await this.#draft?.flush();
    for (let failures = 1; visit === this.#visit; failures++) {
      try {
        const answer = await this.#board.reach(ask());
        if (visit !== this.#visit) return;
        this.#arrive(answer.item, answer.progress, arrival);
        if (arrival !== 'renewed') this.#board.say(`${news} ${placeOf(answer.item)}`.trim());
        return;
      } catch (error) {
        const problem = asRequestError(error);
        if (visit === this.#visit && !problem.isPassing) this.#board.change({ isBusy: false, problem });
        if (!problem.isPassing) return;
        await new Promise((resolve) => setTimeout(resolve, retryAfterMs(failures)));
      }
    }
  }

  #arrive(item: DeskItem | null, progress: DeskProgress, arrival: Arrival): void {
    if (item === null && this.state.phase === 'finished') {
      this.#board.change({ progress, isBusy: false });
      return;
    }
    const isOther = item?.number !== this.state.item?.number;
    if (isOther) this.#release();
    this.#presence.beat();
    if (item === null) this.#draft = null;
    else if (isOther || this.#draft === null) this.#draft = this.#draftOf(item);
    else if (item.writing.revision > this.#draft.revision) this.#draft.meet(item.writing);
    this.#board.change({
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
        const answer = await this.#board.reach(this.#options.api.save(item.number, request, isLeaving));
        // Somebody else has it since the hold ended: the person must not write on without knowing.
        if (answer.heldUntilMs === null && draft === this.#draft && isTheirs(this.state.item!)) void this.renew();
        return answer;
      },
      kept: this.#options.kept,
      seconds: this.#presence.begin(item.writing.seconds),
      nowMs: this.#options.nowMs,
      onChange: () => {
        if (draft === this.#draft) this.#board.change({ draft: draft.state });
      },
    });
    return draft;
  }

  #release(): void {
    const { item, draft } = this.state;
    if (item?.heldUntilMs != null && draft?.response.trim() === '') this.#options.api.release(item.number);
  }
}
