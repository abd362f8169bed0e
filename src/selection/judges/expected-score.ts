import type { TokenLogprobs } from '../../domain/ledger.ts';
import type { Scale } from './criteria.ts';

/** A key, or nothing, and a complete whole number: "4" of "4,", but neither "4" of "42" nor of "4.5". */
const SCORE = /(?:"score"\s*:|^)\s*(\d+)(?![\d.])/;

/**
 * The expectation over the whole scores of a scale, computed from the alternatives to the score's token. Every
 * alternative that continues the answer with a whole score counts for that score, including any other characters in it
 * ("4", " 4", "4}", `":4`). The probabilities of the scores are scaled to a sum of 1; a score without an alternative has
 * probability 0. Cost: O(tokens + alternatives).
 *
 * Source: DEITA (arXiv 2312.15685) §2.2, the expectation over its scorer's six score tokens. Its reference code gives
 * 3.0 when one of the six is missing; here a missing one has no weight.
 * @param logprobs of the first tokens of an answer: JSON, or one that begins with the score
 * @param stated the whole score in the answer; its token is looked up
 * @returns undefined when the alternatives give no expectation: use the stated score
 */
export function expectedScore(logprobs: readonly TokenLogprobs[], stated: number, scale: Scale): number | undefined {
  const weights = new Map<number, number>();
  for (const { score, logprob } of scoreAlternatives(logprobs, stated)) {
    if (score < scale.min || score > scale.max) continue;
    weights.set(score, (weights.get(score) ?? 0) + Math.exp(logprob));
  }
  // Some servers return a token with the alternatives of another position. The stated score then has no weight.
  if (!weights.get(stated)) return undefined;
  let total = 0;
  for (const weight of weights.values()) total += weight;
  let expectation = 0;
  for (const [score, weight] of weights) expectation += score * (weight / total);
  // Rounding can exceed the ends slightly.
  return Math.min(scale.max, Math.max(scale.min, expectation));
}

/** The alternatives to the stated score that are whole numbers. */
function scoreAlternatives(
  logprobs: readonly TokenLogprobs[],
  stated: number,
): { readonly score: number; readonly logprob: number }[] {
  const text = logprobs.map(({ token }) => token).join('');
  const match = [...text.matchAll(new RegExp(SCORE, 'g'))].find(([, digits]) => Number(digits) === stated);
  if (!match) return [];
  const digitsStart = match.index + match[0].length - match[1]!.length;
  let start = 0;
  for (const { token, alternatives } of logprobs) {
    if (digitsStart < start + token.length) {
      const before = text.slice(0, start);
      return alternatives.flatMap((alternative) => {
        const continued = `${before}${alternative.token}`.slice(match.index);
        const score = SCORE.exec(continued);
        return score?.index === 0 ? [{ score: Number(score[1]), logprob: alternative.logprob }] : [];
      });
    }
    start += token.length;
  }
  return [];
}
