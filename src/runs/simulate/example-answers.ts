import { embeddingText } from '../../domain/instruction.ts';
import { takeRows } from '../../math/embedding-matrix.ts';
import { nearestResponses } from '../../trainers/nearest-neighbour.ts';
import { TRAINERS } from '../../trainers/registry.ts';
import { Retrieval } from '../../trainers/retrieval/retrieval-model.ts';
import type { SeedModelTools } from '../../trainers/trainer-definition.ts';
import { asExample, modelAnswers } from './model-answers.ts';
import type { Simulation } from './open-simulation.ts';
import type { SeedPool } from './seed-pool.ts';
import type { ImmediateTraining } from './simulate-options.ts';

const USUAL_ANSWER = { maxOutputTokens: 512, temperature: 0 };

/**
 * What a model that answers with labels says to the held-out instructions, in their order; null where one is longer
 * than the model can read.
 * @param rows of the pool: what it has labels of
 */
export async function exampleAnswers(
  simulation: Simulation,
  { labeled, heldOut, ...pool }: Pick<SeedPool, 'labeled' | 'heldOut' | 'vectors' | 'heldOutVectors'>,
  rows: readonly number[],
  trainer: ImmediateTraining,
): Promise<readonly (string | null)[]> {
  const { kernel } = simulation;
  const examples = rows.map((row) => labeled[row]!);
  const responses = examples.map(({ output }) => output);
  // These two are given the vectors that are there already.
  if (trainer.kind === 'nearest-neighbour') {
    return nearestResponses(pool.heldOutVectors, takeRows(pool.vectors, rows), responses, kernel);
  }
  if (trainer.kind === 'retrieval') {
    const vectors = takeRows(pool.vectors, rows);
    const retrieval = new Retrieval({ texts: examples.map(embeddingText), vectors }, responses, kernel);
    const questions = { texts: heldOut.map(embeddingText), vectors: pool.heldOutVectors };
    return (await retrieval.answers(questions)).map(({ text }) => text);
  }
  const { workbench, settings } = simulation;
  const tools: SeedModelTools = {
    examples: examples.map(asExample),
    environment: settings.environment,
    ...USUAL_ANSWER,
    embedder: async () => (await workbench.embedder()).embedder,
    kernel: async () => kernel,
    asker: (provider) => workbench.askerOf(provider),
  };
  const { kind, options } = trainer;
  const record = { round: 0, trainer: kind, name: kind, baseUrl: null, costMicroUsd: 0 };
  const model = await TRAINERS.find(kind).openModel(record, options, tools);
  return modelAnswers(model, heldOut, kind, settings.signal);
}
