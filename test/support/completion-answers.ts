import type { Body, Fault, ReceivedRequest } from './provider-server.ts';

/** What a server of the legacy Completions API says of a prompt that it echoes. */
export interface WeighedPrompt {
  /** One a token of the prompt; servers have nothing to say of the first. */
  readonly prompt: readonly (number | null)[];
  /** Of what it generates, which is left out by some. By default one token. */
  readonly generated?: readonly number[];
  /** The tokens' texts, those of the prompt and the generated ones. */
  readonly tokens?: readonly string[];
  /** Where each begins. */
  readonly offsets?: readonly number[];
  /** Leaves the usage out. */
  readonly usageMissing?: boolean;
  /** Of the tokens that are billed, where they are not those that are echoed. */
  readonly usage?: { readonly prompt: number; readonly completion: number };
}
export type CompletionAnswerer = (prompt: string, request: ReceivedRequest) => WeighedPrompt | Fault;

/** Takes words for tokens; a word of n letters has the log-probability −n/2. */
export function weighByLength(prompt: string): WeighedPrompt {
  const words = prompt.split(/\s+/).filter((word) => word !== '');
  return { prompt: words.map((word, index) => (index === 0 ? null : -word.length / 2)) };
}

export function textCompletionBody(request: ReceivedRequest, answer: CompletionAnswerer): Body | Fault {
  const { prompt, model, echo, logprobs } = request.body;
  if (echo !== true || typeof logprobs !== 'number') {
    return { fault: 'status', status: 400, message: 'this server only echoes, with log-probabilities' };
  }
  const answered = answer(String(prompt), request);
  if ('fault' in answered) return answered;
  const { generated = [-0.25], usageMissing = false } = answered;
  const usage = answered.usage ?? { prompt: answered.prompt.length, completion: 1 };
  return {
    body: {
      id: `cmpl-${request.number}`,
      object: 'text_completion',
      created: 0,
      model: `${String(model)}-served`,
      choices: [
        {
          index: 0,
          finish_reason: 'length',
          text: `${String(prompt)} and`,
          logprobs: {
            token_logprobs: [...answered.prompt, ...generated],
            ...(answered.tokens ? { tokens: answered.tokens } : {}),
            ...(answered.offsets ? { text_offset: answered.offsets } : {}),
          },
        },
      ],
      ...(usageMissing
        ? {}
        : {
            usage: {
              prompt_tokens: usage.prompt,
              completion_tokens: usage.completion,
              total_tokens: usage.prompt + usage.completion,
            },
          }),
    },
  };
}
