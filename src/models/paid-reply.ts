import type { HeldRequest } from '../domain/batches.ts';
import { ProviderError } from '../domain/errors.ts';
import type { PaidReply } from '../domain/ledger.ts';
import { costMicroUsd, type ModelPrice } from '../domain/usage.ts';
import type { ModelTokens } from './metering/model-tokens.ts';
import { settledUsage } from './metering/settled-usage.ts';
import type { LlmReply, LlmRequest } from './providers/llm-client.ts';
import { messageTexts } from './request-texts.ts';

/** How the replies of a model are settled. */
export interface Settling {
  readonly tokens: ModelTokens;
  readonly price: ModelPrice;
  readonly reasoningTokens: number;
}

/**
 * What settles a request when its reply comes.
 * @param mostInput the most input tokens it can be billed for
 * @param written is sent with it: a schema written into the prompt, say
 */
export function heldRequest(
  request: LlmRequest,
  mostInput: number,
  written: string | undefined,
  { count, fewest, most }: ModelTokens,
): HeldRequest {
  const input = [...messageTexts(request), written ?? ''];
  return {
    countedInputTokens: input.reduce((sum, part) => sum + count(part), 0),
    fewestInputTokens: Math.floor(input.reduce((sum, part) => sum + fewest(part), 0)),
    mostInputTokens: mostInput + (written === undefined ? 0 : most(written)),
    maxOutputTokens: request.maxOutputTokens,
  };
}

/** A reply with what it costs. */
export function paidReply(reply: LlmReply, held: HeldRequest, { tokens, price, reasoningTokens }: Settling): PaidReply {
  const { text, model, stop, isFiltered, logprobs, alsoBilled, usage, thinking = '' } = reply;
  // What is told of a filter is ours.
  const output = `${alsoBilled?.output ?? ''}${thinking}${isFiltered ? '' : text}`;
  const counted = { inputTokens: held.countedInputTokens, outputTokens: tokens.count(output) };
  // What a model thought may not be shown.
  const mayHaveThought = reasoningTokens > 0 && !(isFiltered && alsoBilled === undefined);
  const mostOutput = mayHaveThought ? held.maxOutputTokens : tokens.most(output);
  const unsaid = {
    inputTokens: held.mostInputTokens,
    outputTokens: Math.min(held.maxOutputTokens, mostOutput),
  };
  const settled = settledUsage(usage, { counted, unsaid });
  const cost = costMicroUsd(settled.usage, price);
  return {
    ...{ text, model, stop, ...settled, costMicroUsd: cost },
    ...(logprobs ? { logprobs } : {}),
    ...(isFiltered ? { isFiltered } : {}),
  };
}

/**
 * The refusal of a content filter, as a reply, so that it is stored and never asked for again.
 * @throws the error itself where it is anything else
 */
export function filteredReply(error: unknown, { model }: { readonly model: string }): LlmReply {
  if (!(error instanceof ProviderError && error.isFiltered)) throw error;
  return { text: error.message, model, stop: 'refusal', isFiltered: true };
}

/**
 * The part of a reply that says that a content filter broke the answer off. Asking again would end in the same way.
 * @param answered is billed as an answer, as are `besides`
 */
export function brokenByFilter(
  answered: string,
  besides: string,
  { service }: { readonly service: string },
): Pick<LlmReply, 'text' | 'alsoBilled' | 'isFiltered'> {
  return {
    text: `${service} broke the answer off by its content filter.`,
    alsoBilled: { output: `${answered}${besides}` },
    isFiltered: true,
  };
}
