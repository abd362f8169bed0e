import { describe, expect, it } from 'vitest';
import { findModel, pricesAsOf } from '../../../src/models/metering/prices.ts';
import { PROVIDERS } from '../../../src/models/providers/registry.ts';
import type { ProviderWire } from '../../../src/testing/provider-wire.ts';
import { startAnthropicServer } from '../../support/anthropic-server.ts';
import { startAzureServer } from '../../support/azure-server.ts';
import type { ChatAnswerer } from '../../support/chat-answers.ts';
import { GEMINI_PATH, startGeminiServer } from '../../support/gemini-server.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
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
import { describeProvider } from './provider-contract.ts';

/** A server that behaves as each provider's does. */
const SERVERS: Readonly<Record<string, ProviderWire>> = {
  openai: { start: (chat) => startOpenAiServer({ chat }), basePath: '/v1' },
  compatible: { start: (chat) => startOpenAiServer({ chat }), basePath: '/v1' },
  anthropic: { start: (chat) => startAnthropicServer({ chat }), basePath: '' },
  azure: { start: (chat) => startAzureServer({ chat }), basePath: '' },
  gemini: { start: (chat) => startGeminiServer({ chat }), basePath: GEMINI_PATH },
  ...Object.fromEntries(
    Object.entries({
      ...{ bedrock: BEDROCK, deepseek: DEEPSEEK, llamacpp: LLAMA_CPP, mistral: MISTRAL, ollama: ollama() },
      ...{ openrouter: OPENROUTER, together: TOGETHER, vllm: VLLM },
    }).map(([name, quirks]) => [name, { start: (chat: ChatAnswerer) => startQuirky(quirks, chat), basePath: '/v1' }]),
  ),
};

for (const [name, wire] of Object.entries(SERVERS)) describeProvider(PROVIDERS.find(name), wire);

it('every registered provider is tried against a server of its kind', () => {
  const served = PROVIDERS.names.filter((name) => name !== 'offline');
  expect(Object.keys(SERVERS).sort()).toEqual(served.sort());
});

describe.each([...PROVIDERS].map((provider) => [provider.name, provider] as const))(
  'the provider %s',
  (_, provider) => {
    it('names the variable of the key it requires, and an address unless that is required', () => {
      const { required, keyVariable, defaultBaseUrl } = provider;
      if (required.includes('apiKey')) expect(keyVariable).toMatch(/^[A-Z]+(?:_[A-Z]+)*_(?:API_KEY|BEDROCK)$/);
      expect(defaultBaseUrl === undefined).toBe(required.includes('baseUrl') || provider.name === 'offline');
    });

    it('has prices that apply to its usual model', () => {
      const { usualModel, price, name } = provider;
      if (usualModel === undefined) expect(price !== undefined || pricesAsOf(name) === undefined).toBe(true);
      else expect(findModel(name, usualModel)).toBeDefined();
    });
  },
);
