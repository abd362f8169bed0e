import { firstUnanswered, type Question } from '../../domain/questions.ts';
import type { DeskItem, DeskProgress } from '../desk/desk-views.ts';
import type { LabelRequest } from '../server/web-api.ts';
import { asRequestError, RequestError } from './desk-api.ts';
import type { DraftState } from './draft.ts';

export type Verdict = LabelRequest['verdict'];

/**
 * How the person came to the item, which decides what happens to the address and the focus. `browsed`: with the buttons
 * or keys for previous, next and later; `back`: through the browser's history; `reopened`: it is the same item.
 */
export type Arrival = 'first' | 'moved' | 'browsed' | 'back' | 'reopened';

/** A label that was submitted after the page went on, and refused. The text is still there. */
export interface RefusedLabel {
  readonly number: number;
  readonly rank: number;
  readonly message: string;
}

/** The item that the person skipped or rejected last. They can say why while they go on. */
export interface TurnedDown {
  readonly number: number;
  readonly rank: number;
  readonly verdict: Exclude<Verdict, 'accepted'>;
  /** As it is typed; submitted or not. */
  readonly reason: string;
  readonly isReasonSubmitted: boolean;
}

/** An item, for the person to come back to. */
export interface PlaceState {
  readonly number: number;
  readonly rank: number;
}

/** Everything the page shows. Every change makes a new object. */
export interface WorkbenchState {
  /** `waiting`: a label was submitted and the next item is not here yet. `finished`: no item is left for this person now. */
  readonly phase: 'starting' | 'item' | 'waiting' | 'finished';
  readonly item: DeskItem | null;
  readonly arrival: Arrival;
  readonly draft: DraftState | null;
  readonly progress: DeskProgress | null;
  /** The response before the model's answer replaced it; null if there is nothing to undo. */
  readonly undo: string | null;
  /** The item that the person was given or wrote in last; null if there is none. */
  readonly place: PlaceState | null;
  /** While waiting: what was typed meanwhile. It goes into the next item. */
  readonly early: string;
  /** Null after any other label. */
  readonly turnedDown: TurnedDown | null;
  /** Labels that were submitted and that the server does not have yet. */
  readonly unsent: number;
  /** Labels that the server refused. */
  readonly refused: readonly RefusedLabel[];
  /** Whether a request for another item is in progress. */
  readonly isBusy: boolean;
  /** Whether the last request got an answer. */
  readonly isReachable: boolean;
  /** Why the last action failed. */
  readonly problem: RequestError | null;
  /** Text for screen readers. The count makes a repeated text a new announcement. */
  readonly announcement: { readonly text: string; readonly count: number };
}

export const INITIAL_STATE: WorkbenchState = {
  phase: 'starting',
  item: null,
  arrival: 'first',
  draft: null,
  progress: null,
  undo: null,
  place: null,
  early: '',
  turnedDown: null,
  unsent: 0,
  refused: [],
  isBusy: true,
  isReachable: true,
  problem: null,
  announcement: { text: '', count: 0 },
};

/** Whether the person can submit, skip or reject the item now. */
export function canLabel({ item, draft, isBusy }: WorkbenchState): boolean {
  return item !== null && draft !== null && isAvailable(item) && !isBusy && draft.saving !== 'conflict';
}

/** Whether the person may answer the item: it is not taken, assigned to others or complete, or they have answered it before. */
export function isAvailable({ state, verdict }: DeskItem): boolean {
  return !['taken', 'assigned', 'complete'].includes(state) || verdict !== null;
}

/** Announced when a label was submitted. */
export const SUBMITTED: Readonly<Record<Verdict, string>> = {
  accepted: 'Submitted.',
  rejected: 'Rejected.',
  skipped: 'Skipped.',
};

/** While the next item is on its way. */
export const WAITING = {
  ...{ phase: 'waiting', arrival: 'moved', isBusy: false },
  ...{ item: null, draft: null, undo: null, early: '', problem: null },
} as const satisfies Partial<WorkbenchState>;

/** Shown without asking the server. */
const EMPTY_RESPONSE = new RequestError({
  code: 'EMPTY_RESPONSE',
  message: 'The response is empty.',
  hint: 'Write a response, or skip or reject the item.',
});

/** Why the item cannot be submitted now; null where it can. */
export function obstacleTo(
  verdict: Verdict,
  questions: readonly Question[],
  { response, answers, saving, refusal }: DraftState,
): RequestError | null {
  if (saving === 'refused') return refusal;
  if (verdict !== 'accepted') return null;
  if (response.trim() === '') return EMPTY_RESPONSE;
  const missing = firstUnanswered(questions, answers);
  if (missing === undefined) return null;
  const hint = 'Answer it, or skip or reject the item.';
  return new RequestError({ code: 'ANSWER_MISSING', message: `Not answered yet: ${missing.ask}`, hint });
}

/** Announced when an item is shown; empty when no item is left. */
export function itemAnnouncement(item: DeskItem | null): string {
  return item === null ? '' : `Item ${item.rank} of ${item.of}.`;
}

/** Holds the state and notifies listeners of changes. */
export class WorkbenchStore {
  readonly #listeners = new Set<() => void>();
  #state = INITIAL_STATE;

  get state(): WorkbenchState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  change(change: Partial<WorkbenchState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  /** Lets screen readers read a text. */
  announce(text: string): void {
    this.change({ announcement: { text, count: this.#state.announcement.count + 1 } });
  }

  /** Waits for a request and records whether the server can be reached. */
  async track<Answer>(request: Promise<Answer>): Promise<Answer> {
    try {
      const answer = await request;
      if (!this.#state.isReachable) {
        this.change({ isReachable: true });
        this.announce('Reconnected.');
      }
      return answer;
    } catch (error) {
      const isReachable = asRequestError(error).code !== 'UNREACHABLE';
      if (isReachable !== this.#state.isReachable) this.change({ isReachable });
      throw error;
    }
  }
}
