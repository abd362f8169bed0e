import { z } from 'zod';
import { defineTrainer } from './trainer-definition.ts';

/** Answers as the nearest labeled instruction was answered: weak, but free and immediate. */
export const nearestNeighbourDefinition = defineTrainer({
  name: 'nearest-neighbour',
  summary: 'answers as the nearest labeled instruction was answered; free',
  options: z.object({}),
  modelNeedsOptions: false,
  isImmediate: true,
  format: 'alpaca',
  open: async () => (await import('./nearest-neighbour.ts')).nearestNeighbourTrainer,
  async openModel({ name }, _options, { examples, embedder, kernel }) {
    const { nearestNeighbourModel } = await import('./nearest-neighbour.ts');
    return nearestNeighbourModel({ name, examples, embedder: await embedder(), kernel: await kernel() });
  },
});
