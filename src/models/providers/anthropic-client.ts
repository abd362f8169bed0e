import Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { z } from 'zod';
import { plainMessages } from '../../domain/chat-messages.ts';
import { boundedFetch } from '../metering/bounded-reply.ts';
import { sendRequest, unreadableReply } from '../metering/request-failure.ts';
import { type Dialect, Negotiation, PLAIN_DIALECT, systemText } from './dialect.ts';
import type { LlmClient, LlmReply, LlmRequest } from './llm-client.ts';
import type { ClientSettings, ProviderDefinition } from './provider-definition.ts';
import { type RequestTarget, requestTarget } from './request-target.ts';

const tokens = z.int().nonnegative().nullish();
const messageSchema = z.object({
  model: z.string(),
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })),
  stop_reason: z.string().nullish(),
  usage: z.object({
    input_tokens: z.int().nonnegative(),
    output_tokens: z.int().nonnegative(),
    cache_read_input_tokens: tokens,
    cache_creation_input_tokens: tokens,
  }),
});

/**
 * A client for Anthropic's Messages API. The text of a reply is kept as it came: reading it is the
 * caller's business, so the SDK's own parsing, which throws the text away where it fails, is not used.
 * Models that take no output schema get it in the prompt; models that take no temperature get none.
 * @throws UsageError without a key or a model
 */
export function anthropicClient(provider: ProviderDefinition, settings: ClientSettings): LlmClient {
  const { target, baseUrl } = requestTarget(provider, settings);
  const { model, timeoutMs } = target;
  // Everything the SDK would read from the environment is set here.
  const sdk = new Anthropic({
    apiKey: target.apiKey,
    authToken: null,
    baseURL: baseUrl,
    maxRetries: 0,
    logLevel: 'off',
    openTelemetry: false,
    fetch: boundedFetch(settings.fetch ?? globalThis.fetch),
  });
  const negotiation = new Negotiation(provider.dialect ?? PLAIN_DIALECT);
  return {
    provider: provider.name,
    model,
    endpoint: target.baseUrl,
    tokenMargins: provider.tokenMargins,
    complete: (request, signal) =>
      negotiation.send((dialect) =>
        sendRequest(target, signal, async (requestSignal) => {
          const body = messageParameters(request, model, dialect);
          // `messages.create` would print a warning per call for models about to be retired. The deadline
          // is `sendRequest`'s, which covers the body too; the SDK's own must not come first.
          const received: unknown = await sdk.post('/v1/messages', {
            body,
            signal: requestSignal,
            timeout: timeoutMs + 60_000,
          });
          return readReply(received, target);
        }),
      ),
  };
}

function messageParameters(
  request: LlmRequest,
  model: string,
  { formats: [format = 'none'], temperature }: Dialect,
): Anthropic.MessageCreateParamsNonStreaming {
  const plain = plainMessages(request.messages);
  const system = [systemText(request, format), plain.system].filter((part) => part !== '').join('\n\n');
  return {
    model,
    max_tokens: request.maxOutputTokens,
    messages: [...plain.messages],
    ...(system === '' ? {} : { system }),
    ...(temperature ? { temperature: request.temperature } : {}),
    ...(request.schema && format === 'json_schema'
      ? { output_config: { format: zodOutputFormat(request.schema.definition) } }
      : {}),
  };
}

function readReply(received: unknown, target: RequestTarget): LlmReply {
  const message = messageSchema.safeParse(received);
  if (!message.success) throw unreadableReply(target, received);
  const { content, model, stop_reason, usage } = message.data;
  // Thinking comes in blocks of its own.
  const text = content.map((block) => (block.type === 'text' ? (block.text ?? '') : '')).join('');
  const cachedInputTokens = usage.cache_read_input_tokens ?? 0;
  return {
    text,
    model,
    usage: {
      inputTokens: usage.input_tokens + cachedInputTokens + (usage.cache_creation_input_tokens ?? 0),
      cachedInputTokens,
      outputTokens: usage.output_tokens,
    },
    stop: readStop(stop_reason, text),
  };
}

function readStop(reason: string | null | undefined, text: string): LlmReply['stop'] {
  if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return 'length';
  return reason === 'refusal' || text.trim() === '' ? 'refusal' : 'complete';
}
