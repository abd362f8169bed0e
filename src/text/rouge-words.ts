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
