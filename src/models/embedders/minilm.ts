import { z } from 'zod';
import type { EmbedderDefinition } from './embedder-definition.ts';

/** all-MiniLM-L6-v2 on this machine. */
export const minilmDefinition: EmbedderDefinition = {
  name: 'minilm',
  summary: 'runs here, free',
  source: 'https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2',
  settings: z.strictObject({}),
  identity: () => 'minilm',
  open: async () => (await import('./minilm-embedder.ts')).minilmEmbedder(),
};
