import { formatUsdExactly, type MicroUsd, type Range } from './money.ts';

/** Tokens of one call as the provider counts them. */
export interface TokenUsage {
  /** All input tokens, cached ones included. */
  readonly inputTokens: number;
  /** The part of `inputTokens` the provider served from its cache. */
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** The part of `inputTokens` that was stored in the cache, where that is billed apart. */
  readonly cacheWriteTokens?: number | undefined;
}

/** What a provider says of the tokens of one call; absent where it says nothing that is a number of tokens. */
export type ReportedUsage = Partial<TokenUsage>;

/** Micro-dollars per million tokens. */
export interface ModelPrice {
  readonly input: MicroUsd;
  readonly cachedInput: MicroUsd;
  readonly output: MicroUsd;
  /** Of input that is stored in the cache, where that costs more than other input. */
  readonly cacheWrite?: MicroUsd;
}

/** Output of a chat model costs several times its input; below this part of it, the two were mixed up. */
const LEAST_OUTPUT_PART = 1 / 100;

/**
 * Why a price cannot be right, as a sentence; undefined where it can.
 * @param writes whether the model writes: embedding models have no output
 */
export function priceContradiction({ input, cachedInput, output }: ModelPrice, writes: boolean): string | undefined {
  const usd = (amount: MicroUsd) => formatUsdExactly(amount);
  if (cachedInput > input) return `cached input costs ${usd(cachedInput)}, more than other input at ${usd(input)}`;
  if (writes && output < input * LEAST_OUTPUT_PART) {
    return `output costs ${usd(output)}, less than a hundredth of input at ${usd(input)}`;
  }
  return undefined;
}

/** What some calls will take. */
export interface CallCost {
  readonly calls: Range;
  /** Input plus output. */
  readonly tokens: Range;
  readonly costMicroUsd: Range;
}

const NOTHING: Range = { expected: 0, worstCase: 0 };
export const NO_CALLS: CallCost = { calls: NOTHING, tokens: NOTHING, costMicroUsd: NOTHING };

export function sumCallCosts(costs: Iterable<CallCost>): CallCost {
  let sum = NO_CALLS;
  for (const { calls, tokens, costMicroUsd } of costs) {
    sum = {
      calls: addRanges(sum.calls, calls),
      tokens: addRanges(sum.tokens, tokens),
      costMicroUsd: addRanges(sum.costMicroUsd, costMicroUsd),
    };
  }
  return sum;
}

/** What trying until it succeeds takes: the first try is what is expected, all of them are the worst case. */
export function sumOfTries(tries: readonly CallCost[]): CallCost {
  return sumCallCosts(tries.map((cost, index) => (index === 0 ? cost : onlyAtWorst(cost))));
}

function onlyAtWorst({ calls, tokens, costMicroUsd }: CallCost): CallCost {
  const atWorst = ({ worstCase }: Range): Range => ({ expected: 0, worstCase });
  return { calls: atWorst(calls), tokens: atWorst(tokens), costMicroUsd: atWorst(costMicroUsd) };
}

function addRanges(a: Range, b: Range): Range {
  return { expected: a.expected + b.expected, worstCase: a.worstCase + b.worstCase };
}

export const NO_USAGE: TokenUsage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
export const FREE: ModelPrice = { input: 0, cachedInput: 0, output: 0 };

const MILLION = 1_000_000n;

/** What the tokens cost, rounded up to the next micro-dollar once for the whole call. */
export function costMicroUsd(usage: TokenUsage, price: ModelPrice): MicroUsd {
  const { cacheWriteTokens = 0 } = usage;
  const total =
    BigInt(usage.inputTokens - usage.cachedInputTokens - cacheWriteTokens) * BigInt(price.input) +
    BigInt(cacheWriteTokens) * BigInt(price.cacheWrite ?? price.input) +
    BigInt(usage.cachedInputTokens) * BigInt(price.cachedInput) +
    BigInt(usage.outputTokens) * BigInt(price.output);
  return Number((total + MILLION - 1n) / MILLION);
}

export function totalTokens(usage: TokenUsage): number {
  return usage.inputTokens + usage.outputTokens;
}
