import { z } from 'zod';
import { defineTrainer } from './trainer-definition.ts';

/** Answers with what the labels of similar instructions agree on: weak, but free and immediate. */
export const retrievalDefinition = defineTrainer({
  name: 'retrieval',
  summary: 'answers with the label that similar instructions agree on; free',
  options: z.object({}),
  modelNeedsOptions: false,
  isImmediate: true,
  format: 'alpaca',
  open: async () => (await import('./retrieval/retrieval-model.ts')).retrievalTrainer,
  async openModel({ name }, _options, { examples, embedder, kernel }) {
    const { retrievalModel } = await import('./retrieval/retrieval-model.ts');
    return retrievalModel({ name, examples, embedder: await embedder(), kernel: await kernel() });
  },
});
