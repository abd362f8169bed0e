/** What a text is compared by, repeats included. */
export type TermsOf = (text: string) => readonly string[];

interface Postings {
  /** Texts that have the term, ascending. */
  readonly texts: number[];
  readonly weights: number[];
  rarity: number;
}

/**
 * Some texts as vectors of weighted terms, to compare other texts with. A term's weight is (1 + ln count), times its
 * rarity (1 + ln((1 + n) / (1 + texts with the term))) where rare terms are to count more.
 * Memory: the distinct terms of each text.
 */
export class TermIndex {
  readonly #termsOf: TermsOf;
  readonly #postings = new Map<string, Postings>();
  readonly #unknownRarity: number;

  constructor(texts: readonly string[], termsOf: TermsOf, { rarer }: { readonly rarer: boolean }) {
    this.#termsOf = termsOf;
    const rarity = (holders: number) => (rarer ? 1 + Math.log((1 + texts.length) / (1 + holders)) : 1);
    this.#unknownRarity = rarity(0);
    const counted = texts.map((text) => countTerms(termsOf(text)));
    for (const [text, counts] of counted.entries()) {
      for (const term of counts.keys()) {
        const known = this.#postings.get(term) ?? { texts: [], weights: [], rarity: 0 };
        known.texts.push(text);
        this.#postings.set(term, known);
      }
    }
    for (const postings of this.#postings.values()) postings.rarity = rarity(postings.texts.length);
    for (const counts of counted) {
      const { known, weights } = this.#unitWeights(counts);
      for (const [index, postings] of known.entries()) postings.weights.push(weights[index]!);
    }
  }

  /**
   * Adds to each of `sums` the cosine, in [0, 1], of the text with the indexed text of that position; 0 for a text
   * without terms. O(terms · texts that have them).
   */
  addCosines(text: string, sums: Float64Array): void {
    const { known, weights } = this.#unitWeights(countTerms(this.#termsOf(text)));
    for (let term = 0; term < known.length; term += 1) addScaled(known[term]!, weights[term]!, sums);
  }

  /** Of the terms that indexed texts have; the others count in the length only. */
  #unitWeights(counts: ReadonlyMap<string, number>): { readonly known: Postings[]; readonly weights: number[] } {
    const known: Postings[] = [];
    const weights: number[] = [];
    let squares = 0;
    for (const [term, count] of counts) {
      const postings = this.#postings.get(term);
      const weight = (1 + Math.log(count)) * (postings ? postings.rarity : this.#unknownRarity);
      squares += weight * weight;
      if (!postings) continue;
      known.push(postings);
      weights.push(weight);
    }
    const length = Math.sqrt(squares);
    for (let term = 0; term < weights.length; term += 1) weights[term]! /= length;
    return { known, weights };
  }
}

function addScaled({ texts, weights }: Postings, factor: number, sums: Float64Array): void {
  for (let i = 0; i < texts.length; i += 1) sums[texts[i]!]! += factor * weights[i]!;
}

function countTerms(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}
