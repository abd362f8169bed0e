import { ProviderError, ReplyError } from '../../domain/errors.ts';
import type { PaidReply } from '../../domain/ledger.ts';
import { type CallCost, NO_CALLS } from '../../domain/usage.ts';
import { type Answer, type Asker, callCost } from '../../models/asker.ts';
import type { LlmRequest } from '../../models/providers/llm-client.ts';

export interface WritingOptions {
  /** What the call is for, in the ledger. */
  readonly kind: string;
  readonly subject: string;
  /** What is written, for people: "the draft". */
  readonly what: string;
  /** In which to ask, in turn, until an answer says something. */
  readonly generations: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

/** What a model wrote, or why that is no answer: "is empty". */
type Written = { readonly text: string } | { readonly problem: string };

/** An answer that is cut says something all the same. */
const READING = {
  acceptsCut: true,
  // It is read as what it is here: asked to mend it, a model only declines again.
  acceptsRefusal: true,
  parse: (text: string, { stop }: PaidReply): Written => {
    // First, for clients call that a refusal too.
    if (text.trim() === '') return { problem: 'is empty' };
    return stop === 'refusal' ? { problem: 'declines the request' } : { text };
  },
};
/** How a request is turned down that is too long, among other things. */
const TURNED_DOWN: ReadonlySet<number | undefined> = new Set([400, 413, 422]);

/**
 * What a model writes when it is left to itself, be it cut at its end. One call a generation, each paid for once: the
 * next is asked only where one declines or says nothing.
 * @throws ReplyError where all do; or where the model's context does not hold the request: nothing is shortened, for an
 * answer to half an instruction is none
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
  let problem = 'was not asked for';
  try {
    for (const generation of generations) {
      const answer = await asker.ask({ kind, subject, request, generation, ...READING }, signal);
      paid += answer.costMicroUsd;
      if ('text' in answer.value) return { value: answer.value.text, model: answer.model, costMicroUsd: paid };
      problem = answer.value.problem;
    }
  } catch (error) {
    // Its tokenizer may make more of the text than ours does, and servers do not agree on how to say so.
    const mayBeTooLong = asker.estimate(request, 0).largestRequestTokens > asker.contextTokens;
    const turnedDown = error instanceof ProviderError && TURNED_DOWN.has(error.status);
    throw mayBeTooLong && turnedDown ? tooLong(tokens, room) : error;
  }
  throw new ReplyError(`${what} ${problem}.`, paid);
}

/** What is stored of an answer in these generations. @returns the text, or in how many it is still to be asked for */
export function storedAnswer(
  asker: Asker,
  request: LlmRequest,
  generations: readonly number[],
): { readonly text: string } | { readonly unasked: number } {
  let unasked = 0;
  for (const generation of generations) {
    const recalled = asker.recall({ request, generation, ...READING });
    if (recalled.state !== 'answered') unasked += 1;
    else if ('text' in recalled.value) return { text: recalled.value.text };
  }
  return { unasked };
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
