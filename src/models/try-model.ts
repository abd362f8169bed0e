import { z } from 'zod';
import { ReplyError } from '../domain/errors.ts';
import { parseBoundedJson } from '../domain/foreign-json.ts';
import type { MicroUsd } from '../domain/money.ts';
import type { Asker } from './asker.ts';
import type { LlmClient, LlmRequest } from './providers/llm-client.ts';

/** What one small request showed. */
export interface ModelTrial {
  /** The model snapshot that answered. */
  readonly model: string;
  /** Whether the answer was cut off while the model was thinking. */
  readonly cut: boolean;
  /** Whether the server takes a JSON schema and its answer keeps to it. */
  readonly structured: boolean;
  readonly logprobs: boolean;
  readonly costMicroUsd: MicroUsd;
}

const ANSWER_TOKENS = 64;
const LOGPROBS = 5;
const answer = z.strictObject({ greeting: z.string() });

/** Says nothing of JSON: only a server that enforces the schema answers in it, unless the schema has to be written out. */
export function trialRequest({ reasoningTokens }: Pick<Asker, 'reasoningTokens'>): LlmRequest {
  return {
    system: 'You greet people in one or two words.',
    messages: [{ role: 'user', content: 'Say hello.' }],
    schema: { name: 'greeting', definition: answer },
    topLogprobs: LOGPROBS,
    maxOutputTokens: ANSWER_TOKENS + reasoningTokens,
    temperature: 0,
    task: { kind: 'answer' },
  };
}

/**
 * Makes one small request and looks at what comes back; a second one where the first showed that the model needs room to
 * think.
 * @param nonce makes the request one that was never made before
 * @throws ProviderError, BudgetExceededError as `Asker.ask` does
 */
export async function tryModel(asker: Asker, client: LlmClient, nonce: number): Promise<ModelTrial> {
  const ask = (generation: number) =>
    asker.ask({
      ...{ kind: 'check', subject: 'one small request', request: trialRequest(asker), generation },
      ...{ acceptsCut: true, acceptsRefusal: true },
      parse: (text, { stop, logprobs }) => ({
        cut: stop === 'length',
        isJson: isAnswer(text),
        logprobs: logprobs !== undefined,
      }),
    });
  const first = await ask(nonce).catch(asCut);
  const { value, model, costMicroUsd } = first.value.cut ? await ask(nonce + 1).catch(asCut) : first;
  return {
    model,
    cut: value.cut,
    structured: (client.asksFor?.().schema ?? false) && value.isJson,
    logprobs: value.logprobs,
    costMicroUsd: costMicroUsd + (first.value.cut ? first.costMicroUsd : 0),
  };
}

/** A model that thinks to the end of its limit gives no answer that could be read. */
function asCut(error: unknown): {
  readonly value: { readonly cut: boolean; readonly isJson: boolean; readonly logprobs: boolean };
  readonly model: string;
  readonly costMicroUsd: MicroUsd;
} {
  if (!(error instanceof ReplyError)) throw error;
  return { value: { cut: true, isJson: false, logprobs: false }, model: '', costMicroUsd: error.costMicroUsd };
}

function isAnswer(text: string): boolean {
  try {
    return answer.safeParse(parseBoundedJson(text)).success;
  } catch {
    return false;
  }
}
