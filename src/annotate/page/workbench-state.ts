import type { DeskItem, DeskProgress } from '../desk/desk-views.ts';
import type { LabelRequest } from '../server/web-api.ts';
import { asRequestError, RequestError } from './desk-api.ts';
import type { DraftState } from './draft.ts';

export type Verdict = LabelRequest['verdict'];

/**
 * How an item came to be shown: what the address and the focus do depends on it. `browsed`: the person goes through the
 * items one by one; `back`: along the browser's history; `renewed`: it is the same one.
 */
export type Arrival = 'first' | 'moved' | 'browsed' | 'back' | 'renewed';

/** Everything the page shows of the work; a new object with every change. */
export interface WorkbenchState {
  /** `finished`: nothing is left for this person at the moment. */
  readonly phase: 'starting' | 'item' | 'finished';
  readonly item: DeskItem | null;
  readonly arrival: Arrival;
  readonly draft: DraftState | null;
  readonly progress: DeskProgress | null;
  /** The response as it was before it was replaced by the failing answer; null where it can be had back no more. */
  readonly undo: string | null;
  /** A change of place or a label is on its way. */
  readonly isBusy: boolean;
  /** False from a request without an answer until one with. */
  readonly isReachable: boolean;
  /** Why the last thing asked for was not done. */
  readonly problem: RequestError | null;
  /** What is to be read out, and how many times something was: the same words may come twice. */
  readonly said: { readonly text: string; readonly count: number };
}

export const STARTING: WorkbenchState = {
  phase: 'starting',
  item: null,
  arrival: 'first',
  draft: null,
  progress: null,
  undo: null,
  isBusy: true,
  isReachable: true,
  problem: null,
  said: { text: '', count: 0 },
};

/** Whether something can be said of the item that is shown. */
export function canLabel({ item, draft, isBusy }: WorkbenchState): boolean {
  return item !== null && draft !== null && isTheirs(item) && !isBusy && draft.saving !== 'conflict';
}

/** Whether the person may submit it: it is theirs to take, or they have submitted it before. */
export function isTheirs({ state, verdict }: DeskItem): boolean {
  return (state !== 'taken' && state !== 'complete') || verdict !== null;
}

/** What is read out when a label has arrived. */
export const SUBMITTED: Readonly<Record<Verdict, string>> = {
  accepted: 'Submitted.',
  rejected: 'Rejected.',
  skipped: 'Skipped.',
};

/** Said before the server would have to say it. */
export const NOTHING_WRITTEN = new RequestError({
  code: 'EMPTY_RESPONSE',
  message: 'There is no response yet.',
  hint: 'Write one, or skip or reject the item.',
});

/** What is read out of the item that is shown now; nothing at the end. */
export function placeOf(item: DeskItem | null): string {
  return item === null ? '' : `Item ${item.rank} of ${item.of}.`;
}

/** What the page shows of the work, and whoever wants to know when it changes. */
export class WorkBoard {
  readonly #listeners = new Set<() => void>();
  #state = STARTING;

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

  /** Has it read out. */
  say(text: string): void {
    this.change({ said: { text, count: this.#state.said.count + 1 } });
  }

  /** Passes on what was asked of the server, and notes whether the server answers at all. */
  async reach<Answer>(asked: Promise<Answer>): Promise<Answer> {
    try {
      const answer = await asked;
      if (!this.#state.isReachable) {
        this.change({ isReachable: true });
        this.say('The server answers again.');
      }
      return answer;
    } catch (error) {
      const isReachable = asRequestError(error).code !== 'UNREACHABLE';
      if (isReachable !== this.#state.isReachable) this.change({ isReachable });
      throw error;
    }
  }
}
