import type { DeskItem, DeskProgress } from '../../annotate/desk-views.ts';
import type { LabelAnswer, OpenAnswer } from '../web-api.ts';
import type { DeskApi } from './desk-api.ts';
import { asRequestError, RequestError } from './desk-api.ts';
import { Draft } from './draft.ts';
import type { DraftText, KeptDrafts } from './kept-drafts.ts';
import { labelOnce } from './label-once.ts';
import { retryAfterMs } from './retry-after.ts';
import { WorkClock } from './work-clock.ts';
import type { Arrival, Verdict, WorkbenchState } from './workbench-state.ts';
import { isTheirs, STARTING } from './workbench-state.ts';

export interface WorkbenchOptions {
  readonly api: DeskApi;
  readonly kept: KeptDrafts;
  /** A clock that never runs backwards. */
  readonly nowMs: () => number;
  readonly isSeen: () => boolean;
}

const SUBMITTED: Readonly<Record<Verdict, string>> = {
  accepted: 'Submitted.',
  rejected: 'Rejected.',
  skipped: 'Skipped.',
};

const NOTHING_WRITTEN = new RequestError({
  code: 'EMPTY_RESPONSE',
  message: 'There is no response yet.',
  hint: 'Write one, or skip or reject the item.',
});

/** A hold lasts ten minutes: it is prolonged well before, as long as the person is there. */
const BEAT_MS = 180_000;

/** One person's work on item after item: what is shown, what is written, and how both get to the server and back. */
export class Workbench {
  readonly #options: WorkbenchOptions;
  readonly #listeners = new Set<() => void>();
  #state = STARTING;
  #draft: Draft | null = null;
  #clock: WorkClock;
  #lastBeatMs: number;
  /** Counts up with every change of place: answers to earlier ones come too late. */
  #visit = 0;

  constructor(options: WorkbenchOptions) {
    this.#options = options;
    this.#lastBeatMs = options.nowMs();
    this.#clock = new WorkClock(0, this.#lastBeatMs, options.isSeen());
  }

  get state(): WorkbenchState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param number of the item to begin with; null for whichever is next */
  start(number: number | null): Promise<void> {
    return number === null ? this.goOn('first') : this.open(number, 'first');
  }

  open(number: number, arrival: Arrival = 'moved'): Promise<void> {
    return this.#show(() => this.#options.api.open(number), arrival);
  }

  /** To the next item that is theirs to take; where none is left, to the end. */
  goOn(arrival: Arrival = 'moved'): Promise<void> {
    const after = this.#state.item?.number;
    return this.#show(() => this.#options.api.next(after === undefined ? {} : { after }), arrival);
  }

  write(change: Partial<DraftText>): void {
    this.sign();
    if (this.#state.problem !== null || this.#state.undo !== null) this.#change({ problem: null, undo: null });
    this.#draft?.write(change);
  }

  /** Puts the failing answer into the editor; what was there can be had back. */
  startFromFailingAnswer(): void {
    const { item, draft } = this.#state;
    if (item?.failingAnswer == null || draft === null || draft.response === item.failingAnswer.response) return;
    const before = draft.response;
    this.write({ response: item.failingAnswer.response });
    this.#change({ undo: before.trim() === '' ? null : before });
  }

  undo(): void {
    if (this.#state.undo !== null) this.write({ response: this.#state.undo });
  }

  /** Submits, and goes on to the next item. What could not be submitted stays as it is. */
  async submit(verdict: Verdict): Promise<void> {
    const [item, draft] = [this.#state.item, this.#draft];
    if (item === null || draft === null || this.#state.isBusy || draft.state.saving === 'conflict') return;
    this.sign();
    if (verdict === 'accepted' && draft.state.response.trim() === '') {
      this.#change({ problem: NOTHING_WRITTEN });
      return;
    }
    this.#change({ isBusy: true, problem: null });
    await draft.hold();
    const { response, comment: written } = draft.state;
    const comment = verdict === 'accepted' ? '' : written;
    const request = {
      revision: draft.revision,
      verdict,
      response,
      comment,
      seconds: this.#clock.secondsAt(this.#options.nowMs()),
    };
    let answer: LabelAnswer;
    try {
      answer = await this.#reach(labelOnce(this.#options.api, item.number, request));
    } catch (error) {
      const problem = asRequestError(error);
      this.#change({ isBusy: false, problem: problem.writing === null ? problem : null });
      draft.resume();
      if (problem.writing !== null) draft.meet(problem.writing);
      if (problem.code === 'TAKEN') await this.open(item.number, 'renewed');
      return;
    }
    draft.write({ comment });
    draft.adopt({ revision: answer.item.writing.revision, response, comment });
    draft.resume();
    this.#change({ isBusy: false, item: answer.item, progress: answer.progress });
    this.#say(SUBMITTED[verdict]);
    await this.goOn();
  }

  keepMine(): void {
    this.#draft?.keepMine();
  }

  takeOther(): void {
    this.#draft?.takeOther();
  }

  dismiss(): void {
    this.#change({ problem: null });
  }

  /** The person is there. */
  sign(): void {
    this.#clock.sign(this.#options.nowMs());
  }

  /** The page came into sight, or went out of it, perhaps for good. */
  see(isSeen: boolean): void {
    this.#clock.see(isSeen, this.#options.nowMs());
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
    if (!this.#options.isSeen() || this.#state.isBusy) return;
    if (this.#state.phase === 'finished') return this.goOn();
    const { item } = this.#state;
    const now = this.#options.nowMs();
    const isBeat = now - this.#lastBeatMs >= BEAT_MS && this.#clock.idleMsAt(now) < BEAT_MS;
    try {
      if (item === null || (!isBeat && isTheirs(item))) {
        this.#change({ progress: await this.#reach(this.#options.api.progress()) });
        return;
      }
      this.#lastBeatMs = now;
      const answer = await this.#reach(this.#options.api.open(item.number));
      if (this.#state.item?.number !== answer.item.number || this.#state.isBusy) return;
      this.#change(answer);
      if (answer.item.writing.revision > (this.#draft?.revision ?? 0)) this.#draft?.meet(answer.item.writing);
    } catch (error) {
      asRequestError(error);
    }
  }

  async #show(
    ask: () => Promise<OpenAnswer | { item: null; progress: DeskProgress }>,
    arrival: Arrival,
  ): Promise<void> {
    const visit = ++this.#visit;
    this.#change({ isBusy: true, problem: null });
    await this.#draft?.flush();
    for (let failures = 1; visit === this.#visit; failures++) {
      try {
        const answer = await this.#reach(ask());
        if (visit === this.#visit) this.#arrive(answer.item, answer.progress, arrival);
        return;
      } catch (error) {
        const problem = asRequestError(error);
        if (visit === this.#visit && !problem.isPassing) this.#change({ isBusy: false, problem });
        if (!problem.isPassing) return;
        await new Promise((resolve) => setTimeout(resolve, retryAfterMs(failures)));
      }
    }
  }

  #arrive(item: DeskItem | null, progress: DeskProgress, arrival: Arrival): void {
    if (item === null && this.#state.phase === 'finished') {
      this.#change({ progress, isBusy: false });
      return;
    }
    const isOther = item?.number !== this.#state.item?.number;
    if (isOther) this.#release();
    const now = this.#options.nowMs();
    this.#lastBeatMs = now;
    if (item === null) this.#draft = null;
    else if (isOther || this.#draft === null) {
      this.#clock = new WorkClock(item.writing.seconds, now, this.#options.isSeen());
      this.#draft = this.#draftOf(item);
    } else if (item.writing.revision > this.#draft.revision) this.#draft.meet(item.writing);
    this.#change({
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
    const clock = this.#clock;
    const draft: Draft = new Draft(item, {
      save: (request, isLeaving) => this.#reach(this.#options.api.save(item.number, request, isLeaving)),
      kept: this.#options.kept,
      seconds: () => clock.secondsAt(this.#options.nowMs()),
      nowMs: this.#options.nowMs,
      onChange: () => {
        if (draft === this.#draft) this.#change({ draft: draft.state });
      },
    });
    return draft;
  }

  #release(): void {
    const { item, draft } = this.#state;
    if (item?.heldUntilMs != null && draft?.response.trim() === '') this.#options.api.release(item.number);
  }

  async #reach<Answer>(asked: Promise<Answer>): Promise<Answer> {
    try {
      const answer = await asked;
      if (!this.#state.isReachable) {
        this.#change({ isReachable: true });
        this.#say('The server answers again.');
      }
      return answer;
    } catch (error) {
      const isReachable = asRequestError(error).code !== 'UNREACHABLE';
      if (isReachable !== this.#state.isReachable) this.#change({ isReachable });
      throw error;
    }
  }

  #say(text: string): void {
    this.#change({ said: { text, count: this.#state.said.count + 1 } });
  }

  #change(change: Partial<WorkbenchState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
