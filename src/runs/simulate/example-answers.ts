import { embeddingText } from '../../domain/instruction.ts';
import { takeRows } from '../../math/embedding-matrix.ts';
import { nearestResponses } from '../../trainers/nearest-neighbour.ts';
import { Retrieval } from '../../trainers/retrieval/retrieval-model.ts';
import type { Simulation } from './open-simulation.ts';
import type { SeedPool } from './seed-pool.ts';
import type { ExampleTrainer } from './simulate-options.ts';

/**
 * What a model that answers with labels says to the held-out instructions, in their order.
 * @param rows of the pool: what it has labels of
 */
export async function exampleAnswers(
  { kernel }: Pick<Simulation, 'kernel'>,
  { labeled, heldOut, ...pool }: Pick<SeedPool, 'labeled' | 'heldOut' | 'vectors' | 'heldOutVectors'>,
  rows: readonly number[],
  trainer: ExampleTrainer,
): Promise<readonly string[]> {
  const vectors = takeRows(pool.vectors, rows);
  const examples = rows.map((row) => labeled[row]!);
  const responses = examples.map(({ output }) => output);
  if (trainer === 'nearest-neighbour') return nearestResponses(pool.heldOutVectors, vectors, responses, kernel);
  const retrieval = new Retrieval({ texts: examples.map(embeddingText), vectors }, responses, kernel);
  const questions = { texts: heldOut.map(embeddingText), vectors: pool.heldOutVectors };
  return (await retrieval.answers(questions)).map(({ text }) => text);
}
