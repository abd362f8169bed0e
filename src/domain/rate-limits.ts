/** One limit of a provider, as the headers of a response state it. */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  /** Until it is whole again. */
  readonly resetMs?: number;
}

export type LimitName = 'requests' | 'tokens' | 'inputTokens' | 'outputTokens';

/** What a response says of its provider's limits. */
export type RateLimits = Readonly<Partial<Record<LimitName, RateLimit>>>;

/** What refusals have taught of a model's limits. */
export interface LearnedRates {
  readonly requestsPerMs?: number | undefined;
  readonly tokensPerMs?: number | undefined;
}

/** Keeps it from one run to the next. */
export interface RateMemory {
  find(provider: string, model: string): LearnedRates | undefined;
  keep(provider: string, model: string, rates: LearnedRates): void;
}
