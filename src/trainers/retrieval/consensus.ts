import { largestPositions } from '../../math/largest-positions.ts';

/** How many neighbours have a say. */
const NEIGHBOURS = 30;
/** A neighbour that is less similar by this much has 1/e of the weight. */
const TEMPERATURE = 0.1;

export interface Consensus {
  /** Position of the labeled instruction whose response is the answer. */
  readonly chosen: number;
  /** How much the other neighbours agree with it, weighted by similarity: [0, 1]; 0 where it has no other. */
  readonly confidence: number;
}

/**
 * Of the 30 most similar labeled instructions, the one whose response agrees most with all of theirs, weighted by
 * exp(similarity / 0.1): so an answer that many say wins over the answer of the nearest one, unless that one is much
 * nearer. Ties → the more similar one, then the lower position. O(m + 30²).
 * Source: minimum Bayes risk decoding (Kumar & Byrne 2004) with the neighbours as the sample.
 * @param similarity to each of m ≥ 1 labeled instructions
 * @param agreement in [0, 1] of the responses of two of them, in either order
 */
export function consensus(similarity: Float64Array, agreement: (a: number, b: number) => number): Consensus {
  const neighbours = largestPositions(similarity, NEIGHBOURS, () => true);
  const highest = similarity[neighbours[0]!]!;
  const weights = neighbours.map((position) => Math.exp((similarity[position]! - highest) / TEMPERATURE));
  const agreements = neighbourAgreements(neighbours, agreement);
  let best: Consensus & { readonly support: number } = { chosen: neighbours[0]!, confidence: 0, support: -1 };
  for (const [place, chosen] of neighbours.entries()) {
    let others = 0;
    let total = 0;
    for (let other = 0; other < neighbours.length; other += 1) {
      if (other === place) continue;
      others += weights[other]! * agreements[place * neighbours.length + other]!;
      total += weights[other]!;
    }
    const support = others + weights[place]!;
    if (support > best.support) best = { chosen, support, confidence: total === 0 ? 0 : others / total };
  }
  return { chosen: best.chosen, confidence: best.confidence };
}

/** Of every two neighbours, row by row. Each pair is asked for once. */
function neighbourAgreements(neighbours: readonly number[], agreement: (a: number, b: number) => number): Float64Array {
  const count = neighbours.length;
  const agreements = new Float64Array(count * count);
  for (let a = 0; a < count; a += 1) {
    for (let b = a + 1; b < count; b += 1) {
      const value = agreement(neighbours[a]!, neighbours[b]!);
      agreements[a * count + b] = value;
      agreements[b * count + a] = value;
    }
  }
  return agreements;
}
