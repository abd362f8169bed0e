import { readableText } from '../../text/readable-text.ts';
import { splitWords } from '../../text/words.ts';
import type { PromptCandidate } from '../providers/llm-client.ts';

/** Unit-length weights by term; empty for a text without words. */
type TermVector = ReadonlyMap<string, number>;

/**
 * Prepares candidates for comparison by the words and pairs of neighbouring words they share (tf-idf, so that what all
 * candidates of the query say counts nothing). Inputs are part of the text.
 *
 * @returns similarity(i, j): cosine in [0, 1] of the candidates at positions i and j; 1 for equal texts, empty ones included
 */
export function lexicalSimilarity(
  candidates: readonly Omit<PromptCandidate, 'id'>[],
): (i: number, j: number) => number {
  const texts = candidates.map(
    ({ instruction, input = '', earlier_conversation: earlier = '' }) =>
      `${readableText(instruction)}\n${readableText(`${input}${earlier === '' ? '' : `\n${earlier}`}`)}`,
  );
  const counts = texts.map(termCounts);
  const holders = new Map<string, number>();
  for (const terms of counts) for (const term of terms.keys()) holders.set(term, (holders.get(term) ?? 0) + 1);
  const vectors = counts.map((terms) => unitVector(terms, holders, candidates.length));
  return (i, j) => (texts[i] === texts[j] ? 1 : cosine(vectors[i]!, vectors[j]!));
}

function termCounts(text: string): Map<string, number> {
  const words = splitWords(text.toLowerCase());
  const counts = new Map<string, number>();
  words.forEach((word, position) => {
    for (const term of position === 0 ? [word] : [word, `${words[position - 1]} ${word}`]) {
      counts.set(term, (counts.get(term) ?? 0) + 1);
    }
  });
  return counts;
}

function unitVector(counts: Map<string, number>, holders: Map<string, number>, candidateCount: number): TermVector {
  const weights = new Map<string, number>();
  let squares = 0;
  for (const [term, count] of counts) {
    const rarity = Math.log((1 + candidateCount) / (1 + holders.get(term)!));
    const weight = (1 + Math.log(count)) * rarity;
    weights.set(term, weight);
    squares += weight * weight;
  }
  if (squares === 0) return new Map();
  const norm = Math.sqrt(squares);
  for (const [term, weight] of weights) weights.set(term, weight / norm);
  return weights;
}

function cosine(a: TermVector, b: TermVector): number {
  let product = 0;
  for (const [term, weight] of a) product += weight * (b.get(term) ?? 0);
  return Math.min(1, product);
}
