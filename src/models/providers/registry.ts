import { Registry } from '../../domain/registry.ts';
import { anthropicProvider } from './anthropic.ts';
import { compatibleProvider } from './compatible.ts';
import { geminiProvider } from './gemini.ts';
import { offlineProvider } from './offline.ts';
import { openAiProvider } from './openai.ts';

/** Every provider, the default first. A new one is added here and nowhere else. */
export const PROVIDERS = new Registry('provider', [
  offlineProvider,
  openAiProvider,
  anthropicProvider,
  geminiProvider,
  compatibleProvider,
]);
