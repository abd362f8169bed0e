import type { MicroUsd } from '../domain/money.ts';
import type { CallCost } from '../domain/usage.ts';

/** How likely a text is to a model. */
export interface TextLikelihood {
  /** Mean natural logarithm of the probability of a token given the ones before it, ≤ 0. */
  readonly meanLogprob: number;
  /** How many tokens it is the mean of: all that are read but the first, before which there is nothing. */
  readonly tokens: number;
  /** The model snapshot that was asked. */
  readonly model: string;
  /** Cost of the reply and of the unusable ones before it. */
  readonly costMicroUsd: MicroUsd;
}

/** Says how likely texts are, each paid for once. */
export interface LikelihoodModel {
  /** Which model, where, and how much of a text it reads: likelihoods of another name do not compare. */
  readonly name: string;
  /** Which model, for people. */
  readonly shortName: string;
  /** Most requests it makes at once. */
  readonly concurrency: number;
  /**
   * @param options.generation raised by one to ask again what got no usable reply
   * @throws ReplyError where the text has fewer than two tokens or the reply makes no sense
   * @throws ProviderError where the server does not give the log-probabilities of a prompt, or cannot be reached
   * @throws BudgetExceededError; or the signal's reason
   */
  likelihood(
    text: string,
    options: { readonly subject: string; readonly generation: number; readonly signal?: AbortSignal | undefined },
  ): Promise<TextLikelihood>;
  /**
   * What it takes up to a generation, by default the first: nothing where it is known already, or where all that may be
   * asked has been and came to nothing.
   */
  estimate(text: string, options?: { readonly generation?: number }): CallCost;
}
