import {
  type ChatAnswerer,
  type ChatPrompt,
  type ChatReply,
  chooseLongest,
  usageOf,
  userText,
} from './chat-answers.ts';
import {
  type Body,
  type Fault,
  type ProviderServer,
  type ReceivedRequest,
  type ServerOptions,
  startProviderServer,
} from './provider-server.ts';

export interface AnthropicServerOptions extends ServerOptions {
  readonly chat?: ChatAnswerer;
  /** Parameters that are turned down with a 400, in Anthropic's words. */
  readonly refuses?: readonly string[];
}

const STOPS = { complete: 'end_turn', length: 'max_tokens', refusal: 'refusal', 'content-filter': 'refusal' } as const;
const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** Speaks Anthropic's Messages API, under `url`. */
export function startAnthropicServer(options: AnthropicServerOptions = {}): Promise<ProviderServer> {
  const { chat = chooseLongest, refuses = [] } = options;
  const respond = async (request: ReceivedRequest): Promise<Body | Fault> => {
    if (request.path !== '/v1/messages') return { fault: 'status', status: 404, message: 'no such route' };
    const refused = refuses.find((parameter) => parameter in request.body);
    if (refused === 'temperature') {
      return { fault: 'status', status: 400, message: '`temperature` is deprecated for this model.' };
    }
    if (refused !== undefined) {
      return { fault: 'status', status: 400, message: `${refused}: Extra inputs are not permitted` };
    }
    const prompt = readPrompt(request);
    const answer = await chat(prompt);
    return 'fault' in answer ? answer : { body: messageBody(prompt, answer), headers: answer.headers };
  };
  return startProviderServer(
    respond,
    (status, message) => ({ type: 'error', error: { type: ERROR_TYPES[status] ?? 'api_error', message } }),
    options,
  );
}

function readPrompt(request: ReceivedRequest): ChatPrompt {
  const messages = request.body.messages as readonly { role: string; content: string }[];
  return { system: (request.body.system as string | undefined) ?? '', text: userText(messages), request };
}

function messageBody(prompt: ChatPrompt, reply: ChatReply): unknown {
  const { input, cached, output } = usageOf(prompt, reply);
  return {
    id: `msg_${prompt.request.number}`,
    type: 'message',
    role: 'assistant',
    model: `${String(prompt.request.body.model)}-20251001`,
    content: [
      { type: 'thinking', thinking: 'Let me see.', signature: 'x' },
      { type: 'text', text: reply.text },
    ],
    stop_reason: STOPS[reply.stop ?? 'complete'],
    stop_sequence: null,
    usage: {
      input_tokens: input - cached,
      cache_read_input_tokens: cached,
      cache_creation_input_tokens: 0,
      output_tokens: output,
    },
  };
}
