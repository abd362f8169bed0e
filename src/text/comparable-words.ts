const UNSPACED = String.raw`[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]`;
/** A character of a script without spaces, with its marks, or a run of letters and digits. */
const WORD = new RegExp(
  String.raw`${UNSPACED}\p{M}*|(?:(?!${UNSPACED})[\p{L}\p{M}\p{N}])+|\p{Extended_Pictographic}`,
  'gu',
);
const STARTS_UNSPACED = new RegExp(`^${UNSPACED}`, 'u');
const MOST_WORDS = 50_000;
const GRAM_WORDS = 13;

/**
 * The words of a text without case, punctuation, width and wrapping, to compare texts by. In scripts without spaces each
 * character is one. Only the first 50,000 count. O(length).
 */
export function comparableWords(text: string): readonly string[] {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/['’\u00ad\u200b-\u200d]/gu, '');
  return (plain.match(WORD) ?? []).slice(0, MOST_WORDS);
}

/** How many of these words in a row are a coincidence no more: 13, or 26 where most are single characters. */
export function gramLength(words: readonly string[]): number {
  const unspaced = words.filter((word) => STARTS_UNSPACED.test(word)).length;
  return 2 * unspaced > words.length ? 2 * GRAM_WORDS : GRAM_WORDS;
}
