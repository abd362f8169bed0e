import type { ModelPrice } from '../domain/usage.ts';
import { refuseCutPrompt } from './cut-prompt.ts';
import { BatchDesk, type BatchDeskOptions } from './metering/batch-desk.ts';
import { modelTokens } from './metering/model-tokens.ts';
import { paidReply } from './paid-reply.ts';
import type { LlmClient } from './providers/llm-client.ts';

/** Opens the desk of a model's batches. @param options.price of a request in a batch */
export function openBatchDesk(
  client: LlmClient,
  {
    price,
    reasoningTokens,
    ...options
  }: Omit<BatchDeskOptions, 'paid' | 'thinks'> & { readonly price: ModelPrice; readonly reasoningTokens: number },
): BatchDesk {
  const settling = { tokens: modelTokens(client.model, client.tokenMargins), price, reasoningTokens };
  return new BatchDesk({
    ...options,
    thinks: reasoningTokens > 0,
    paid: (reply, held) => {
      refuseCutPrompt(reply, held, client);
      return paidReply(reply, held, settling);
    },
  });
}
