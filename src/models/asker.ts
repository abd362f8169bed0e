import type { ReplyError } from '../domain/errors.ts';
import type { PaidReply } from '../domain/ledger.ts';
import type { MicroUsd } from '../domain/money.ts';
import type { CallCost } from '../domain/usage.ts';
import type { LikelihoodModel } from './likelihood-model.ts';
import type { LlmRequest } from './providers/llm-client.ts';

/** Something to ask a model, and how to read its answer. */
export interface Question<T> {
  /** What the call is for: `choose`, … */
  readonly kind: string;
  /** Which piece of work it belongs to, for people: "query 3, vote 1". */
  readonly subject: string;
  readonly request: LlmRequest;
  /** Raised when earlier answers are to be disregarded; the same generation is never asked twice. */
  readonly generation: number;
  /** @throws ReplyError when the text is no usable answer; its `problem` is told to the model */
  parse(text: string, reply: PaidReply): T;
  /** Whether an answer cut off by the output limit is an answer all the same. */
  readonly acceptsCut?: boolean;
  /** Whether declining is an answer: `parse` then reads what the model said, which may be nothing. */
  readonly acceptsRefusal?: boolean;
}

export interface Answer<T> {
  readonly value: T;
  /** The model snapshot that gave it. */
  readonly model: string;
  /** Cost of the answer and of the unusable ones before it. */
  readonly costMicroUsd: MicroUsd;
}

/** How far the stored replies to a question lead. */
export type Recalled<T> =
  | { readonly state: 'answered'; readonly value: T }
  /** No reply can be used, the last repair included: it is not asked again. A FilteredError holds for later generations too. */
  | { readonly state: 'failed'; readonly error: ReplyError }
  /** The next request that must be paid for, and how many repairs may follow that. */
  | { readonly state: 'open'; readonly request: LlmRequest; readonly repairs: number };

/** What asking once will take, and at most can take if it must be asked again after unusable replies. */
export interface QuestionEstimate {
  readonly inputTokens: number;
  /** Input and output of the largest single request, at most: what the model's context must hold. */
  readonly largestRequestTokens: number;
  readonly worstCaseCalls: number;
  readonly worstCaseTokens: number;
  readonly worstCaseMicroUsd: MicroUsd;
  expectedMicroUsd(outputTokens: number): MicroUsd;
}

/** Asks questions, each paid for once: stored replies are used again, the model is asked to repair bad ones. */
export interface Asker {
  readonly provider: string;
  readonly model: string;
  /** How many tokens a prompt and its answer may have together. */
  readonly contextTokens: number;
  /** Extra output tokens a reasoning model may need beside its answer; 0 for others. */
  readonly reasoningTokens: number;
  /** Most requests it makes at once; more questions than that wait for each other. */
  readonly concurrency: number;
  /** See `LlmClient.usesCoverage`. */
  readonly usesCoverage?: boolean;
  countTokens(text: string): number;
  /**
   * @param signal start no further request for this question; one under way ends by itself
   * @throws ReplyError when no usable answer came after two repairs; FilteredError when a content filter refused it
   * @throws ProviderError when the provider cannot be reached or turns the request down
   * @throws BudgetExceededError when the call does not fit under a cap
   */
  ask<T>(question: Question<T>, signal?: AbortSignal): Promise<Answer<T>>;
  /** What the stored replies to a question come to, read as `ask` reads them. Sends no request. */
  recall<T>(question: Omit<Question<T>, 'kind' | 'subject'>): Recalled<T>;
  /** Says how likely texts are to the model; absent where the provider does not tell. */
  readonly likelihoods?: LikelihoodModel | undefined;
  /** @param repairs how often the answer may have to be repaired; by default as often as `ask` tries at most */
  estimate(request: LlmRequest, repairs?: number): QuestionEstimate;
}

/** @param outputTokens how long the answer probably is */
export function callCost(estimate: QuestionEstimate, outputTokens: number): CallCost {
  return {
    calls: { expected: 1, worstCase: estimate.worstCaseCalls },
    tokens: { expected: estimate.inputTokens + outputTokens, worstCase: estimate.worstCaseTokens },
    costMicroUsd: { expected: estimate.expectedMicroUsd(outputTokens), worstCase: estimate.worstCaseMicroUsd },
  };
}
