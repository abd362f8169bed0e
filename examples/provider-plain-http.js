// A provider of one's own: a server that takes {"prompt", "max_tokens"} and answers {"text", "tokens_in", "tokens_out"}.
//   winnow pick pool.jsonl --count 20 --plugin examples/provider-plain-http.js \
//     --provider plain-http --base-url http://localhost:9000/generate --model house --price 0,0
import { CAUTIOUS_MARGINS, modelSettings, ProviderError } from 'winnow';

const NAME = 'plain-http';

const plainHttp = {
  name: NAME,
  summary: 'a server that answers {"prompt"} with {"text"}',
  settings: modelSettings,
  required: ['model', 'baseUrl'],
  keyVariable: 'PLAIN_HTTP_KEY',
  tasks: ['choose', 'judge', 'answer'],
  weighsText: false,
  contextTokens: 8_192,
  tokenMargins: CAUTIOUS_MARGINS,
  open: async ({ model, baseUrl, apiKey, fetch: request = fetch }) => ({
    provider: NAME,
    model,
    endpoint: baseUrl,
    complete: async ({ system, messages, maxOutputTokens }, signal) => {
      const prompt = [system, ...messages.map(({ role, content }) => `${role}: ${content}`)].join('\n\n');
      const response = await request(baseUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}) },
        body: JSON.stringify({ prompt, max_tokens: maxOutputTokens }),
        ...(signal ? { signal } : {}),
      });
      if (!response.ok) {
        const { status } = response;
        const retryable = status === 429 || status >= 500;
        throw new ProviderError(`The server answered ${status}.`, {
          provider: NAME,
          status,
          retryable,
          billing: 'none',
        });
      }
      const { text, tokens_in: inputTokens, tokens_out: outputTokens } = await response.json();
      return { text, model, usage: { inputTokens, cachedInputTokens: 0, outputTokens }, stop: 'complete' };
    },
  }),
};

export default { name: 'plain-http', version: '1.0.0', providers: [plainHttp] };
