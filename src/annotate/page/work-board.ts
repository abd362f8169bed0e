import { asRequestError } from './desk-api.ts';
import { STARTING, type WorkbenchState } from './workbench-state.ts';

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
