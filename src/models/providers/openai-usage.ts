import type { ReportedUsage } from '../../domain/usage.ts';
import { tokenCount } from '../metering/settled-usage.ts';

/**
 * Reads the `usage` of OpenAI's API. Servers differ in where they count thinking: within the completion, beside it and
 * in the total, or beside it alone. It is billed as output, so the largest reading counts.
 */
export function openAiUsage(usage: unknown): ReportedUsage {
  const {
    prompt_tokens,
    completion_tokens,
    total_tokens,
    prompt_tokens_details,
    completion_tokens_details,
    ...others
  } = fields(usage);
  const inputTokens = tokenCount(prompt_tokens);
  const completion = tokenCount(completion_tokens);
  const total = tokenCount(total_tokens);
  const thought = tokenCount(fields(completion_tokens_details).reasoning_tokens) ?? 0;
  // DeepSeek names it by itself.
  const cachedInputTokens =
    tokenCount(fields(prompt_tokens_details).cached_tokens) ?? tokenCount(others.prompt_cache_hit_tokens);
  // Thinking that is more than the whole completion is not part of it.
  const written = completion !== undefined && thought > completion ? completion + thought : completion;
  const unexplained = total === undefined ? undefined : Math.max(0, total - (inputTokens ?? 0));
  const outputTokens = written === undefined ? unexplained : Math.max(written, unexplained ?? 0);
  return { inputTokens, cachedInputTokens, outputTokens };
}

/** Tokens of thinking, where the server counts them apart. */
export function thinkingTokens(usage: unknown): number | undefined {
  const { completion_tokens_details } = fields(usage);
  return tokenCount(fields(completion_tokens_details).reasoning_tokens);
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
