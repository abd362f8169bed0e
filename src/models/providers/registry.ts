import { Registry } from '../../domain/registry.ts';
import { anthropicProvider } from './anthropic.ts';
import { azureProvider } from './azure.ts';
import { bedrockProvider } from './bedrock.ts';
import { compatibleProvider } from './compatible.ts';
import { deepSeekProvider } from './deepseek.ts';
import { geminiProvider } from './gemini.ts';
import { llamaCppProvider } from './llamacpp.ts';
import { mistralProvider } from './mistral.ts';
import { offlineProvider } from './offline.ts';
import { ollamaProvider } from './ollama.ts';
import { openAiProvider } from './openai.ts';
import { openRouterProvider } from './openrouter.ts';
import { togetherProvider } from './together.ts';
import { vllmProvider } from './vllm.ts';

/** Every provider, the default first. A new one is added here and nowhere else. */
export const PROVIDERS = new Registry('provider', [
  offlineProvider,
  openAiProvider,
  anthropicProvider,
  geminiProvider,
  azureProvider,
  bedrockProvider,
  deepSeekProvider,
  mistralProvider,
  openRouterProvider,
  togetherProvider,
  ollamaProvider,
  vllmProvider,
  llamaCppProvider,
  compatibleProvider,
]);
