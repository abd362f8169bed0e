import { embeddingText } from '../../domain/instruction.ts';
import { type EmbeddingMatrix, takeRows } from '../../math/embedding-matrix.ts';
import type { ConfidentModel } from '../../selection/measures/measure.ts';
import { drawAtRandom } from '../../selection/strategies/random.ts';
import { Retrieval } from '../../trainers/retrieval/retrieval-model.ts';
import type { Simulation } from './open-simulation.ts';
import type { ArmPool, SeedPool } from './seed-pool.ts';
import type { SimulatedArm } from './simulated-arm.ts';

/** What is left of a pool once a seed model is there. */
export interface StartedPool extends ArmPool {
  /** `l × d`: what the seed model was made of. */
  readonly labeled: EmbeddingMatrix;
}

/**
 * The first half of the budget of an arm that needs a seed model: a random draw, the first picks of the arm `random`.
 * Their labels make the retrieval model whose confidence the second half goes by.
 * @returns the rows of the first half, and the pool without them
 */
export async function startSeedModel(
  { kernel }: Pick<Simulation, 'kernel'>,
  arm: SimulatedArm,
  pool: SeedPool,
  armPool: ArmPool,
  budget: number,
): Promise<{ readonly rows: readonly number[]; readonly rest: StartedPool }> {
  const { candidates } = armPool;
  const rows = drawAtRandom(candidates.positions, pool.seed).slice(0, Math.ceil(budget / 2));
  const labeled = takeRows(pool.vectors, rows);
  const examples = rows.map((row) => pool.labeled[row]!);
  const responses = examples.map(({ output }) => output);
  const retrieval = new Retrieval({ texts: examples.map(embeddingText), vectors: labeled }, responses, kernel);
  const questions = { texts: pool.labeled.map(embeddingText), vectors: pool.vectors };
  const answers = await retrieval.answers(questions);
  const confidences = new Map(questions.texts.map((text, row) => [text, answers[row]!.confidence]));
  const taken = new Set(rows);
  return {
    rows,
    rest: {
      ...armPool,
      labeled,
      candidates: {
        ...candidates,
        positions: candidates.positions.filter((row) => !taken.has(row)),
        copies: new Map([...candidates.copies].filter(([row]) => !taken.has(row))),
      },
      measures: await arm.measuresWith(pool.positions, confidentModel(confidences)),
    },
  };
}

function confidentModel(confidences: ReadonlyMap<string, number>): ConfidentModel {
  return {
    name: 'retrieval',
    concurrency: 1,
    answer: async (item) => ({
      confidence: confidences.get(embeddingText(item))!,
      model: 'retrieval',
      costMicroUsd: 0,
    }),
    estimate: () => ({ expected: 0, worstCase: 0 }),
  };
}
