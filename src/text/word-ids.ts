import { rougeWords } from './rouge-words.ts';

/** The id of every word that was never learned: equal to no word, itself included. */
export const UNKNOWN_WORD = -1;

/**
 * A vocabulary shared by texts that are compared: words as numbers from 0, in the order they were learned. Learn one
 * side of the comparison and look the other up: a word that only one side has matches nothing, and a million texts
 * do not fill the memory with words of their own.
 */
export class WordIds {
  readonly #ids = new Map<string, number>();

  /** How many words are known. */
  get size(): number {
    return this.#ids.size;
  }

  /** The ids of a text's words, see `rougeWords`; new words are learned. */
  learn(text: string): Int32Array {
    return Int32Array.from(rougeWords(text), (word) => {
      const known = this.#ids.get(word);
      if (known !== undefined) return known;
      this.#ids.set(word, this.#ids.size);
      return this.#ids.size - 1;
    });
  }

  /** The ids of a text's words, `UNKNOWN_WORD` for those never learned. */
  lookUp(text: string): Int32Array {
    return Int32Array.from(rougeWords(text), (word) => this.#ids.get(word) ?? UNKNOWN_WORD);
  }
}
