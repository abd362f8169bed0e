import { TrainingError } from '../domain/errors.ts';
import { embeddingText } from '../domain/instruction.ts';
import type { LabeledExample } from '../domain/label.ts';
import type { EmbeddingMatrix } from '../math/embedding-matrix.ts';
import type { Embedder } from '../models/embedders/embedder.ts';
import type { Trainer } from './trainer.ts';

/** A trainer that trains nothing, because the examples are the model. Instant and free. */
export function exampleTrainer(name: string): Trainer {
  return {
    name,
    worstCaseMicroUsd: () => 0,
    async train({ round, examples }, _memory, { signal } = {}) {
      signal?.throwIfAborted();
      if (examples.length === 0) {
        throw new TrainingError('There is no labeled example to answer with.', { hint: 'Import labels first.' });
      }
      const details = { examples: examples.length };
      return { name: `${name}-r${round}`, baseUrl: null, costMicroUsd: 0, details };
    },
  };
}

/**
 * Responses by embedding text, of the first example of each text. Equal vectors may differ in the last bit of a product,
 * so equal texts are not left to the kernel.
 */
export function firstOfEachText(examples: readonly LabeledExample[]): ReadonlyMap<string, string> {
  const responses = new Map<string, string>();
  for (const example of examples) {
    const text = embeddingText(example);
    if (!responses.has(text)) responses.set(text, example.response);
  }
  return responses;
}

/** Embeds texts once for all who ask, but again after a failure. No question's signal ends it, since others wait for it too. */
export function embeddedOnce(embedder: Embedder, texts: readonly string[]): () => Promise<EmbeddingMatrix> {
  let embedded: Promise<EmbeddingMatrix> | undefined;
  return () => {
    embedded ??= embedder.embed(texts).catch((error: unknown) => {
      embedded = undefined;
      throw error;
    });
    return embedded;
  };
}
