import type { MicroUsd } from './money.ts';
import type { RateMemory } from './rate-limits.ts';
import type { ReportedUsage, TokenUsage } from './usage.ts';

/** Hard limits of what a run may spend. An absent one is no limit. */
export interface BudgetCaps {
  readonly maxMicroUsd?: MicroUsd;
  /** Requests that were billed, may have been billed or are under way. */
  readonly maxCalls?: number;
  /** Input plus output tokens. */
  readonly maxTokens?: number;
}

/** A call about to be made, with the most it can cost. */
export interface PlannedCall {
  /** What the call is for: `choose`, `embed`, … */
  readonly kind: string;
  /** Which piece of work it belongs to, for people: "query 3, vote 1". */
  readonly subject: string;
  /** Identifies the request by content: two calls of one hash ask the same thing. */
  readonly requestHash: string;
  readonly provider: string;
  readonly model: string;
  readonly worstCaseTokens: number;
  readonly worstCaseMicroUsd: MicroUsd;
}

/** One token of an answer and what could have stood in its place, the token itself among them as a rule. */
export interface TokenLogprobs {
  readonly token: string;
  readonly alternatives: readonly { readonly token: string /** Natural logarithm, ≤ 0. */; readonly logprob: number }[];
}

/** An answer that was received, and so paid for. */
export interface PaidReply {
  /** The text of the answer, as received. Empty for calls whose result is stored elsewhere (embeddings). */
  readonly text: string;
  /** The model snapshot that answered, as the provider names it. */
  readonly model: string;
  /** What it is settled at: never less than our own count of what was sent and received. */
  readonly usage: TokenUsage;
  /** What the provider said of its tokens, where it is settled at other figures. */
  readonly reported?: ReportedUsage;
  /** `complete`: a whole answer; `length`: cut by the output limit; `refusal`: the model or a filter declined. */
  readonly stop: 'complete' | 'length' | 'refusal';
  /** A content filter refused the request: `text` says so. Counted as read by the provider, which may bill it. */
  readonly isFiltered?: true;
  readonly costMicroUsd: MicroUsd;
  /** Where they were asked for and given. */
  readonly logprobs?: readonly TokenLogprobs[];
}

export interface Spending {
  /** Paid for certain. */
  readonly settledMicroUsd: MicroUsd;
  /** Reserved for requests under way. */
  readonly reservedMicroUsd: MicroUsd;
  /** Reserved by requests whose fate is unknown (dropped, timed out, the process died): counted as spent. */
  readonly lostMicroUsd: MicroUsd;
  readonly settledCalls: number;
  readonly reservedCalls: number;
  readonly lostCalls: number;
  /** Settled calls whose provider gave no usable number of tokens, or fewer than were sent and received. */
  readonly recountedCalls: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** Reserved and lost tokens. */
  readonly unsettledTokens: number;
}

/** A model on a server. */
export interface ServedModelName {
  readonly provider: string;
  readonly endpoint: string;
  readonly model: string;
}

/** Keeps how many tokens a model holds, since prompts follow from it: a run goes on with what it began with. */
export interface ContextMemory {
  /** @returns undefined where it has to be asked for; without `contextTokens` where the server does not say */
  find(served: ServedModelName): { readonly contextTokens: number | undefined } | undefined;
  keep(served: ServedModelName, contextTokens: number | undefined): void;
}

/**
 * Every reservation and every real cost. Each method is one durable transaction: when it returns, a
 * crash cannot undo it. At every moment settled + reserved + lost ≤ each cap.
 */
export interface CallLedger {
  /** Where it is kept how fast models may be asked. Absent: every run learns it again. */
  readonly rates?: RateMemory;
  /** Where it is kept what models hold. Absent: every run asks for it again. */
  readonly contexts?: ContextMemory;
  /**
   * Sets the worst case aside before the request is sent.
   * @returns the number of the attempt
   * @throws BudgetExceededError when it does not fit under a cap
   */
  reserve(call: PlannedCall): number;
  /** The answer came: stores it and replaces the reservation by its real cost. */
  settle(attempt: number, reply: PaidReply): void;
  /** The provider rejected the request, so nothing is billed: frees the reservation. */
  release(attempt: number, error: string): void;
  /** It is unknown whether the request is billed: the reservation stays. */
  lose(attempt: number, error: string): void;
  /** The stored answer to a request, if it was ever received. */
  findReply(requestHash: string): PaidReply | undefined;
  spending(): Spending;
}
