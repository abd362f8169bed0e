import type { DeskItem } from '../desk/desk-views.ts';
import type { Draft } from './draft.ts';
import type { LabelSender } from './label-sender.ts';
import type { QueuedLabel } from './submit-queue.ts';
import type { WorkbenchStore } from './workbench-state.ts';

/** The item that the person skipped or rejected last, for a reason that they give afterwards. */
export class TurnedDownItem {
  readonly #store: WorkbenchStore;
  readonly #sender: LabelSender;
  #last: { readonly label: QueuedLabel; readonly draft: Draft } | null = null;

  constructor(store: WorkbenchStore, sender: LabelSender) {
    this.#store = store;
    this.#sender = sender;
  }

  /** Call this with every label that is submitted: only the last one gets a reason. */
  follow(label: QueuedLabel, draft: Draft): void {
    const { verdict, comment } = label.request;
    this.#last = verdict === 'accepted' ? null : { label, draft };
    const { number, rank } = label;
    const turnedDown =
      verdict === 'accepted' ? null : { number, rank, verdict, reason: comment, isReasonSubmitted: comment !== '' };
    this.#store.change({ turnedDown });
  }

  /** Keeps the reason as it is typed. */
  writeReason(reason: string): void {
    const { turnedDown } = this.#store.state;
    if (turnedDown !== null) this.#store.change({ turnedDown: { ...turnedDown, reason, isReasonSubmitted: false } });
  }

  /** Submits the item once more, with the reason. */
  submitReason(): void {
    const { turnedDown } = this.#store.state;
    if (turnedDown === null || this.#last === null) return;
    const { label, draft } = this.#last;
    this.#store.change({ turnedDown: { ...turnedDown, isReasonSubmitted: true } });
    this.#store.announce('Reason saved.');
    this.#sender.send({ ...label, request: { ...label.request, comment: turnedDown.reason } }, draft);
  }

  /**
   * Call this when an item is shown: the person can submit it again, so no reason is added any more.
   * @returns a reason for it that was typed and not submitted; undefined without one
   */
  forget({ number }: DeskItem): string | undefined {
    const { turnedDown } = this.#store.state;
    if (turnedDown?.number !== number) return undefined;
    this.#last = null;
    this.#store.change({ turnedDown: null });
    return turnedDown.isReasonSubmitted || turnedDown.reason === '' ? undefined : turnedDown.reason;
  }
}
