import type OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { openAiMessages } from '../../domain/chat-messages.ts';
import { statedLimits } from '../metering/rate-limit-headers.ts';
import { failedUpstream, sendRequest, unreadableReply } from '../metering/request-failure.ts';
import { shownText } from '../metering/shown-text.ts';
import { brokenByFilter } from '../paid-reply.ts';
import { separateThinking } from '../separate-thinking.ts';
import type { BatchingClient } from './batch-api.ts';
import type { BatchWire } from './batch-results.ts';
import { type Dialect, PLAIN_DIALECT, sentSchema, systemText, writtenSchema } from './dialect.ts';
import type { LlmReply, LlmRequest } from './llm-client.ts';
import { readContent } from './message-content.ts';
import { negotiationWith } from './negotiation.ts';
import { type OpenAiApi, openOpenAiApi } from './openai-api.ts';
import { openAiBatches } from './openai-batches.ts';
import { openAiUsage, thinkingTokens } from './openai-usage.ts';
import type { ClientSettings, ProviderDefinition } from './provider-definition.ts';
import type { RequestTarget } from './request-target.ts';
import { logprobsSchema, readLogprobs } from './token-logprobs.ts';
import { weighText } from './weigh-text.ts';

const failureSchema = z
  .object({ message: z.string().catch('no reason given'), code: z.unknown() })
  .nullish()
  .catch(undefined);

/** Servers differ in what they leave out; only what is needed is read, and nothing of it is relied on. */
const completionSchema = z.object({
  model: z.string().nullish().catch(undefined),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish().catch(undefined),
        error: failureSchema,
        logprobs: logprobsSchema.nullish().catch(undefined),
        message: z
          .object({
            content: z.unknown().optional(),
            refusal: z.string().nullish().catch(undefined),
            reasoning_content: z.string().nullish().catch(undefined),
            tool_calls: z
              .array(z.object({ function: z.object({ name: z.string(), arguments: z.string() }) }))
              .nullish()
              .catch(undefined),
            reasoning: z.string().nullish().catch(undefined),
          })
          .nullish()
          .catch(undefined),
      }),
    )
    .nullish()
    .catch(undefined),
  usage: z.unknown().optional(),
  error: failureSchema,
});
/** Of a reply that is read without its request: log-probabilities are there only where they were asked for. */
const MOST_LOGPROBS = 20;
type Choice = NonNullable<z.infer<typeof completionSchema>['choices']>[number];

/**
 * A client for OpenAI and every server that speaks its Chat Completions API.
 *
 * What a server or model does not take it says in a 400 or 422; each such feature is left out from then
 * on: the JSON schema (then "some JSON", then the prompt's words alone, the schema written into it), the
 * temperature, the name of the output limit, log-probabilities (first of more than five alternatives). See `Negotiation`.
 *
 * Models that think first spend output tokens on it: `maxOutputTokens` must have room for that
 * (`reasoningTokens` of their `ModelFacts`); it is sent as it is, so that no call exceeds its reservation.
 * @param different.api the SDK of a service with another way in
 * @param different.batchesOf how it takes batches
 * @throws UsageError where the provider's key, the model or the address is missing
 */
export function openAiClient(
  provider: ProviderDefinition,
  settings: ClientSettings,
  {
    api = openOpenAiApi(provider, settings),
    batchesOf = openAiBatches,
  }: { readonly api?: OpenAiApi; readonly batchesOf?: typeof openAiBatches } = {},
): BatchingClient {
  const { sdk, target } = api;
  const served = { provider: provider.name, endpoint: target.baseUrl, model: target.model };
  const negotiation = negotiationWith(served, provider.dialect ?? PLAIN_DIALECT, settings.servers);
  return {
    ...served,
    tokenMargins: provider.tokenMargins,
    contextAdvice: provider.contextAdvice,
    asksFor: () => negotiation.asksFor,
    complete: (request, signal) =>
      negotiation.send(request, (dialect) =>
        sendRequest(target, signal, async (requestSignal) => {
          const parameters = chatParameters(request, target.model, dialect);
          const { data, response } = await sdk.chat.completions
            .create(parameters, { signal: requestSignal })
            .withResponse();
          const reply = readReply(data, request, target);
          return {
            ...reply,
            limits: statedLimits(response.headers),
            alsoBilled: { ...reply.alsoBilled, input: writtenSchema(request, dialect) },
          };
        }),
      ),
    ...(provider.batches ? { batches: batchesOf(api, provider.batches, negotiation, wireOf(target)) } : {}),
    ...(provider.weighsText ? { weighText: (text, signal) => weighText(api, text, signal) } : {}),
  };
}

function wireOf(target: RequestTarget): BatchWire {
  return {
    parameters: (request, dialect) => chatParameters(request, target.model, dialect),
    read: (body) => readReply(body, { topLogprobs: MOST_LOGPROBS }, target),
    written: writtenSchema,
  };
}

function chatParameters(
  request: LlmRequest,
  model: string,
  dialect: Dialect,
): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const {
    formats: [format = 'none'],
    outputLimits: [outputLimit = 'max_tokens'],
    temperature,
    topLogprobs: [topLogprobs],
  } = dialect;
  const system = systemText(request, format);
  const schema = sentSchema(request, dialect);
  return {
    model,
    messages: [
      ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
      ...openAiMessages(request.messages),
    ] as OpenAI.ChatCompletionMessageParam[],
    ...(Array.isArray(request.tools) && request.tools.length > 0
      ? { tools: request.tools as OpenAI.ChatCompletionTool[] }
      : {}),
    [outputLimit]: request.maxOutputTokens,
    ...(temperature ? { temperature: request.temperature } : {}),
    ...(request.topLogprobs !== undefined && topLogprobs !== undefined
      ? { logprobs: true, top_logprobs: Math.min(request.topLogprobs, topLogprobs) }
      : {}),
    ...(schema && format === 'json_schema' ? { response_format: zodResponseFormat(schema, request.schema!.name) } : {}),
    ...(request.schema?.definition && format === 'json_object'
      ? { response_format: { type: 'json_object' as const } }
      : {}),
  };
}

function readReply(received: unknown, request: Pick<LlmRequest, 'topLogprobs'>, target: RequestTarget): LlmReply {
  const completion = completionSchema.safeParse(received);
  if (!completion.success) throw unreadableReply(target, received);
  const { choices, error, model } = completion.data;
  if (error && !choices?.length) throw failedUpstream(error, target);
  const choice = choices?.[0];
  if (BREAKS.has(choice?.finish_reason ?? '')) {
    throw failedUpstream(choice?.error ?? { message: 'the answer was broken off', code: 503 }, target);
  }
  const calls = choice?.message?.tool_calls?.map((call) => `[calls ${call.function.name}(${call.function.arguments})]`);
  const content = readContent(choice?.message?.content);
  const { thinking, answer } = separateThinking(content.text);
  const refusal = choice?.message?.refusal || content.refusal;
  // A call of a tool is an answer too, where tools were offered.
  const text = [answer, ...(calls ?? [])].filter((part) => part !== '').join('\n');
  const logprobs =
    request.topLogprobs === undefined ? undefined : readLogprobs(choice?.logprobs, content.text.length - answer.length);
  const answered = text === '' ? refusal : text;
  const besides = textBesides(choices ?? []);
  const isFiltered = choice?.finish_reason === 'content_filter';
  return {
    ...(isFiltered ? brokenByFilter(answered, besides, target) : { text: answered, alsoBilled: { output: besides } }),
    model: model ? shownText(model, target) : target.model,
    usage: openAiUsage(completion.data.usage),
    thinking: thinkingOf(choice, [content.thinking, thinking]),
    thinkingTokens: thinkingTokens(completion.data.usage),
    stop: isFiltered ? 'refusal' : readStop(choice, refusal),
    ...(logprobs === undefined ? {} : { logprobs }),
  };
}

/** Mistral says that the context was full. */
const CUTS: ReadonlySet<string> = new Set(['length', 'model_length']);
/** OpenRouter and DeepSeek break off answers, within a 200. */
const BREAKS: ReadonlySet<string> = new Set(['error', 'insufficient_system_resource']);

function readStop(choice: Choice | undefined, refusal: string): LlmReply['stop'] {
  if (CUTS.has(choice?.finish_reason ?? '')) return 'length';
  return refusal === '' ? 'complete' : 'refusal';
}

/** What was written besides the answer: a refusal beside an answer, answers that were not asked for. */
function textBesides([first, ...others]: readonly Choice[]): string {
  const { content, refusal } = first?.message ?? {};
  const besides = others.flatMap((other) => {
    const { text, thinking } = readContent(other.message?.content);
    return [text, thinkingOf(other, [thinking])];
  });
  return [readContent(content).text ? refusal : undefined, ...besides].filter(Boolean).join('\n');
}

/** @param inContent what of the message's content is thinking */
function thinkingOf(choice: Choice | undefined, inContent: readonly string[]): string {
  const { reasoning_content: thinking, reasoning } = choice?.message ?? {};
  // Some servers send one text under both names.
  return [...inContent, thinking, reasoning === thinking ? undefined : reasoning].filter(Boolean).join('\n');
}
