import { afterEach, describe, expect, it } from 'vitest';
import { openLlm } from '../../../src/models/providers/open-llm.ts';
import { providerKey } from '../../../src/models/providers/provider-key.ts';
import { chooseRequest } from '../../../src/testing/choose-request.ts';
import { type ChatAnswerer, chooseLongest } from '../../support/chat-answers.ts';
import { GEMINI_PATH, quotaUsed, startGeminiServer } from '../../support/gemini-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';

describe('the provider gemini', () => {
  let server: ProviderServer;

  afterEach(() => server?.close());

  async function open(chat: ChatAnswerer, model = 'gemini-2.5-flash') {
    server = await startGeminiServer({ chat });
    const key = providerKey('gemini', { GEMINI_API_KEY: 'AIza-test', OPENAI_API_KEY: 'sk-not-this-one' });
    return openLlm({ provider: 'gemini', model, ...key, baseUrl: `${server.url}${GEMINI_PATH}/`, timeoutMs: 60_000 });
  }

  it('sends its own key as a bearer token, and asks for no log-probabilities', async () => {
    const { client } = await open(chooseLongest);
    await client.complete({ ...chooseRequest(), topLogprobs: 5 });
    const { headers, path, body } = server.requests[0]!;
    expect(headers.authorization).toBe('Bearer AIza-test');
    expect(path).toBe('/v1beta/openai/chat/completions');
    expect(body).toMatchObject({ model: 'gemini-2.5-flash', max_tokens: 200, temperature: 0 });
    expect(Object.keys(body).filter((name) => name.includes('logprobs'))).toEqual([]);
  });

  it('knows price, context and room for thinking of its models', async () => {
    await expect(open(chooseLongest, 'gemini-2.5-pro')).resolves.toMatchObject({
      price: { input: 2_500_000, output: 15_000_000 },
      contextTokens: 1_048_576,
      reasoningTokens: expect.any(Number),
    });
    await server.close();
    await expect(open(chooseLongest, 'gemini-2.5-flash-lite')).resolves.toMatchObject({
      price: { input: 100_000, output: 400_000 },
      reasoningTokens: 0,
    });
  });

  it('tries again after a limit per minute, as late as it is told', async () => {
    const { client } = await open(() => quotaUsed('7.5s'));
    await expect(client.complete(chooseRequest())).rejects.toMatchObject({
      provider: 'gemini',
      retryable: true,
      retryAfterMs: 7_500,
      billing: 'none',
      message: expect.stringContaining('Gemini limits the rate of requests (429): You exceeded your current quota'),
    });
  });

  it('says which key a 400 is about', async () => {
    const { client } = await open(() => ({ fault: 'status', status: 400, message: 'API key not valid.' }));
    await expect(client.complete(chooseRequest())).rejects.toMatchObject({
      retryable: false,
      hint: 'Check GEMINI_API_KEY.',
    });
  });

  it('counts thinking as output', async () => {
    const { client } = await open(() => ({ text: '{}', usage: { input: 20, output: 5, thinking: 300 } }));
    await expect(client.complete(chooseRequest())).resolves.toMatchObject({ usage: { outputTokens: 305 } });
  });
});
