import type { LabeledExample } from '../domain/label.ts';
import type { EmbeddingMatrix } from '../math/embedding-matrix.ts';
import type { MatrixKernel } from '../math/matrix-kernel.ts';
import type { Embedder } from '../models/embedders/embedder.ts';
import { answerTogether } from './answer-together.ts';
import { embeddedOnce, exampleTrainer, firstOfEachText } from './labeled-texts.ts';
import type { SeedModel } from './seed-model.ts';

export interface ExampleModelOptions {
  /** As the trainer named it. */
  readonly name: string;
  /** At least one. */
  readonly examples: readonly LabeledExample[];
  /** Behind a cache: the pool's texts are embedded already. */
  readonly embedder: Embedder;
  readonly kernel: MatrixKernel;
}

export const nearestNeighbourTrainer = exampleTrainer('nearest-neighbour');

/**
 * Answers with the response of the labeled instruction nearest to the one asked about (cosine; ties →
 * the first example). A weak model but a real one: it does well where labels are close by.
 *
 * Embedding is metered by the embedder, if at all.
 * Cost: O(n·m·d) for n questions and m examples; the examples are embedded with the first question.
 */
export function nearestNeighbourModel({ name, examples, embedder, kernel }: ExampleModelOptions): SeedModel {
  const neighbours = firstOfEachText(examples);
  const neighbourVectors = embeddedOnce(embedder, [...neighbours.keys()]);
  return answerTogether(name, async (texts, signal) => {
    const [vectors, asked] = await Promise.all([neighbourVectors(), embedder.embed(texts, signal ? { signal } : {})]);
    const responses = await nearestResponses(asked, vectors, [...neighbours.values()], kernel);
    return responses.map((text) => ({ text }));
  });
}

/**
 * Answers with the response of the nearest neighbour (ties → the first).
 * @param asked `n × d` @param neighbours `m × d`, of distinct texts @param responses parallel to the neighbours
 */
export async function nearestResponses(
  asked: EmbeddingMatrix,
  neighbours: EmbeddingMatrix,
  responses: readonly string[],
  kernel: MatrixKernel,
): Promise<string[]> {
  const { center } = await kernel.nearest(asked, neighbours);
  return Array.from(center, (position) => responses[position]!);
}
