import type { LabelAnswer } from '../server/web-api.ts';
import type { BrowserDrafts } from './browser-drafts.ts';
import { asRequestError, type DeskApi, type RequestError, retryAfterMs } from './desk-api.ts';
import type { Draft } from './draft.ts';
import type { QueuedLabel, SubmitQueue } from './submit-queue.ts';
import type { WorkbenchStore } from './workbench-state.ts';

export interface LabelSenderOptions {
  readonly api: DeskApi;
  readonly browserDrafts: BrowserDrafts;
  readonly queue: SubmitQueue;
  readonly store: WorkbenchStore;
  /**
   * Called when the server has the last label of the queue.
   * @param shown number of the item that the page showed when it was sent; undefined where it waited for one
   */
  readonly onSent: (answer: LabelAnswer, shown: number | undefined) => void;
  /** Called when the server refused a label. */
  readonly onRefused: () => Promise<void>;
}

/** Sends submitted labels while the page goes on: one after the other, each until the server has it or refuses it. */
export class LabelSender {
  readonly #options: LabelSenderOptions;
  /** By the number of the item: what the server stored last. The next label of the same item follows it. */
  readonly #revisions = new Map<number, number>();
  #sending: Promise<void> = Promise.resolve();
  #endPause: () => void = () => undefined;

  constructor(options: LabelSenderOptions) {
    this.#options = options;
  }

  /** Sends what an earlier visit left behind. */
  sendEarlier(): void {
    for (const label of this.#options.queue.labels) this.#plan(label, null);
  }

  /** @param draft of the item: it is not saved by itself meanwhile */
  send(label: QueuedLabel, draft: Draft): void {
    this.#options.queue.add(label);
    this.#plan(label, draft);
  }

  /** Tries again immediately. */
  retryNow(): void {
    this.#endPause();
  }

  #plan(label: QueuedLabel, draft: Draft | null): void {
    const { store, queue } = this.#options;
    store.change({ unsent: queue.labels.length });
    this.#sending = this.#sending.then(() => this.#deliver(label, draft));
  }

  async #deliver(label: QueuedLabel, draft: Draft | null): Promise<void> {
    const { queue, api, browserDrafts, store, onSent } = this.#options;
    const { number, id, request } = label;
    await draft?.pause();
    for (let failures = 1; ; failures += 1) {
      const later = queue.labels[queue.labels.indexOf(label) + 1];
      const shown = later?.number ?? store.state.item?.number;
      const revision = draft?.revision ?? this.#revisions.get(number) ?? request.revision;
      try {
        const sent = { ...request, revision, ...(shown === undefined ? {} : { shown }) };
        const answer = await store.track(api.label(number, sent));
        queue.remove(label);
        this.#revisions.set(number, answer.item.writing.revision);
        draft?.write({ comment: request.comment });
        draft?.markSaved({ ...request, revision: answer.item.writing.revision });
        browserDrafts.removeSaved(id, request);
        store.change({ unsent: queue.labels.length });
        if (later === undefined) onSent(answer, shown);
        return;
      } catch (error) {
        const problem = asRequestError(error);
        // Who signs in again sends it then.
        if (/^(?:TOKEN_|NAME_|OTHER_)/.test(problem.code)) return store.change({ problem });
        if (!problem.isTemporary) return this.#giveUp(label, draft, problem);
        await this.#pause(retryAfterMs(failures));
      }
    }
  }

  /** The text stays where it is, and the person is told. */
  async #giveUp(label: QueuedLabel, draft: Draft | null, problem: RequestError): Promise<void> {
    const { queue, store, onRefused } = this.#options;
    const { number, rank } = label;
    queue.remove(label);
    draft?.resume();
    if (problem.writing !== null) draft?.receive(problem.writing);
    const others = store.state.refused.filter((one) => one.number !== number);
    store.change({
      unsent: queue.labels.length,
      refused: [...others, { number, rank, message: problem.message }],
    });
    await onRefused();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#endPause = resolve;
      setTimeout(resolve, ms);
    });
  }
}
