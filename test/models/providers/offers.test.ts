import { afterEach, describe, expect, it } from 'vitest';
import type { OfferedModel } from '../../../src/models/providers/offered-models.ts';
import { openLlm } from '../../../src/models/providers/open-llm.ts';
import { PROVIDERS } from '../../../src/models/providers/registry.ts';
import { startAnthropicServer } from '../../support/anthropic-server.ts';
import type { ProviderServer } from '../../support/provider-server.ts';
import {
  BEDROCK,
  DEEPSEEK,
  LLAMA_CPP,
  MISTRAL,
  OPENROUTER,
  ollama,
  startQuirky,
  TOGETHER,
  VLLM,
} from '../../support/quirky-servers.ts';

let server: ProviderServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function offersOf(
  name: string,
  quirks: Parameters<typeof startQuirky>[0],
  model?: string,
): Promise<readonly OfferedModel[] | undefined> {
  server = await startQuirky(quirks);
  return PROVIDERS.find(name).offers!({ baseUrl: `${server.url}/v1`, apiKey: 'sk-12345678', model });
}

describe('what servers say of their models, for free', () => {
  it.each([
    ['vllm', VLLM, { contextTokens: 32_768 }],
    ['compatible', VLLM, { contextTokens: 32_768 }],
    ['llamacpp', LLAMA_CPP, { contextTokens: 8_192 }],
    ['ollama', ollama(), { contextTokens: 4_096 }],
    [
      'ollama',
      ollama({ parameters: 'stop "<|eot|>"\nnum_ctx                        16384' }),
      { contextTokens: 16_384 },
    ],
    ['ollama', ollama({ context: 1_000_000 }), { contextTokens: 131_072 }],
    ['mistral', MISTRAL, { contextTokens: 131_072 }],
    ['deepseek', DEEPSEEK, {}],
    [
      'openrouter',
      OPENROUTER,
      {
        contextTokens: 131_072,
        price: { input: 150_000, cachedInput: 75_000, output: 600_000 },
        structured: true,
        logprobs: true,
      },
    ],
    [
      'together',
      TOGETHER,
      { contextTokens: 131_072, price: { input: 880_000, cachedInput: 880_000, output: 880_000 } },
    ],
  ] as const)('%s, of a model that is named', async (name, quirks, facts) => {
    expect(await offersOf(name, quirks, 'some-model')).toEqual([{ name: 'some-model', ...facts }]);
    expect(server!.requests).toHaveLength(0);
  });

  it('lists all models where none is named', async () => {
    expect((await offersOf('openrouter', OPENROUTER))?.map(({ name }) => name)).toEqual([
      'some-model',
      'openrouter/auto',
      'a/pay-per-request',
    ]);
  });

  it('has no price where tokens alone do not tell it', async () => {
    const [, router, perRequest] = (await offersOf('openrouter', OPENROUTER))!;
    expect([router!.price, perRequest!.price]).toEqual([undefined, undefined]);
  });

  it('knows llama.cpp’s one model under any name, and no model that Ollama does not have', async () => {
    expect(await offersOf('llamacpp', LLAMA_CPP)).toEqual([{ name: 'm.gguf', contextTokens: 8_192 }]);
    await server!.close();
    expect(await offersOf('ollama', ollama(), 'no-such-model')).toEqual([]);
  });

  it('is undefined where there is not a list', async () => {
    expect(await offersOf('bedrock', BEDROCK)).toBeUndefined();
    expect(await PROVIDERS.find('azure').offers!({})).toBeUndefined();
  });

  it('says that a key is refused', async () => {
    const denied = { ...MISTRAL, free: () => ({ fault: 'status', status: 401, message: 'Unauthorized' }) as const };
    await expect(offersOf('mistral', denied)).rejects.toMatchObject({ status: 401, hint: 'Check MISTRAL_API_KEY.' });
  });

  it('reads Anthropic’s list, but for retired models', async () => {
    const free = () => ({
      body: {
        data: [
          {
            id: 'claude-new',
            lifecycle: 'active',
            max_input_tokens: 1_000_000,
            capabilities: { batch: { supported: true }, structured_outputs: { supported: true } },
          },
          { id: 'claude-old', lifecycle: 'retired' },
        ],
        has_more: false,
      },
    });
    server = await startAnthropicServer({ free });
    const offered = await PROVIDERS.find('anthropic').offers!({ baseUrl: server.url, apiKey: 'sk-12345678' });
    const facts = { contextTokens: 1_000_000, structured: true, logprobs: false, batches: true };
    expect(offered).toEqual([{ name: 'claude-new', ...facts }]);
  });

  it('reads Gemini’s own list, with its key in its own header', async () => {
    const paths: string[] = [];
    const free = (path: string) => {
      paths.push(path);
      const embeds = { name: 'models/embedding-1', supportedGenerationMethods: ['embedContent'] };
      const chats = { supportedGenerationMethods: ['generateContent', 'batchGenerateContent'] };
      return { body: { models: [embeds, { name: 'models/gemini-x', inputTokenLimit: 1_048_576, ...chats }] } };
    };
    server = await startQuirky({ free });
    const baseUrl = `${server.url}/v1beta/openai/`;
    const offered = await PROVIDERS.find('gemini').offers!({ baseUrl, apiKey: 'AIza-test-key' });
    expect(offered).toEqual([{ name: 'gemini-x', contextTokens: 1_048_576, batches: true }]);
    expect(paths).toEqual(['/v1beta/models?pageSize=1000']);
  });
});

describe('a model that neither the settings nor the price table know', () => {
  const open = async (provider: string, quirks: Parameters<typeof startQuirky>[0], more: object = {}) => {
    server = await startQuirky(quirks);
    const settings = { model: 'some-model', apiKey: 'sk-12345678', baseUrl: `${server.url}/v1`, timeoutMs: 60_000 };
    return openLlm({ provider, ...settings, ...more });
  };

  it('costs what the server says, where the provider says prices', async () => {
    const { price, askContext } = await open('openrouter', OPENROUTER);
    expect(price).toEqual({ input: 150_000, cachedInput: 75_000, output: 600_000 });
    expect(await askContext!()).toBe(131_072);
  });

  it('costs what the settings say, and is asked for no context that they have', async () => {
    const price = { input: 1, cachedInput: 1, output: 1 };
    const llm = await open('together', TOGETHER, { price, contextTokens: 500 });
    expect(llm).toMatchObject({ price, contextTokens: 500 });
    expect(llm.askContext).toBeUndefined();
  });

  it('has no price where the server names none', async () => {
    await expect(open('openrouter', OPENROUTER, { model: 'openrouter/auto' })).rejects.toMatchObject({
      code: 'UNKNOWN_PRICE',
    });
    await server!.close();
    await expect(open('mistral', MISTRAL)).rejects.toMatchObject({ code: 'UNKNOWN_PRICE' });
  });
});
