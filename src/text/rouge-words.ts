/** How much of a text counts: the words of its first `MOST_CHARACTERS` (UTF-16 units), no more than `MOST_WORDS`. */
export const MOST_WORDS = 4096;
export const MOST_CHARACTERS = 2 ** 18;
/** Canonical composition takes quadratic time for marks in a bad order: seconds for 50,000 of them in a row. */
const LONGEST_COMPOSED = 256;

const NOT_ASCII = /[^\0-\x7f]/;
const ASCII_WORD = /[a-z0-9]+/g;
// Scripts written without spaces: a whole clause would be one word, alike to no other, so every character is one.
const UNSPACED = String.raw`(?=[\p{L}\p{N}])[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]`;
const WORD = new RegExp(String.raw`${UNSPACED}\p{M}*|[\p{L}\p{N}](?:(?!${UNSPACED})[\p{L}\p{N}\p{M}])*`, 'gu');

/**
 * The words ROUGE compares, in order: lower-cased runs of letters and digits, not stemmed. At most the first
 * `MOST_WORDS`. O(length), bounded by `MOST_CHARACTERS`.
 *
 * For ASCII these are the tokens of the `rouge_score` package. That one drops every other character and cuts words
 * there ("na", "ve"), and finds nothing in other scripts; here letters and digits are Unicode's, marks stay with
 * their letter ("naïve", however composed), and in scripts without spaces every character is a word.
 */
export function rougeWords(text: string): string[] {
  const lower = text.slice(0, MOST_CHARACTERS).toLowerCase();
  const ascii = !NOT_ASCII.test(lower);
  const words: string[] = [];
  for (const [word] of lower.matchAll(ascii ? ASCII_WORD : WORD)) {
    words.push(ascii || word.length > LONGEST_COMPOSED ? word : word.normalize('NFC'));
    if (words.length === MOST_WORDS) break;
  }
  return words;
}

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

/** The most words of a response that an answer can be expected to match word for word. */
const MOST_SHORT_WORDS = 5;
/** Longer texts are no short answer; they are compared without canonical composition (see `LONGEST_COMPOSED`). */
const LONGEST_SHORT_ANSWER = 10_000;

/** Whether a text has one to five words (see `rougeWords`). O(length). */
export function isShortAnswer(text: string): boolean {
  const { length } = rougeWords(text);
  return length >= 1 && length <= MOST_SHORT_WORDS;
}

/** A text as exact matches compare it: case, punctuation, spaces and how characters are composed do not count. */
export function answerKey(text: string): string {
  const lower = text.toLowerCase();
  const composed = lower.length > LONGEST_SHORT_ANSWER ? lower : lower.normalize('NFC');
  return composed.replace(/\p{P}/gu, ' ').replace(/\s+/gu, ' ').trim();
}
