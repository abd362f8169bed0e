import type { ChatAnswerer } from './chat-answers.ts';
import { startOpenAiServer } from './openai-server.ts';
import type { Fault, ProviderServer } from './provider-server.ts';

/** Of its base URL. */
export const GEMINI_PATH = '/v1beta/openai';

const STATUSES: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
};

/** Speaks Gemini's OpenAI-compatible interface, under `url` + `GEMINI_PATH`: error bodies are lists. */
export function startGeminiServer({ chat }: { readonly chat: ChatAnswerer }): Promise<ProviderServer> {
  return startOpenAiServer({ chat, basePath: GEMINI_PATH, errorBody: geminiErrorBody });
}

/** A limit per minute is used up. */
export function quotaUsed(retryDelay: string): Fault {
  const body = geminiErrorBody(429, 'You exceeded your current quota, please check your plan and billing details.', [
    { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [] },
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay },
  ]);
  return { fault: 'status', status: 429, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

function geminiErrorBody(status: number, message: string, details: readonly unknown[] = []): unknown {
  return [{ error: { code: status, message, status: STATUSES[status] ?? 'UNKNOWN', details } }];
}
