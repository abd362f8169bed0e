import type { Clock } from '../../domain/clock.ts';
import { AdaptiveConcurrency } from './adaptive-concurrency.ts';
import type { Pacer } from './pacer.ts';
import type { CallStart } from './told-limit.ts';

/** A call that wants to start. */
export interface WaitingCall {
  /** Where it stands in the queue: a call that is tried again keeps its place before later ones. */
  readonly place: number;
  readonly tokens: number;
  readonly pacer: Pacer;
}

interface Waiting extends WaitingCall {
  readonly start: () => void;
}

/**
 * Where calls wait for their start: for a free slot and for the pace of their model. The first in the queue that may
 * start does; a model that must wait does not hold up calls of another. One timer wakes the next call, so calls that
 * wait for the same moment do not start together.
 */
export class CallGate {
  readonly concurrency: AdaptiveConcurrency;
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  #underWay = 0;
  #starts = 0;
  #wake: AbortController | undefined;

  /** @param options.max most requests at once, an integer ≥ 1 */
  constructor({ max, clock }: { readonly max: number; readonly clock: Clock }) {
    this.concurrency = new AdaptiveConcurrency(max);
    this.#clock = clock;
  }

  /** The number of the latest start. */
  get lastStart(): number {
    return this.#starts;
  }

  /**
   * @param task makes the request
   * @param stop while the call waits, rejects with this signal's reason; afterwards it is ignored
   */
  async run<R>(call: WaitingCall, task: (start: CallStart) => Promise<R>, stop?: AbortSignal): Promise<R> {
    const start = await this.#start(call, stop);
    try {
      return await task(start);
    } finally {
      this.#underWay -= 1;
      this.#startNext();
    }
  }

  #start({ place, tokens, pacer }: WaitingCall, stop: AbortSignal | undefined): Promise<CallStart> {
    stop?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(stop?.reason);
        this.#startNext();
      };
      const start = () => {
        stop?.removeEventListener('abort', leave);
        this.#underWay += 1;
        this.#starts += 1;
        const started = { number: this.#starts, atMs: this.#clock.elapsed() };
        pacer.started(started, tokens);
        resolve(started);
      };
      stop?.addEventListener('abort', leave, { once: true });
      const waiting: Waiting = { place, tokens, pacer, start };
      const before = this.#waiting.findLastIndex((other) => other.place < place);
      this.#waiting.splice(before + 1, 0, waiting);
      this.#startNext();
    });
  }

  #startNext(): void {
    this.#wake?.abort('woken');
    this.#wake = undefined;
    while (this.#underWay < this.concurrency.slots && this.#waiting.length > 0) {
      const nowMs = this.#clock.elapsed();
      // Calls of one model start in their order.
      const waits = new Map<Pacer, number>();
      const next = this.#waiting.findIndex(({ pacer, tokens }) => {
        if (waits.has(pacer)) return false;
        waits.set(pacer, pacer.waitMs(tokens, nowMs));
        return waits.get(pacer) === 0;
      });
      if (next < 0) {
        this.#startIn(Math.min(...waits.values()));
        return;
      }
      this.#waiting.splice(next, 1)[0]!.start();
    }
  }

  #startIn(waitMs: number): void {
    const wake = new AbortController();
    this.#wake = wake;
    this.#clock.sleep(Math.ceil(waitMs), wake.signal).then(
      () => this.#startNext(),
      () => undefined,
    );
  }
}
