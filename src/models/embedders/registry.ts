import { Registry } from '../../domain/registry.ts';
import type { EmbedderDefinition } from './embedder-definition.ts';
import { minilmDefinition } from './minilm.ts';
import { onnxDefinition } from './onnx.ts';
import { openAiDefinition } from './openai.ts';

/** Every embedder, the default first. A new one is added here and nowhere else. */
export const EMBEDDERS = new Registry<EmbedderDefinition>('embedder', [
  minilmDefinition,
  openAiDefinition,
  onnxDefinition,
]);
