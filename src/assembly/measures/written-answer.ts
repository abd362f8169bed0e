import type { CallCost } from '../../domain/usage.ts';
import { NO_CALLS } from '../../domain/usage.ts';
import { ProviderError } from '../../errors/provider-error.ts';
import { ReplyError } from '../../errors/reply-error.ts';
import { type Answer, type Asker, callCost } from '../../llm/asker.ts';
import type { LlmRequest } from '../../llm/llm-client.ts';

export interface WritingOptions {
  /** What the call is for, in the ledger. */
  readonly kind: string;
  readonly subject: string;
  readonly generation: number;
  readonly signal?: AbortSignal | undefined;
}

/** Reads every answer as it is. */
const AS_IT_IS = { acceptsCut: true, acceptsRefusal: true, parse: (text: string) => text };
/** How a request is turned down that is too long, among other things. */
const TURNED_DOWN: ReadonlySet<number | undefined> = new Set([400, 413, 422]);

/**
 * What a model writes when it is left to itself: every answer counts, one that declines, one that is cut and one that
 * says nothing. One call, paid for once.
 * @throws ReplyError where the model's context does not hold the request: nothing is shortened, for an answer to half an
 * instruction is none
 * @throws ProviderError | BudgetExceededError; or the signal's reason
 */
export async function writtenAnswer(
  asker: Asker,
  request: LlmRequest,
  { kind, subject, generation, signal }: WritingOptions,
): Promise<Answer<string>> {
  const tokens = promptTokens(asker, request);
  const room = asker.contextTokens - request.maxOutputTokens;
  if (tokens > room) throw tooLong(tokens, room);
  try {
    return await asker.ask({ kind, subject, request, generation, ...AS_IT_IS }, signal);
  } catch (error) {
    // Its tokenizer may make more of the text than ours does, and servers do not agree on how to say so.
    const mayBeTooLong = asker.estimate(request, 0).largestRequestTokens > asker.contextTokens;
    const turnedDown = error instanceof ProviderError && TURNED_DOWN.has(error.status);
    throw mayBeTooLong && turnedDown ? tooLong(tokens, room) : error;
  }
}

/** What a model wrote, where that is stored. */
export function storedAnswer(asker: Asker, request: LlmRequest, generation: number): string | undefined {
  const recalled = asker.recall({ request, generation, ...AS_IT_IS });
  return recalled.state === 'answered' ? recalled.value : undefined;
}

/** What an answer will take that is not stored yet: nothing where the request is too long to be sent. */
export function writingCost(asker: Asker, request: LlmRequest, usualTokens: number): CallCost {
  const estimate = asker.estimate(request, 0);
  const isTooLong = estimate.inputTokens > asker.contextTokens - request.maxOutputTokens;
  return isTooLong ? NO_CALLS : callCost(estimate, usualTokens);
}

function promptTokens(asker: Asker, { system, messages }: LlmRequest): number {
  return asker.countTokens([system, ...messages.map(({ content }) => content)].join('\n'));
}

function tooLong(tokens: number, room: number): ReplyError {
  const counts = `${tokens.toLocaleString('en-US')} tokens by our count, and it has room for ${room.toLocaleString('en-US')}`;
  return new ReplyError(`the instruction is too long for the model: ${counts}.`);
}
