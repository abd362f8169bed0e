import { afterEach, describe, expect, it } from 'vitest';
import { anthropicProvider } from '../../../src/models/providers/anthropic.ts';
import { anthropicClient } from '../../../src/models/providers/anthropic-client.ts';
import { chooseRequest } from '../../../src/testing/choose-request.ts';
import { type AnthropicServerOptions, startAnthropicServer } from '../../support/anthropic-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';

describe('anthropicClient', () => {
  let server: ProviderServer;

  afterEach(() => server?.close());

  async function serve(options: AnthropicServerOptions = {}) {
    server = await startAnthropicServer(options);
    return anthropicClient(anthropicProvider, { model: 'claude-haiku-4-5', apiKey: 'sk-ant-x', baseUrl: server.url });
  }

  it('asks for the schema in output_config, with the system prompt apart from the messages', async () => {
    const llm = await serve();
    const request = chooseRequest();
    await llm.complete(request);
    expect(server.requests[0]!.body).toMatchObject({
      system: request.system,
      messages: request.messages,
      max_tokens: 200,
      output_config: { format: { type: 'json_schema', schema: { type: 'object', required: ['choices'] } } },
    });
  });

  it('marks a system prompt that is long enough to be cached, and no shorter one', async () => {
    const llm = await serve();
    const long = 'Judge every text by these rules. '.repeat(200);
    await llm.complete({ ...chooseRequest(), system: long });
    await llm.complete(chooseRequest());
    expect(server.requests.map(({ body }) => body.system)).toEqual([
      [{ type: 'text', text: long, cache_control: { type: 'ephemeral' } }],
      chooseRequest().system,
    ]);
  });

  it('writes the schema into the system prompt for models that take none, and remembers it', async () => {
    const llm = await serve({ refuses: ['output_config'] });
    await llm.complete(chooseRequest());
    await llm.complete(chooseRequest());
    expect(server.requests.map(({ body }) => 'output_config' in body)).toEqual([true, false, false]);
    expect(server.requests[2]!.body.system).toContain('JSON Schema');
  });

  it('asks for no log-probabilities, since there are none', async () => {
    const llm = await serve();
    await expect(llm.complete({ ...chooseRequest(), topLogprobs: 10 })).resolves.not.toHaveProperty('logprobs');
    expect(Object.keys(server.requests[0]!.body).filter((name) => name.includes('logprobs'))).toEqual([]);
  });

  it('sends no temperature, which the SDK has none of', async () => {
    const llm = await serve({ refuses: ['temperature'] });
    await llm.complete(chooseRequest());
    expect(server.requests.map(({ body }) => 'temperature' in body)).toEqual([false]);
  });

  it('asks for more output than the SDK allows without streaming', async () => {
    const llm = await serve();
    await llm.complete({ ...chooseRequest(), maxOutputTokens: 60_000 });
    expect(server.requests[0]!.body.max_tokens).toBe(60_000);
  });

  it('keeps thinking out of the text', async () => {
    const llm = await serve({ chat: () => ({ text: '{"choices":[]}' }) });
    await expect(llm.complete(chooseRequest())).resolves.toMatchObject({ text: '{"choices":[]}' });
  });

  it('says of a model that is served no more when it was retired', async () => {
    server = await startAnthropicServer({ chat: () => ({ fault: 'status', status: 404, message: 'model not found' }) });
    const settings = { model: 'claude-sonnet-4-20250514', apiKey: 'sk-ant-x', baseUrl: server.url };
    await expect(anthropicClient(anthropicProvider, settings).complete(chooseRequest())).rejects.toMatchObject({
      message: expect.stringContaining('has retired "claude-sonnet-4-20250514"'),
      hint: 'It was retired on 2026-06-15. Set model to another one.',
    });
  });

  it('needs a key', () => {
    expect(() => anthropicClient(anthropicProvider, { model: 'm', apiKey: '' })).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: 'Set ANTHROPIC_API_KEY.' }),
    );
  });
});
