import type { ChatAnswerer, ChatReply } from './chat-answers.ts';
import { type Completion, type OpenAiServerOptions, openAiErrorBody, startOpenAiServer } from './openai-server.ts';
import type { Body, ProviderServer } from './provider-server.ts';

/** How a server differs from OpenAI's: its errors, its answers and its list of models, in the shapes that it sends. */
type Quirks = Omit<OpenAiServerOptions, 'chat'>;

const list =
  (models: unknown, path = '/v1/models'): NonNullable<Quirks['free']> =>
  (asked): Body | undefined =>
    asked === path ? { body: models } : undefined;

/** Changes the message of a completion. */
function withMessage(completion: Completion, message: object, more: object = {}): unknown {
  const [choice] = completion.choices;
  return { ...completion, choices: [{ ...choice, message: { ...choice?.message, ...message }, ...more }] };
}

function contentOf(completion: Completion): string | null {
  return completion.choices[0]?.message.content ?? null;
}

export const VLLM: Quirks = {
  free: list({
    object: 'list',
    data: [{ id: 'some-model', object: 'model', owned_by: 'vllm', root: 'some-model', max_model_len: 32_768 }],
  }),
  errorBody: (status, message) => ({ object: 'error', message, type: 'BadRequestError', param: null, code: status }),
  shape: (completion) => ({
    ...(withMessage(completion, { reasoning_content: null, tool_calls: [] }, { stop_reason: null }) as object),
    prompt_logprobs: null,
  }),
};

/** One model under any name; `n_ctx` is what a slot holds. */
export const LLAMA_CPP: Quirks = {
  free: (path) => {
    if (path === '/props') return { body: { default_generation_settings: { n_ctx: 8_192 }, total_slots: 4 } };
    const meta = { n_vocab: 128_256, n_ctx_train: 131_072, n_params: 8_030_261_248 };
    return path === '/v1/models'
      ? { body: { models: [{ name: 'm.gguf' }], data: [{ id: 'm.gguf', owned_by: 'llamacpp', meta }] } }
      : undefined;
  },
  errorBody: (status, message) => ({ error: { code: status, message, type: 'server_error' } }),
  shape: (completion) => ({ ...completion, timings: { prompt_n: 12, predicted_n: 5 } }),
};

/** What it holds is known of loaded models alone; beyond it, prompts are cut without a word. */
export function ollama({ context = 4_096, parameters = '' }: { context?: number; parameters?: string } = {}): Quirks {
  const loaded = new Set<unknown>();
  return {
    free: (path, { model }) => {
      if (path === '/v1/models') return { body: { object: 'list', data: [{ id: 'some-model', owned_by: 'library' }] } };
      if (path === '/api/generate') {
        loaded.add(model);
        return { body: { model, response: '', done: true, done_reason: 'load' } };
      }
      if (path === '/api/ps') {
        return { body: { models: [...loaded].map((name) => ({ name, model: name, context_length: context })) } };
      }
      if (path !== '/api/show') return undefined;
      const info = { 'general.architecture': 'llama', 'llama.context_length': 131_072 };
      return model === 'some-model'
        ? { body: { parameters, model_info: info, capabilities: ['completion'] } }
        : { fault: 'status', status: 404, message: `model '${String(model)}' not found` };
    },
    errorBody: (status, message) => ({
      error: { message, type: status < 500 ? 'invalid_request_error' : 'api_error' },
    }),
    shape: (completion) => ({
      ...completion,
      system_fingerprint: 'fp_ollama',
      ...('usage' in completion && completion.usage
        ? { usage: { ...completion.usage, prompt_tokens: Math.min(context, completion.usage.prompt_tokens) } }
        : {}),
    }),
  };
}

/** Prices a token, as text; failures behind it within a 200. */
export const OPENROUTER: Quirks = {
  free: list({
    data: [
      {
        id: 'some-model',
        context_length: 131_072,
        pricing: { prompt: '0.00000015', completion: '0.0000006', request: '0', input_cache_read: '0.000000075' },
        supported_parameters: ['max_tokens', 'response_format', 'structured_outputs', 'logprobs', 'top_logprobs'],
      },
      { id: 'openrouter/auto', context_length: 2_000_000, pricing: { prompt: '-1', completion: '-1' } },
      { id: 'a/pay-per-request', pricing: { prompt: '0.000001', completion: '0.000001', request: '0.005' } },
    ],
  }),
  errorBody: (status, message) => ({ error: { code: status, message }, user_id: 'user_1' }),
  shape: (completion) => ({
    ...(withMessage(
      completion,
      { reasoning: 'Let me see.', reasoning_details: [] },
      { native_finish_reason: 'stop' },
    ) as object),
    provider: 'Somewhere',
  }),
};

/** Prices a million tokens; the list is an array. */
export const TOGETHER: Quirks = {
  free: list([
    {
      id: 'some-model',
      type: 'chat',
      context_length: 131_072,
      pricing: { hourly: 0, input: 0.88, output: 0.88, base: 0, finetune: 0 },
    },
  ]),
  errorBody: (_, message) => ({
    id: 'oA1',
    error: { message, type: 'invalid_request_error', param: null, code: null },
  }),
  shape: (completion) => ({ ...completion, prompt: [] }),
};

/** Thinking is a part of the content; errors come in several shapes. */
export const MISTRAL: Quirks = {
  free: list({
    object: 'list',
    data: [{ id: 'some-model', capabilities: { completion_chat: true }, max_context_length: 131_072 }],
  }),
  errorBody: (status, message) => {
    if (status === 401) return { detail: message };
    if (status === 422) return { object: 'error', message: { detail: [{ type: 'extra_forbidden', msg: message }] } };
    return { object: 'error', message, type: 'invalid_request_error', param: null, code: '1500' };
  },
  shape: (completion, reply) => {
    const text = contentOf(completion);
    if (reply.stop === 'length') return withMessage(completion, {}, { finish_reason: 'model_length' });
    const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'Let me see.' }], closed: true };
    return text === null ? completion : withMessage(completion, { content: [thinking, { type: 'text', text }] });
  },
};

/** Counts cached tokens under names of its own; thinking is beside the content. */
export const DEEPSEEK: Quirks = {
  free: list({ object: 'list', data: [{ id: 'some-model', object: 'model', owned_by: 'deepseek' }] }),
  errorBody: (_, message) => ({ error: { message, type: 'invalid_request_error', code: 'invalid_request_error' } }),
  shape: (completion) => {
    const { usage } = completion as {
      usage?: { prompt_tokens: number; prompt_tokens_details?: { cached_tokens: number } };
    };
    const cached = usage?.prompt_tokens_details?.cached_tokens ?? 0;
    return {
      ...(withMessage(completion, { reasoning_content: 'Let me see.' }) as object),
      ...(usage === undefined
        ? {}
        : {
            usage: {
              ...usage,
              prompt_tokens_details: undefined,
              ...{ prompt_cache_hit_tokens: cached, prompt_cache_miss_tokens: usage.prompt_tokens - cached },
            },
          }),
    };
  },
};

/** Errors as AWS words them; gpt-oss thinks in tags. */
export const BEDROCK: Quirks = {
  // It has no list.
  free: () => undefined,
  errorBody: (_, message) => ({ message, __type: 'ValidationException' }),
  shape: (completion, reply: ChatReply) => {
    const text = contentOf(completion);
    const isThoughtful = text !== null && reply.stop !== 'length' && text.trim() !== '' && !text.includes('think>');
    return isThoughtful
      ? withMessage(completion, { content: `<reasoning>Let me see.</reasoning>${text}` })
      : completion;
  },
};

/** A server of one kind. @param chat what its model says */
export function startQuirky(quirks: Quirks, chat?: ChatAnswerer): Promise<ProviderServer> {
  return startOpenAiServer({ errorBody: openAiErrorBody, ...quirks, ...(chat ? { chat } : {}) });
}
