import { afterEach, describe, expect, it } from 'vitest';
import { PROVIDERS } from '../../../src/models/providers/registry.ts';
import { chooseRequest } from '../../../src/testing/choose-request.ts';
import { type ChatAnswer, chooseLongest } from '../../support/chat-answers.ts';
import type { Fault, ProviderServer } from '../../support/provider-server.ts';
import { BEDROCK, DEEPSEEK, MISTRAL, OPENROUTER, startQuirky } from '../../support/quirky-servers.ts';

let server: ProviderServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function open(name: string, quirks: Parameters<typeof startQuirky>[0], answer: ChatAnswer = chooseLongest(TEXT)) {
  server = await startQuirky(quirks, () => answer);
  return PROVIDERS.find(name).open({ model: 'some-model', apiKey: 'sk-12345678', baseUrl: `${server.url}/v1` });
}

const TEXT = { text: chooseRequest().messages[0]!.content };

describe('what sets a provider apart', () => {
  it.each([
    ['mistral', MISTRAL],
    ['bedrock', BEDROCK],
    ['deepseek', DEEPSEEK],
    ['openrouter', OPENROUTER],
  ] as const)('%s: thinking is no part of the answer', async (name, quirks) => {
    const reply = await (await open(name, quirks)).complete(chooseRequest());
    expect(JSON.parse(reply.text)).toMatchObject({ choices: [{ id: 'id3' }, { id: 'id1' }] });
    expect(reply.thinking).toContain('Let me see.');
  });

  it('mistral: an answer that filled the context was cut', async () => {
    const llm = await open('mistral', MISTRAL, { text: '{"choices": [', stop: 'length' });
    await expect(llm.complete(chooseRequest())).resolves.toMatchObject({ stop: 'length' });
  });

  it('mistral: a list of faults names the parameter, which is left out from then on', async () => {
    const detail = [{ type: 'extra_forbidden', loc: ['body', 'temperature'], msg: 'Extra inputs are not permitted' }];
    const refused: Fault = {
      fault: 'status',
      status: 422,
      body: JSON.stringify({ object: 'error', message: { detail } }),
    };
    server = await startQuirky(MISTRAL, (prompt) =>
      'temperature' in prompt.request.body ? refused : chooseLongest(prompt),
    );
    const settings = { model: 'some-model', apiKey: 'sk-12345678', baseUrl: `${server.url}/v1` };
    const llm = await PROVIDERS.find('mistral').open(settings);
    await llm.complete(chooseRequest());
    await llm.complete(chooseRequest());
    expect(server.requests.map(({ body }) => 'temperature' in body)).toEqual([true, false, false]);
  });

  it.each([
    ['openrouter', OPENROUTER],
    ['deepseek', DEEPSEEK],
  ] as const)('%s: no credit is no rate limit', async (name, quirks) => {
    const llm = await open(name, quirks, { fault: 'status', status: 402, message: 'Insufficient Balance' });
    await expect(llm.complete(chooseRequest())).rejects.toMatchObject({
      retryable: false,
      billing: 'none',
      hint: expect.stringContaining('credit'),
    });
  });

  it.each(['error', 'insufficient_system_resource'])(
    'an answer that was broken off by "%s" is asked for again',
    async (reason) => {
      const shape = () => ({ choices: [{ finish_reason: reason, message: { role: 'assistant', content: '{"cho' } }] });
      const llm = await open('deepseek', { ...DEEPSEEK, shape });
      await expect(llm.complete(chooseRequest())).rejects.toMatchObject({ retryable: true, billing: 'unknown' });
    },
  );

  it('openrouter: a failure behind it comes within a 200', async () => {
    const shape = () => ({ error: { code: 502, message: 'Provider returned error', metadata: {} } });
    const llm = await open('openrouter', { ...OPENROUTER, shape });
    await expect(llm.complete(chooseRequest())).rejects.toMatchObject({
      ...{ retryable: true, billing: 'unknown', status: 502 },
    });
  });

  it('deepseek: cached tokens are read under its own name', async () => {
    const usage = { input: 100, cached: 64, output: 9 };
    const reply = await (await open('deepseek', DEEPSEEK, { text: '{}', usage })).complete(chooseRequest());
    expect(reply.usage).toMatchObject({ inputTokens: 100, cachedInputTokens: 64 });
  });
});
