import { setImmediate } from 'node:timers/promises';

/** When so many turns of the event loop have brought no further call, all calls that can be asked now are there. */
const QUIET_TURNS = 5;

interface Waiting<Call, Answer> {
  readonly call: Call;
  readonly isGone: () => boolean;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** How a call may leave before it is answered. */
export interface Leaving {
  readonly signal: AbortSignal | undefined;
  /** Leave at once. */
  readonly abandon: AbortSignal | undefined;
  /** What has to end first when the signal aborts. */
  readonly beforeLeaving: () => Promise<void> | undefined;
}

/** Calls that wait for answers, by what they ask: two that ask the same get one answer. */
export class WaitingCalls<Call, Answer> {
  readonly #waiting = new Map<string, Waiting<Call, Answer>[]>();
  #arrivals = 0;

  /** How many different ones wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Resolves with the answer, or rejects with the signal's reason. */
  add(key: string, call: Call, { signal, abandon, beforeLeaving }: Leaving): Promise<Answer> {
    this.#arrivals += 1;
    return new Promise((resolve, reject) => {
      const leave = () => void Promise.resolve(beforeLeaving()).then(() => reject(signal?.reason));
      signal?.addEventListener('abort', leave, { once: true });
      abandon?.addEventListener('abort', () => reject(abandon.reason), { once: true });
      const waiting = { call, isGone: () => signal?.aborted ?? false, resolve, reject };
      this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), waiting]);
    });
  }

  /** Resolves when no further call comes by itself. Those that have left are forgotten. */
  async quiet(): Promise<void> {
    for (let seen = -1; seen !== this.#arrivals; ) {
      seen = this.#arrivals;
      for (let turn = 0; turn < QUIET_TURNS; turn += 1) await setImmediate();
    }
    for (const [key, waiting] of this.#waiting) {
      if (waiting.every(({ isGone }) => isGone())) this.#waiting.delete(key);
    }
  }

  /** One of each. */
  calls(): Call[] {
    return [...this.#waiting.values()].flatMap(([first]) => (first === undefined ? [] : [first.call]));
  }

  callOf(key: string): Call | undefined {
    return this.#waiting.get(key)?.[0]?.call;
  }

  resolve(key: string, answer: Answer): void {
    for (const { resolve } of this.#take(key)) resolve(answer);
  }

  reject(key: string, error: unknown): void {
    for (const { reject } of this.#take(key)) reject(error);
  }

  rejectAll(error: unknown): void {
    for (const key of [...this.#waiting.keys()]) this.reject(key, error);
  }

  #take(key: string): readonly Waiting<Call, Answer>[] {
    const taken = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    return taken;
  }
}
