/** Lengths of character n-grams, and how much more recall counts than precision. */
const MOST_CHARACTERS = 6;
const BETA_SQUARED = 4;
/** Longer texts are cut: an answer is a few thousand characters. */
const LONGEST_TEXT = 2 ** 16;

/**
 * chrF2 of an answer against a reference, 0–1: precision and recall of character n-grams of 1 to 6, white space left
 * out, averaged over the lengths that both texts have, with recall counted twice as much. 1 for equal texts, 0 where one
 * has no characters. O(length).
 * Source: Popović 2015, chrF: character n-gram F-score; averaged over lengths as in sacreBLEU.
 */
export function chrF(answer: string, reference: string): number {
  const [said, wanted] = [charactersOf(answer), charactersOf(reference)];
  let precision = 0;
  let recall = 0;
  let lengths = 0;
  for (let length = 1; length <= MOST_CHARACTERS; length += 1) {
    const [grams, others] = [said.length - length + 1, wanted.length - length + 1];
    if (grams < 1 || others < 1) break;
    const shared = sharedGrams(said, wanted, length);
    precision += shared / grams;
    recall += shared / others;
    lengths += 1;
  }
  if (lengths === 0 || precision + recall === 0) return 0;
  const [p, r] = [precision / lengths, recall / lengths];
  return ((1 + BETA_SQUARED) * p * r) / (BETA_SQUARED * p + r);
}

function charactersOf(text: string): string[] {
  return [...text.slice(0, LONGEST_TEXT).replace(/\s+/gu, '')];
}

function sharedGrams(said: readonly string[], wanted: readonly string[], length: number): number {
  const counts = new Map<string, number>();
  for (let at = 0; at + length <= wanted.length; at += 1) {
    const gram = wanted.slice(at, at + length).join('');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  let shared = 0;
  for (let at = 0; at + length <= said.length; at += 1) {
    const gram = said.slice(at, at + length).join('');
    const left = counts.get(gram) ?? 0;
    if (left === 0) continue;
    counts.set(gram, left - 1);
    shared += 1;
  }
  return shared;
}
