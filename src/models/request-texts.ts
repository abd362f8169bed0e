import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { LlmClient, LlmRequest } from './providers/llm-client.ts';

/** All that a request sends, as one text. */
export function promptText(request: LlmRequest): string {
  return messageTexts(request).join('\n');
}

/** What is sent, a text each: the system prompt, the messages and the calls in them, the tools. */
export function messageTexts({ system, messages, tools }: LlmRequest): string[] {
  const sent = messages.flatMap(({ content, toolCalls = [] }) => [
    content,
    ...toolCalls.map((call) => `${call.name} ${call.arguments}`),
  ]);
  return [system, ...sent, ...(tools === undefined ? [] : [JSON.stringify(tools)])];
}

/** Two requests with one hash ask the same model the same thing. */
export function hashRequest(client: LlmClient, request: LlmRequest, generation: number): string {
  const { system, messages, maxOutputTokens, temperature, schema } = request;
  const identity = {
    provider: client.provider,
    endpoint: client.endpoint,
    model: client.model,
    system,
    messages,
    tools: request.tools,
    schema: schema?.definition && z.toJSONSchema(schema.definition),
    topLogprobs: request.topLogprobs,
    maxOutputTokens,
    temperature,
    generation,
  };
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}
