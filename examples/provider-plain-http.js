// A provider of one's own: a server that takes {"model", "prompt", "max_tokens"} and answers
// {"text", "tokens_in", "tokens_out", "cut"}.
//   winnow pick pool.jsonl --count 20 --plugin examples/provider-plain-http.js \
//     --provider plain-http --base-url http://localhost:9000/generate --model house --price 0,0
// It has a setting of its own, --text-field (`textField` below `llm` in winnow.yaml): which field holds the answer.

import { CAUTIOUS_MARGINS, modelSettings, ProviderError, UsageError, z } from 'winnow-ai';

const NAME = 'plain-http';

function failure(what, facts) {
  return new ProviderError(`The server ${what}.`, { provider: NAME, ...facts });
}

/** The answer's text, or why there is none, and whether that may be billed. */
async function send(request, url, init) {
  let response;
  let body;
  try {
    response = await request(url, init);
    body = response.ok ? await response.text() : '';
  } catch (error) {
    if (init.signal?.aborted) throw init.signal.reason;
    const billing = error.cause?.code === 'ECONNREFUSED' ? 'none' : 'unknown';
    throw failure('could not be asked', { retryable: true, billing });
  }
  const { status } = response;
  if (response.ok) return body;
  throw failure(`answered ${status}`, { status, retryable: status === 429 || status >= 500, billing: 'none' });
}

function readAnswer(body) {
  try {
    return JSON.parse(body);
  } catch {
    // JSON without its end was cut on its way and may be asked for again; anything else would only come again.
    throw failure('sent no answer', { retryable: body.startsWith('{'), billing: 'unknown' });
  }
}

const plainHttp = {
  name: NAME,
  summary: 'a server that answers {"prompt"} with {"text"}',
  settings: modelSettings.extend({
    textField: z.string().default('text').describe('the field of a reply that holds the answer'),
  }),
  required: ['model', 'baseUrl'],
  keyVariable: 'PLAIN_HTTP_KEY',
  tasks: ['choose', 'judge', 'answer'],
  weighsText: false,
  contextTokens: 8_192,
  tokenMargins: CAUTIOUS_MARGINS,
  open: async ({ model, baseUrl, apiKey, own: { textField } = { textField: 'text' }, fetch: request = fetch }) => {
    if (!model || !baseUrl) throw new UsageError(`${NAME} needs a model and an address.`);
    const { origin, pathname } = new URL(baseUrl);
    return {
      provider: NAME,
      model,
      endpoint: `${origin}${pathname}`,
      complete: async ({ system, messages, maxOutputTokens }, signal) => {
        signal?.throwIfAborted();
        const prompt = [system, ...messages.map(({ role, content }) => `${role}: ${content}`)].join('\n\n');
        const body = await send(request, baseUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}) },
          body: JSON.stringify({ model, prompt, max_tokens: maxOutputTokens }),
          ...(signal ? { signal } : {}),
        });
        const { [textField]: text, tokens_in: inputTokens, tokens_out: outputTokens, cut } = readAnswer(body);
        const usage = { inputTokens, cachedInputTokens: 0, outputTokens };
        return { text, model, usage, stop: cut ? 'length' : 'complete' };
      },
    };
  },
};

export default { name: 'plain-http', version: '1.0.0', providers: [plainHttp] };
