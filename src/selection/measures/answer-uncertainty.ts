import type { TokenLogprobs } from '../../domain/ledger.ts';

/** Below it a token counts as this likely, so that a model that is sure to be wrong is no infinity. */
const LEAST_LOGPROB = -50;

/**
 * How unsure a model is of its answer, from the alternatives to each token; higher is less sure. With p₁ ≥ p₂ ≥ … for
 * the alternatives of a token, H for their entropy (what is missing to a sum of 1 counts as one more alternative), and p
 * for the probability of the token the model wrote:
 * - `mean-entropy`: the mean of H; `max-token`: the largest H;
 * - `least-confidence`: −Σ ln p, which ranks as 1 − the probability of the whole answer does;
 * - `mean-margin`, `min-margin`: 1 − the mean, or the smallest, of p₁ − p₂;
 * - `probability`: 1 − the geometric mean of p, which does not depend on the length.
 *
 * Source: Bhatt et al. 2024 (arXiv 2401.06692) §3. There the entropies are over the whole vocabulary.
 */
export const ANSWER_UNCERTAINTIES = {
  'mean-entropy': (tokens) => mean(tokens.map(({ entropy }) => entropy)),
  'least-confidence': (tokens) => tokens.reduce((sum, { logprob }) => sum - logprob, 0),
  'mean-margin': (tokens) => 1 - mean(tokens.map(({ margin }) => margin)),
  'min-margin': (tokens) => 1 - Math.min(...tokens.map(({ margin }) => margin)),
  'max-token': (tokens) => Math.max(...tokens.map(({ entropy }) => entropy)),
  probability: (tokens) => 1 - Math.exp(mean(tokens.map(({ logprob }) => logprob))),
} as const satisfies Record<string, (tokens: readonly ReadToken[]) => number>;

export type AnswerUncertainty = keyof typeof ANSWER_UNCERTAINTIES;

interface ReadToken {
  readonly logprob: number;
  readonly entropy: number;
  readonly margin: number;
}

/** @returns undefined when no token has alternatives */
export function uncertaintyOf(logprobs: readonly TokenLogprobs[], by: AnswerUncertainty): number | undefined {
  const tokens = logprobs.filter(({ alternatives }) => alternatives.length > 0).map(readToken);
  return tokens.length === 0 ? undefined : ANSWER_UNCERTAINTIES[by](tokens);
}

function readToken({ token, alternatives }: TokenLogprobs): ReadToken {
  const logprobs = alternatives.map(({ logprob }) => Math.min(0, Math.max(LEAST_LOGPROB, logprob)));
  const probabilities = logprobs.map(Math.exp).sort((a, b) => b - a);
  const rest = Math.max(0, 1 - probabilities.reduce((sum, one) => sum + one, 0));
  const written = alternatives.findIndex((alternative) => alternative.token === token);
  return {
    logprob: logprobs[written < 0 ? 0 : written]!,
    entropy: [...probabilities, rest].reduce((sum, one) => (one > 0 ? sum - one * Math.log(one) : sum), 0),
    margin: probabilities[0]! - (probabilities[1] ?? rest),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
