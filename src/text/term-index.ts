/** What a text is compared by, repeats included. */
export type TermsOf = (text: string) => readonly string[];

interface Postings {
  /** Texts that have the term, ascending. */
  readonly texts: number[];
  readonly weights: number[];
}

/**
 * Some texts as vectors of weighted terms, to compare other texts with. A term's weight is (1 + ln count), times its
 * rarity (1 + ln((1 + n) / (1 + texts with the term))) where rare terms are to count more.
 * Memory: the distinct terms of each text.
 */
export class TermIndex {
  readonly #termsOf: TermsOf;
  readonly #rarer: boolean;
  readonly #count: number;
  readonly #postings = new Map<string, Postings>();

  constructor(texts: readonly string[], termsOf: TermsOf, { rarer }: { readonly rarer: boolean }) {
    this.#termsOf = termsOf;
    this.#rarer = rarer;
    this.#count = texts.length;
    const counted = texts.map((text) => countTerms(termsOf(text)));
    for (const [text, counts] of counted.entries()) {
      for (const term of counts.keys()) {
        const known = this.#postings.get(term) ?? { texts: [], weights: [] };
        known.texts.push(text);
        this.#postings.set(term, known);
      }
    }
    for (const counts of counted) {
      const weights = this.#unitWeights(counts);
      for (const [term, weight] of weights) this.#postings.get(term)!.weights.push(weight);
    }
  }

  /**
   * Adds to each of `sums` the cosine, in [0, 1], of the text with the indexed text of that position; 0 for a text
   * without terms. O(terms · texts that have them).
   */
  addCosines(text: string, sums: Float64Array): void {
    for (const [term, weight] of this.#unitWeights(countTerms(this.#termsOf(text)))) {
      const found = this.#postings.get(term);
      if (!found) continue;
      const { texts, weights } = found;
      for (let i = 0; i < texts.length; i += 1) sums[texts[i]!]! += weight * weights[i]!;
    }
  }

  #unitWeights(counts: ReadonlyMap<string, number>): [term: string, weight: number][] {
    let squares = 0;
    const weights = Array.from(counts, ([term, count]): [string, number] => {
      const weight = (1 + Math.log(count)) * (this.#rarer ? this.#rarityOf(term) : 1);
      squares += weight * weight;
      return [term, weight];
    });
    const length = Math.sqrt(squares);
    for (const pair of weights) pair[1] /= length;
    return weights;
  }

  #rarityOf(term: string): number {
    const holders = this.#postings.get(term)?.texts.length ?? 0;
    return 1 + Math.log((1 + this.#count) / (1 + holders));
  }
}

function countTerms(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}
