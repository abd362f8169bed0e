import { FilteredError, ProviderError, ReplyError } from '../../domain/errors.ts';
import type { PaidReply } from '../../domain/ledger.ts';
import { type CallCost, NO_CALLS } from '../../domain/usage.ts';
import { type Answer, type Asker, callCost } from '../../models/asker.ts';
import type { LlmRequest } from '../../models/providers/llm-client.ts';

export interface WritingOptions {
  /** The purpose of the call, in the ledger. */
  readonly kind: string;
  readonly subject: string;
  /** The name of the answer, for people: "the draft". */
  readonly what: string;
  /** Tried in turn until an answer is usable. */
  readonly generations: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

/** The text of a model, or the problem with it: "is empty". */
type Written = { readonly text: string } | { readonly problem: string };

/** An answer that was cut is usable. */
const READING = {
  acceptsCut: true,
  // A refusal is read here: asked for a repair, a model only refuses again.
  acceptsRefusal: true,
  parse: (text: string, { stop }: PaidReply): Written => {
    // First, since a refusal may come without a word.
    if (text.trim() === '') return { problem: 'is empty' };
    return stop === 'refusal' ? { problem: 'declines the request' } : { text };
  },
};
/** The statuses of requests that are too long, among other causes. */
const REJECTED: ReadonlySet<number | undefined> = new Set([400, 413, 422]);

/**
 * A model's free answer to a request, which may be cut at its end. One call per generation, each paid for once: the next
 * generation is requested only after a refusal or an empty answer.
 * @throws ReplyError when all generations fail, or when the request does not fit into the model's context. Requests are
 * not shortened, since an answer to half an instruction is useless
 * @throws ProviderError | BudgetExceededError; or the signal's reason
 */
export async function writtenAnswer(
  asker: Asker,
  request: LlmRequest,
  { kind, subject, what, generations, signal }: WritingOptions,
): Promise<Answer<string>> {
  const tokens = promptTokens(asker, request);
  const room = asker.contextTokens - request.maxOutputTokens;
  if (tokens > room) throw tooLong(tokens, room);
  let paid = 0;
  let problem = 'was not requested';
  try {
    for (const generation of generations) {
      const answer = await asker.ask({ kind, subject, request, generation, ...READING }, signal);
      paid += answer.costMicroUsd;
      if ('text' in answer.value) return { value: answer.value.text, model: answer.model, costMicroUsd: paid };
      problem = answer.value.problem;
    }
  } catch (error) {
    // The model's tokenizer may count more tokens than ours, and servers report that in different ways.
    const mayBeTooLong = asker.estimate(request, 0).largestRequestTokens > asker.contextTokens;
    const rejected = error instanceof ProviderError && REJECTED.has(error.status);
    throw mayBeTooLong && rejected ? tooLong(tokens, room) : error;
  }
  throw new ReplyError(`${what} ${problem}.`, paid);
}

/** The stored answer of these generations. @returns the text, or the number of generations not requested yet */
export function storedAnswer(
  asker: Asker,
  request: LlmRequest,
  generations: readonly number[],
): { readonly text: string } | { readonly unasked: number } {
  let unasked = 0;
  for (const generation of generations) {
    const recalled = asker.recall({ request, generation, ...READING });
    if (recalled.state === 'failed' && recalled.error instanceof FilteredError) return { unasked: 0 };
    if (recalled.state !== 'answered') unasked += 1;
    else if ('text' in recalled.value) return { text: recalled.value.text };
  }
  return { unasked };
}

/** The cost of an answer that is not stored yet; zero when the request is too long to be sent. */
export function writingCost(asker: Asker, request: LlmRequest, usualTokens: number): CallCost {
  const estimate = asker.estimate(request, 0);
  const isTooLong = estimate.inputTokens > asker.contextTokens - request.maxOutputTokens;
  return isTooLong ? NO_CALLS : callCost(estimate, usualTokens);
}

function promptTokens(asker: Asker, { system, messages }: LlmRequest): number {
  return asker.countTokens([system, ...messages.map(({ content }) => content)].join('\n'));
}

function tooLong(tokens: number, room: number): ReplyError {
  const counts = `about ${tokens.toLocaleString('en-US')} tokens, with room for ${room.toLocaleString('en-US')}`;
  return new ReplyError(`the instruction is too long for the model: ${counts}.`);
}
