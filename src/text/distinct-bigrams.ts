import { splitWords } from './split-words.ts';

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
