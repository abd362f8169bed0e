import { z } from 'zod';
import { UsageError } from '../../domain/errors.ts';
import { option, sentence } from '../../domain/wording.ts';
import { modelSettings } from '../providers/provider-settings.ts';
import type { EmbedderDefinition } from './embedder-definition.ts';
import type { EmbedderSettings } from './embedder-settings.ts';
import { readSentenceTransformer, type SentenceTransformer, sentenceTransformerHash } from './sentence-transformer.ts';

/** A sentence-transformers model of the user's own, on this machine: E5, BGE, GTE, LaBSE and the like. */
export const onnxDefinition: EmbedderDefinition = {
  name: 'onnx',
  summary: 'a sentence-transformers folder, runs here',
  source: 'https://sbert.net/docs/sentence_transformer/usage/efficiency.html#onnx',
  settings: z.strictObject({ model: modelSettings.shape.model }),
  modelIsFolder: true,
  identity: (settings) => `onnx ${sentenceTransformerHash(modelIn(settings))}`,
  open: openOnnx,
  openOnWorker: openOnnx,
};

async function openOnnx(settings: EmbedderSettings) {
  return (await import('./onnx-embedder.ts')).onnxEmbedder(modelIn(settings));
}

function modelIn({ model }: EmbedderSettings): SentenceTransformer {
  if (model !== undefined) return readSentenceTransformer(model);
  throw new UsageError(
    sentence`${option('embedder', 'onnx')} needs ${option('embeddingModel')}: a folder with tokenizer.json and model.onnx.`,
  );
}
