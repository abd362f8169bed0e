import type { ReportedUsage, TokenUsage } from '../../domain/usage.ts';

/** More tokens than any context holds. A larger figure is a fault of the server. */
const MOST_TOKENS = 1e9;

/** What we know of a call ourselves. */
export interface HeldUsage {
  /** Our own count of the prompt that was sent and the text that came back. Nothing is settled below it. */
  readonly counted: Pick<TokenUsage, 'inputTokens' | 'outputTokens'>;
  /** For what the server does not say: never less than it can have used. */
  readonly unsaid: Pick<TokenUsage, 'inputTokens' | 'outputTokens'>;
}

/** What a call is settled at, and what the provider said where that is something else. */
export interface SettledUsage {
  readonly usage: TokenUsage;
  readonly reported?: ReportedUsage;
}

/**
 * Settles a call: the provider's figures where they are whole numbers and not below our own count, else the dearer
 * reading. A discount for cached input is only believed of a prompt that is counted right.
 */
export function settledUsage(given: unknown, { counted, unsaid }: HeldUsage): SettledUsage {
  const reported = reportedUsage(given);
  const {
    inputTokens: input,
    outputTokens: output,
    cachedInputTokens: cached = 0,
    cacheWriteTokens: written,
  } = reported;
  const isRightInput = input !== undefined && input >= counted.inputTokens;
  const isRightOutput = output !== undefined && output >= counted.outputTokens;
  const inputTokens = Math.max(counted.inputTokens, input ?? unsaid.inputTokens);
  const usage = {
    inputTokens,
    cachedInputTokens: isRightInput && cached <= inputTokens ? cached : 0,
    outputTokens: Math.max(counted.outputTokens, output ?? unsaid.outputTokens),
    ...(written ? { cacheWriteTokens: Math.min(written, inputTokens - (isRightInput ? cached : 0)) } : {}),
  };
  return isRightInput && isRightOutput && cached <= inputTokens ? { usage } : { usage, reported };
}

function reportedUsage(given: unknown): ReportedUsage {
  const { inputTokens, cachedInputTokens, outputTokens, cacheWriteTokens } = (given ?? {}) as Record<
    keyof TokenUsage,
    unknown
  >;
  const counts = {
    inputTokens: tokenCount(inputTokens),
    cachedInputTokens: tokenCount(cachedInputTokens),
    outputTokens: tokenCount(outputTokens),
    cacheWriteTokens: tokenCount(cacheWriteTokens),
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined));
}

/** Reads a number of tokens, also one that is written as text. @returns undefined for everything else */
export function tokenCount(value: unknown): number | undefined {
  const count = typeof value === 'string' && /^\d{1,10}$/.test(value.trim()) ? Number(value) : value;
  return typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= MOST_TOKENS ? count : undefined;
}
