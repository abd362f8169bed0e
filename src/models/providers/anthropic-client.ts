import type Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { z } from 'zod';
import { plainMessages } from '../../domain/chat-messages.ts';
import type { ReportedUsage } from '../../domain/usage.ts';
import { statedLimits } from '../metering/rate-limit-headers.ts';
import { sendRequest, unreadableReply } from '../metering/request-failure.ts';
import { tokenCount } from '../metering/settled-usage.ts';
import { shownText } from '../metering/shown-text.ts';
import { countTokens } from '../metering/token-count.ts';
import { brokenByFilter } from '../paid-reply.ts';
import { separateThinking } from '../separate-thinking.ts';
import { anthropicApi } from './anthropic-api.ts';
import { anthropicBatches } from './anthropic-batches.ts';
import type { BatchingClient } from './batch-api.ts';
import { type Dialect, PLAIN_DIALECT, sentSchema, systemText, writtenSchema } from './dialect.ts';
import { NO_DEADLINE_MS } from './guarded-fetch.ts';
import type { LlmReply, LlmRequest } from './llm-client.ts';
import { negotiationWith } from './negotiation.ts';
import type { ClientSettings, ProviderDefinition } from './provider-definition.ts';
import type { RequestTarget } from './request-target.ts';

/** Of the models that cache the shortest prompts. */
const LEAST_CACHED_TOKENS = 1_024;

const blockText = z.string().optional().catch(undefined);
const messageSchema = z.object({
  model: z.string(),
  content: z.array(z.object({ type: z.string(), text: blockText, thinking: blockText })),
  stop_reason: z.string().nullish(),
  usage: z
    .object({
      input_tokens: z.unknown().optional(),
      output_tokens: z.unknown().optional(),
      cache_read_input_tokens: z.unknown().optional(),
      cache_creation_input_tokens: z.unknown().optional(),
    })
    .catch({}),
});

/**
 * A client for Anthropic's Messages API. The text of a reply is kept as it came: reading it is the
 * caller's business, so the SDK's own parsing, which throws the text away where it fails, is not used.
 * Models that take no output schema get it in the prompt. No temperature is sent: the API's newer models have none, and
 * neither has the SDK.
 * @throws UsageError without a key or a model
 */
export function anthropicClient(provider: ProviderDefinition, settings: ClientSettings): BatchingClient {
  const { sdk, target } = anthropicApi(provider, settings);
  const { model } = target;
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
          const body = messageParameters(request, model, dialect);
          // `messages.create` would print a warning per call for models about to be retired. The deadline
          // is `sendRequest`'s, which covers the body too; the SDK's own must not come first.
          const { data, response } = await sdk
            .post<unknown>('/v1/messages', { body, signal: requestSignal, timeout: NO_DEADLINE_MS })
            .withResponse();
          const reply = readReply(data, target);
          return {
            ...reply,
            limits: statedLimits(response.headers),
            alsoBilled: { ...reply.alsoBilled, input: writtenSchema(request, dialect) },
          };
        }),
      ),
    ...(provider.batches
      ? {
          batches: anthropicBatches({ sdk, target }, provider.batches, negotiation, {
            parameters: (request, dialect) => messageParameters(request, model, dialect),
            read: (message) => readReply(message, target),
            written: writtenSchema,
          }),
        }
      : {}),
  };
}

function messageParameters(
  request: LlmRequest,
  model: string,
  dialect: Dialect,
): Anthropic.MessageCreateParamsNonStreaming {
  const [format = 'none'] = dialect.formats;
  const schema = sentSchema(request, dialect);
  const plain = plainMessages(request.messages);
  const system = [systemText(request, format), plain.system].filter((part) => part !== '').join('\n\n');
  return {
    model,
    max_tokens: request.maxOutputTokens,
    messages: [...plain.messages],
    ...(system === '' ? {} : { system: cachedSystem(system) }),
    ...(schema && format === 'json_schema' ? { output_config: { format: zodOutputFormat(schema) } } : {}),
  };
}

/**
 * The system prompt is the same in every request of a kind, so where it is long enough for any model to cache it, it is
 * marked. Models that cache only longer ones ignore the mark.
 */
function cachedSystem(text: string): string | Anthropic.TextBlockParam[] {
  if (countTokens(text) < LEAST_CACHED_TOKENS) return text;
  return [{ type: 'text', text, cache_control: { type: 'ephemeral' } }];
}

function readReply(received: unknown, target: RequestTarget): LlmReply {
  const message = messageSchema.safeParse(received);
  if (!message.success) throw unreadableReply(target, received);
  const { content, model, stop_reason, usage } = message.data;
  // Thinking comes in blocks of its own.
  const written = content.map((block) => (block.type === 'text' ? (block.text ?? '') : '')).join('');
  const { answer: text, thinking } = separateThinking(written);
  const thoughts = content.map((block) => (block.type === 'text' ? '' : (block.thinking ?? ''))).join('');
  // It says so of what its safety systems stop, not of a model that declines.
  const isFiltered = stop_reason === 'refusal';
  return {
    ...(isFiltered ? brokenByFilter(text, '', target) : { text }),
    model: shownText(model, target),
    usage: readUsage(usage),
    thinking: [thoughts, thinking].filter(Boolean).join('\n'),
    stop: readStop(stop_reason),
  };
}

/** Anthropic counts cached input beside other input. */
function readUsage(usage: z.infer<typeof messageSchema>['usage']): ReportedUsage {
  const uncached = tokenCount(usage.input_tokens);
  const cachedInputTokens = tokenCount(usage.cache_read_input_tokens) ?? 0;
  const written = tokenCount(usage.cache_creation_input_tokens) ?? 0;
  return {
    inputTokens: uncached === undefined ? undefined : uncached + cachedInputTokens + written,
    cachedInputTokens,
    ...(written > 0 ? { cacheWriteTokens: written } : {}),
    outputTokens: tokenCount(usage.output_tokens),
  };
}

function readStop(reason: string | null | undefined): LlmReply['stop'] {
  if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return 'length';
  return reason === 'refusal' ? 'refusal' : 'complete';
}
