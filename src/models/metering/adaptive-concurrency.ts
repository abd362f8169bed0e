const FIRST = 4;

/**
 * How many requests may run at once: a slow start that doubles while all goes well, then one more after as many answers
 * as there are slots; half, never below one, when the server is overloaded. As in TCP.
 */
export class AdaptiveConcurrency {
  readonly #max: number;
  #slots: number;
  #starts = true;
  #successes = 0;
  /** The last request that had started when the slots were halved. */
  #halvedAt = 0;

  /** @param max most requests at once, an integer ≥ 1 */
  constructor(max: number) {
    this.#max = max;
    this.#slots = Math.min(FIRST, max);
  }

  /** In [1, max]. */
  get slots(): number {
    return this.#slots;
  }

  /** A request went through. */
  succeeded(): void {
    this.#successes += 1;
    if (this.#slots >= this.#max || (!this.#starts && this.#successes < this.#slots)) return;
    this.#successes = 0;
    this.#slots += 1;
  }

  /**
   * The server said that it is too much, or took too long. Requests that were already under way when the slots were
   * halved tell nothing new, so a burst of refusals halves them once.
   * @param start number of the request
   * @param lastStart number of the latest request
   */
  overloaded(start: number, lastStart: number): void {
    this.#starts = false;
    this.#successes = 0;
    if (start <= this.#halvedAt) return;
    this.#halvedAt = lastStart;
    this.#slots = Math.max(1, Math.floor(this.#slots / 2));
  }
}
