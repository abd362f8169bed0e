import type { ChatAnswerer } from './chat-answers.ts';
import { type Completion, startOpenAiServer } from './openai-server.ts';
import type { ProviderServer } from './provider-server.ts';

/** Speaks Azure's Chat Completions, under `url`: the deployment is in the path, the version of the API in the query. */
export function startAzureServer({ chat }: { readonly chat: ChatAnswerer }): Promise<ProviderServer> {
  return startOpenAiServer({ chat, isChatPath: (path) => CHAT_PATH.test(path), errorBody, shape });
}

function errorBody(status: number, message: string): unknown {
  return { error: { code: CODES[status] ?? 'InternalServerError', message, param: null, type: null } };
}

const CODES: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: '401',
  404: 'DeploymentNotFound',
  429: '429',
};
const SAFE = { hate: { filtered: false, severity: 'safe' }, violence: { filtered: false, severity: 'safe' } };

/** With what its content filter found. */
function shape(completion: Completion): unknown {
  return {
    ...completion,
    choices: completion.choices.map((choice) => ({ ...choice, content_filter_results: SAFE })),
    prompt_filter_results: [{ prompt_index: 0, content_filter_results: SAFE }],
  };
}

const CHAT_PATH = /^\/openai\/deployments\/[^/]+\/chat\/completions\?api-version=\d{4}-\d{2}-\d{2}(?:-preview)?$/;
