import { describe, expect, it } from 'vitest';
import { findModel, pricesAsOf } from '../../../src/models/metering/prices.ts';
import { anthropicProvider } from '../../../src/models/providers/anthropic.ts';
import { azureProvider } from '../../../src/models/providers/azure.ts';
import { compatibleProvider } from '../../../src/models/providers/compatible.ts';
import { openAiProvider } from '../../../src/models/providers/openai.ts';
import { PROVIDERS } from '../../../src/models/providers/registry.ts';
import { startAnthropicServer } from '../../support/anthropic-server.ts';
import { startAzureServer } from '../../support/azure-server.ts';
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

describeProvider(openAiProvider, { start: (chat) => startOpenAiServer({ chat }), basePath: '/v1' });
describeProvider(compatibleProvider, { start: (chat) => startOpenAiServer({ chat }), basePath: '/v1' });
for (const [name, quirks] of Object.entries({
  ...{ bedrock: BEDROCK, deepseek: DEEPSEEK, llamacpp: LLAMA_CPP, mistral: MISTRAL, ollama: ollama() },
  ...{ openrouter: OPENROUTER, together: TOGETHER, vllm: VLLM },
})) {
  describeProvider(PROVIDERS.find(name), { start: (chat) => startQuirky(quirks, chat), basePath: '/v1' });
}
describeProvider(azureProvider, { start: (chat) => startAzureServer({ chat }), basePath: '' });
describeProvider(anthropicProvider, { start: (chat) => startAnthropicServer({ chat }), basePath: '' });

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
