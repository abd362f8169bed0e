import type { DeskItem } from '../desk/desk-views.ts';
import type { LabelRequest } from '../server/web-api.ts';
import type { Draft } from './draft.ts';

/** A label on its way to the server. */
export interface QueuedLabel {
  readonly number: number;
  readonly id: string;
  readonly rank: number;
  readonly request: Omit<LabelRequest, 'shown'>;
}

/** Labels that the server may not have yet. They are kept in the browser, so they are sent after a reload too. */
export class SubmitQueue {
  readonly #storage: () => Storage;
  readonly #key: string;
  /** Of this page alone. Where storage is blocked, they last until the page closes. */
  #labels: readonly QueuedLabel[];

  /** @param storage may throw if storage is blocked */
  constructor(storage: () => Storage, campaignKey: string, name: string) {
    this.#storage = storage;
    this.#key = `winnow queue ${JSON.stringify([campaignKey, name])}`;
    this.#labels = this.#stored();
  }

  /** In the order they were submitted. */
  get labels(): readonly QueuedLabel[] {
    return this.#labels;
  }

  add(label: QueuedLabel): void {
    this.#labels = [...this.#labels, label];
    this.#store([...this.#stored(), label]);
  }

  remove(label: QueuedLabel): void {
    this.#labels = this.#labels.filter((one) => one !== label);
    const text = JSON.stringify(label);
    this.#store(this.#stored().filter((one) => JSON.stringify(one) !== text));
  }

  /** Of all tabs of the person. */
  #stored(): readonly QueuedLabel[] {
    try {
      const labels: unknown = JSON.parse(this.#storage().getItem(this.#key) ?? '[]');
      return Array.isArray(labels) ? labels.filter(isLabel) : [];
    } catch {
      return [];
    }
  }

  #store(labels: readonly QueuedLabel[]): void {
    try {
      if (labels.length === 0) this.#storage().removeItem(this.#key);
      else this.#storage().setItem(this.#key, JSON.stringify(labels));
    } catch {
      // The page says that this browser keeps nothing.
    }
  }
}

/** The label that a person submits. A reason for another verdict than before does not go with it. */
export function labelOf(
  { number, id, rank, verdict: before }: DeskItem,
  { revision, state: { response, comment: reason, note, doubtful, answers } }: Draft,
  about: Pick<LabelRequest, 'verdict' | 'seconds' | 'guidelines'>,
): QueuedLabel {
  const { verdict } = about;
  const isOtherVerdict = before !== null && before !== verdict;
  const comment = verdict === 'accepted' || isOtherVerdict ? '' : reason;
  return { number, id, rank, request: { revision, response, comment, note, doubtful, answers, ...about } };
}

function isLabel(value: Partial<QueuedLabel> | null): value is QueuedLabel {
  return typeof value?.number === 'number' && typeof value.request?.response === 'string';
}
