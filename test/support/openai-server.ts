import {
  type ChatAnswerer,
  type ChatPrompt,
  type ChatReply,
  chooseLongest,
  usageOf,
  userText,
} from './chat-answers.ts';
import { type CompletionAnswerer, textCompletionBody, weighByLength } from './completion-answers.ts';
import {
  type Body,
  type Fault,
  type ProviderServer,
  type ReceivedRequest,
  type ServerOptions,
  startProviderServer,
} from './provider-server.ts';

export interface EmbeddingAnswer {
  /** One vector a text, in any order if `indexes` says which is which. */
  readonly vectors: readonly (readonly number[])[];
  readonly indexes?: readonly number[];
  /** Leaves the usage out. */
  readonly usageMissing?: boolean;
}
export type EmbeddingAnswerer = (texts: readonly string[], request: ReceivedRequest) => EmbeddingAnswer | Fault;

export interface OpenAiServerOptions extends ServerOptions {
  readonly chat?: ChatAnswerer;
  readonly embed?: EmbeddingAnswerer;
  readonly complete?: CompletionAnswerer;
  /** Parameters or response formats that are turned down with a 400, in OpenAI's words. */
  readonly refuses?: readonly string[];
  /** Where it chats. Default: under its base path. */
  readonly isChatPath?: (path: string) => boolean;
  /** Of its base URL. Default: `/v1`. */
  readonly basePath?: string;
  /** Turns a chat completion, as OpenAI answers, into this server's shape. */
  readonly shape?: (completion: Completion, reply: ChatReply) => unknown;
  /** How it words an error status. Default: as OpenAI does. */
  readonly errorBody?: (status: number, message: string) => unknown;
}

/** What servers change of a chat completion. */
export type Completion = ReturnType<typeof completionBody>;

const SNAPSHOT_SUFFIX = '-2024-07-18';
const STOPS = { complete: 'stop', length: 'length', refusal: 'stop', 'content-filter': 'content_filter' } as const;

/** Speaks OpenAI's Chat Completions, Completions (to weigh prompts by) and Embeddings, under `url` + `/v1`. */
export function startOpenAiServer(options: OpenAiServerOptions = {}): Promise<ProviderServer> {
  const { chat = chooseLongest, embed = embedReversed, complete = weighByLength, refuses = [] } = options;
  const { basePath = '/v1', errorBody = openAiErrorBody, shape = (completion: Completion) => completion } = options;
  const { isChatPath = (path: string) => path === `${basePath}/chat/completions` } = options;
  const respond = async (request: ReceivedRequest): Promise<Body | Fault> => {
    const refused = refusal(request.body, refuses);
    if (refused) return refused;
    if (request.path === `${basePath}/embeddings`) return embeddingBody(request, embed);
    if (request.path === `${basePath}/completions`) return textCompletionBody(request, complete);
    if (!isChatPath(request.path)) return { fault: 'status', status: 404, message: 'no such route' };
    const prompt = readPrompt(request);
    const answer = await chat(prompt);
    if ('fault' in answer) return answer;
    return { body: shape(completionBody(prompt, answer), answer), headers: answer.headers };
  };
  return startProviderServer(respond, errorBody, options);
}

export function openAiErrorBody(status: number, message: string): unknown {
  return { error: { message, type: 'error', code: status } };
}

function readPrompt(request: ReceivedRequest): ChatPrompt {
  const messages = request.body.messages as readonly { role: string; content: string }[];
  return {
    system: messages.find(({ role }) => role === 'system')?.content ?? '',
    text: userText(messages),
    request,
  };
}

function completionBody(prompt: ChatPrompt, reply: ChatReply) {
  const { input, cached, output, thinking } = usageOf(prompt, reply);
  const refused = reply.stop === 'refusal';
  return {
    id: `chatcmpl-${prompt.request.number}`,
    object: 'chat.completion',
    created: 0,
    model: `${String(prompt.request.body.model)}${SNAPSHOT_SUFFIX}`,
    choices: [
      {
        index: 0,
        finish_reason: STOPS[reply.stop ?? 'complete'],
        logprobs: logprobsOf(prompt, reply),
        message: {
          role: 'assistant',
          content: refused ? null : reply.text,
          refusal: refused ? reply.text : null,
        },
      },
    ],
    ...(reply.usage === 'missing'
      ? {}
      : {
          usage: {
            prompt_tokens: input,
            completion_tokens: output,
            total_tokens: input + output + thinking,
            prompt_tokens_details: { cached_tokens: cached },
          },
        }),
  };
}

function logprobsOf({ request: { body } }: ChatPrompt, { tokens }: ChatReply): unknown {
  if (body.logprobs !== true || tokens === undefined) return null;
  const weighed = (token: string, probability: number) => ({
    token,
    logprob: probability === 0 ? -9999 : Math.log(probability),
    bytes: [...Buffer.from(token)],
  });
  return {
    content: tokens.map(({ token, alternatives }) => ({
      ...weighed(token, alternatives[token] ?? 0),
      top_logprobs: Object.entries(alternatives)
        .map(([alternative, probability]) => weighed(alternative, probability))
        .sort((a, b) => b.logprob - a.logprob)
        .slice(0, Number(body.top_logprobs)),
    })),
    refusal: null,
  };
}

function embeddingBody(request: ReceivedRequest, embed: EmbeddingAnswerer): Body | Fault {
  const texts = request.body.input as readonly string[];
  const answer = embed(texts, request);
  if ('fault' in answer) return answer;
  const tokens = texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0);
  return {
    body: {
      object: 'list',
      model: request.body.model,
      data: answer.vectors.map((embedding, position) => ({
        object: 'embedding',
        index: answer.indexes?.[position] ?? position,
        embedding,
      })),
      ...(answer.usageMissing ? {} : { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
    },
  };
}

const TEST_DIMENSIONS = 8;

/** A vector that tells the text: not of unit length, different for different texts. */
export function testVector(text: string, dimensions = TEST_DIMENSIONS): number[] {
  const vector = Array.from({ length: dimensions }, (_, dimension) => 1 / (dimension + 1));
  for (let at = 0; at < text.length; at += 1) vector[at % dimensions]! += text.charCodeAt(at) / 50;
  return vector;
}

/** Answers in the reverse order, as the interface allows. */
function embedReversed(texts: readonly string[], { body }: ReceivedRequest): EmbeddingAnswer {
  const dimensions = (body.dimensions as number | undefined) ?? TEST_DIMENSIONS;
  const reversed = texts.map((text, index) => ({ index, vector: testVector(text, dimensions) })).reverse();
  return { vectors: reversed.map(({ vector }) => vector), indexes: reversed.map(({ index }) => index) };
}

function refusal(body: ReceivedRequest['body'], refuses: readonly string[]): Fault | undefined {
  const format = (body.response_format as { type?: string } | undefined)?.type;
  const refused = refuses.find((feature) => feature in body || feature === format);
  if (refused === undefined) return undefined;
  const message =
    refused === format
      ? `Invalid parameter: 'response_format' of type '${format}' is not supported with this model.`
      : `Unsupported parameter: '${refused}' is not supported with this model.`;
  return { fault: 'status', status: 400, message };
}
