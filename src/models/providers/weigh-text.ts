import { z } from 'zod';
import { ProviderError } from '../../domain/errors.ts';
import { option, sentence } from '../../domain/wording.ts';
import { statedLimits } from '../metering/rate-limit-headers.ts';
import { sendRequest, unreadableReply } from '../metering/request-failure.ts';
import { shownText } from '../metering/shown-text.ts';
import { countEchoed } from './echoed-tokens.ts';
import type { WeighedText } from './llm-client.ts';
import type { OpenAiApi } from './openai-api.ts';
import { openAiUsage } from './openai-usage.ts';
import type { RequestTarget } from './request-target.ts';

/** The least that every server generates; what it is does not matter. */
const GENERATED_TOKENS = 1;
/** How servers say that they do not have the route, or do not echo prompts. */
const NOT_SERVED: ReadonlySet<number | undefined> = new Set([400, 404, 405, 413, 422, 501]);
const TOO_LONG = /context|too long/i;
const NO_SUCH_MODEL = /does not exist|no such model|model.{0,40}not found/i;
const CUT_MORE = sentence`Set ${option('contextTokens')} to the number of tokens the model holds: longer texts are cut to two thirds of it.`;
const WHAT_IS_NEEDED =
  'It takes a server whose /v1/completions knows echo together with logprobs, as vLLM does (llama.cpp and Ollama do not); the provider "offline" goes by the characters of the pool instead.';

const completionSchema = z.object({
  model: z.string().nullish().catch(undefined),
  choices: z
    .array(
      z.object({
        logprobs: z
          .object({
            token_logprobs: z.array(z.number().nullish().catch(null)),
            tokens: z.array(z.string()).nullish().catch(undefined),
            text_offset: z.array(z.number()).nullish().catch(undefined),
          })
          .nullish()
          .catch(undefined),
      }),
    )
    .nonempty(),
  usage: z.unknown().optional(),
});

/**
 * Has a completion server read a text and say how likely each of its tokens is: the prompt echoed with
 * log-probabilities, which the legacy Completions API of OpenAI defined and vLLM serves. One request.
 * @param text well-formed, not empty, no longer than the model can read
 * @throws ProviderError, also where the reply has no log-probabilities of the prompt; or the signal's reason
 */
export async function weighText(api: OpenAiApi, text: string, signal?: AbortSignal): Promise<WeighedText> {
  const { sdk, target } = api;
  const { data, response } = await sendRequest(target, signal, (requestSignal) => {
    const parameters = {
      model: target.model,
      prompt: text,
      echo: true,
      logprobs: 1,
      max_tokens: GENERATED_TOKENS,
      temperature: 0,
    };
    return sdk.completions.create(parameters, { signal: requestSignal }).withResponse();
  }).catch((error: unknown) => {
    throw error instanceof ProviderError ? withAdvice(error) : error;
  });
  return { ...readCompletion(data, text, target), limits: statedLimits(response.headers) };
}

function readCompletion(received: unknown, text: string, target: RequestTarget): WeighedText {
  const completion = completionSchema.safeParse(received);
  if (!completion.success) throw unreadableReply(target, received);
  const { choices, model } = completion.data;
  const usage = openAiUsage(completion.data.usage);
  const { token_logprobs: weighed = [], tokens, text_offset: offsets } = choices[0].logprobs ?? {};
  const given = weighed.map((logprob) => logprob ?? null);
  const generated = usage.outputTokens ?? GENERATED_TOKENS;
  const echoed = countEchoed(text, given.length, { tokens, offsets });
  // By the usage only where the text does not tell: some leave the generated token out, and some count the mark of the
  // beginning in one place and not in the other.
  const ofPrompt = given.slice(0, echoed ?? Math.max(usage.inputTokens ?? 0, given.length - generated));
  const fewest = echoed === undefined ? (usage.inputTokens ?? 0) : 0;
  if (ofPrompt.length < Math.max(1, fewest)) throw withoutPrompt(target);
  return {
    logprobs: ofPrompt,
    model: model ? shownText(model, target) : target.model,
    usage: { inputTokens: usage.inputTokens, outputTokens: generated },
  };
}

function withoutPrompt({ provider, model, baseUrl }: RequestTarget): ProviderError {
  return new ProviderError(
    `The server at ${baseUrl} answers for "${model}", but without the log-probabilities of the prompt.`,
    { provider, status: 200, retryable: false, billing: 'unknown' },
    { hint: WHAT_IS_NEEDED },
  );
}

/** What is known of requests in general is about choosing, or about a route that every server has. */
function withAdvice(error: ProviderError): ProviderError {
  const { status, message, said } = error;
  if (!NOT_SERVED.has(status) || NO_SUCH_MODEL.test(said)) return error;
  return new ProviderError(message, error, { hint: TOO_LONG.test(said) ? CUT_MORE : WHAT_IS_NEEDED, cause: error });
}
