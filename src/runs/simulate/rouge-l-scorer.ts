import { type RougeL, rougeL } from '../../math/rouge-l.ts';
import { WordIds } from '../../text/rouge-words.ts';

/** Words of answers that are remembered: 64 MB. */
const MOST_REMEMBERED = 2 ** 24;

/**
 * ROUGE-L of many answers with the same references: each reference is split into words once, and so is every answer,
 * however often it comes.
 */
export class RougeLScorer {
  readonly #words = new WordIds();
  readonly #references: readonly Int32Array[];
  readonly #answers = new Map<string, Int32Array>();
  #remembered = 0;

  constructor(references: readonly string[]) {
    this.#references = references.map((reference) => this.#words.learn(reference));
  }

  /**
   * @param reference its position among the references
   * @throws RangeError when there is none
   */
  score(answer: string, reference: number): RougeL {
    const ids = this.#references[reference];
    if (!ids) throw new RangeError(`There is no reference ${reference} among ${this.#references.length}.`);
    return rougeL(this.#idsOf(answer), ids);
  }

  #idsOf(answer: string): Int32Array {
    const known = this.#answers.get(answer);
    if (known) return known;
    const ids = this.#words.lookUp(answer);
    this.#remembered += ids.length;
    if (this.#remembered > MOST_REMEMBERED) {
      this.#answers.clear();
      this.#remembered = ids.length;
    }
    this.#answers.set(answer, ids);
    return ids;
  }
}
