import { rougeL } from '../../math/rouge-l.ts';
import { WordIds } from '../../text/rouge-words.ts';

/** Words of a response that are compared: enough to see whether two say the same. */
const MOST_WORDS = 512;
/** Pairs remembered at a time: 12 bytes each, 48 MB. */
const MOST_REMEMBERED = 2 ** 22;
const NO_PAIR = -1;

/**
 * How alike responses are to each other: ROUGE-L F1 of their first 512 words. Pairs are compared when they are first
 * asked for and remembered, because neighbouring questions have the same neighbours.
 */
export class ResponseAgreement {
  readonly #ids: readonly Int32Array[];
  readonly #pairs: Float64Array;
  readonly #values: Float32Array;

  constructor(responses: readonly string[]) {
    const words = new WordIds();
    this.#ids = responses.map((response) => words.learn(response).subarray(0, MOST_WORDS));
    const size = Math.min(MOST_REMEMBERED, responses.length ** 2);
    this.#pairs = new Float64Array(size).fill(NO_PAIR);
    this.#values = new Float32Array(size);
  }

  /** In [0, 1]; 1 for a response with itself. @param a @param b positions of responses */
  between(a: number, b: number): number {
    if (a === b) return 1;
    const [low, high] = a < b ? [a, b] : [b, a];
    const pair = low * this.#ids.length + high;
    const slot = pair % this.#pairs.length;
    if (this.#pairs[slot] !== pair) {
      this.#pairs[slot] = pair;
      this.#values[slot] = rougeL(this.#ids[low]!, this.#ids[high]!).f1;
    }
    return this.#values[slot]!;
  }
}
