// Scripts written without spaces: two letters stand for a word, about the average of Chinese and Japanese.
const UNSPACED = String.raw`[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]`;
const WORD = new RegExp(String.raw`${UNSPACED}{1,2}|(?:(?!${UNSPACED})[\p{L}\p{M}\p{N}])+(?:['’]\p{L}+)?`, 'gu');

/**
 * The words of a text in order, as written: runs of letters, marks and digits, an apostrophe inside kept.
 * Deliberately simpler than `Intl.Segmenter`, whose answers change with the ICU data of the Node build.
 * O(length).
 */
export function splitWords(text: string): string[] {
  return text.match(WORD) ?? [];
}

// A full stop ends a sentence only before white space (or a closing quote and white space), so that 3.14, file names and
// URLs stay whole.
const CLOSING = `["'”’»)]?`;
const SENTENCE = new RegExp(
  String.raw`[^\n.!?。！？؟।]+(?:[.](?!${CLOSING}(?:\s|$))[^\n.!?。！？؟।]*)*[.!?。！？؟।]*${CLOSING}`,
  'gu',
);

/** The sentences and lines of a text, trimmed, end marks kept; empty ones left out. O(length). */
export function splitSentences(text: string): string[] {
  return (text.match(SENTENCE) ?? []).map((sentence) => sentence.trim()).filter((sentence) => sentence !== '');
}

/**
 * How many different pairs of neighbouring words some texts have between them, letter case aside; no pair spans two
 * texts. O(characters).
 */
export function distinctBigrams(texts: readonly string[]): number {
  const pairs = new Set<string>();
  for (const text of texts) {
    const words = splitWords(text.toLowerCase());
    for (let at = 1; at < words.length; at += 1) pairs.add(`${words[at - 1]} ${words[at]}`);
  }
  return pairs.size;
}

/** The text with a capital first letter. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
