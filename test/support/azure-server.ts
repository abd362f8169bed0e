import type { ChatAnswerer } from './chat-answers.ts';
import { startOpenAiServer } from './openai-server.ts';
import type { ProviderServer } from './provider-server.ts';

/** Speaks Azure's Chat Completions, under `url`: the deployment is in the path, the version of the API in the query. */
export function startAzureServer({ chat }: { readonly chat: ChatAnswerer }): Promise<ProviderServer> {
  return startOpenAiServer({ chat, isChatPath: (path) => CHAT_PATH.test(path) });
}

const CHAT_PATH = /^\/openai\/deployments\/[^/]+\/chat\/completions\?api-version=\d{4}-\d{2}-\d{2}(?:-preview)?$/;
