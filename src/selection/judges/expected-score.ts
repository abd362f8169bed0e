import type { TokenLogprobs } from '../../domain/ledger.ts';
import type { Scale } from './criteria.ts';

/** A key and a whole number that is over: "4" of "4,", but neither "4" of "42" nor of "4.5". */
const SCORE = /"score"\s*:\s*(\d+)(?![\d.])/;

/**
 * The expectation over the whole scores of a scale, from what could have stood where the score stands. Every
 * alternative that continues the answer with a whole score counts for that score, whatever else is in it ("4", " 4",
 * "4}", `":4`). The probabilities are scaled to a sum of 1 over the scores; a score that is not among the alternatives
 * has none. Cost: O(tokens + alternatives).
 *
 * Source: DEITA (arXiv 2312.15685) §2.2, the expectation over its scorer's six score tokens. Its reference code gives
 * 3.0 to whatever lacks one of the six; here the missing one just has no weight.
 * @param logprobs of the first tokens of a JSON answer
 * @param said the whole score the answer gives; its token is the one that is looked for
 * @returns undefined where nothing can be told: then the score it says is all there is
 */
export function expectedScore(logprobs: readonly TokenLogprobs[], said: number, scale: Scale): number | undefined {
  const weights = new Map<number, number>();
  for (const { score, logprob } of scoreAlternatives(logprobs, said)) {
    if (score < scale.min || score > scale.max) continue;
    weights.set(score, (weights.get(score) ?? 0) + Math.exp(logprob));
  }
  // Some servers pair a token with the alternatives of another place; then its own score has no weight.
  if (!weights.get(said)) return undefined;
  let total = 0;
  for (const weight of weights.values()) total += weight;
  let expectation = 0;
  for (const [score, weight] of weights) expectation += score * (weight / total);
  // Rounding may lead past the ends by a hair.
  return Math.min(scale.max, Math.max(scale.min, expectation));
}

/** What could have stood for the score that is said, as far as it is a whole number. */
function scoreAlternatives(
  logprobs: readonly TokenLogprobs[],
  said: number,
): { readonly score: number; readonly logprob: number }[] {
  const text = logprobs.map(({ token }) => token).join('');
  const match = [...text.matchAll(new RegExp(SCORE, 'g'))].find(([, digits]) => Number(digits) === said);
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
