import { embeddingText, type Instruction } from '../../domain/instruction.ts';
import { type EmbeddingMatrix, embeddingMatrix, hasDirection } from '../../math/embedding-matrix.ts';
import { type Candidates, findCandidates } from '../../selection/find-candidates.ts';
import type { Measure, MeasureName } from '../../selection/measures/measure.ts';
import type { LabeledInstruction } from './labeled-data.ts';
import type { Simulation } from './open-simulation.ts';
import { RougeLScorer } from './rouge-l-scorer.ts';
import type { SimulatedArm } from './simulated-arm.ts';
import { drawSplit } from './split.ts';

/** What an arm chooses from with one seed. Rows index the pool. */
export interface ArmPool {
  readonly instructions: readonly Instruction[];
  /** `n × d`; `0 × 0` for strategies that need none. */
  readonly embeddings: EmbeddingMatrix;
  readonly candidates: Candidates;
  readonly measures: ReadonlyMap<MeasureName, Measure>;
}

const NO_ROWS = embeddingMatrix(new Float32Array(0), 0, 0);

/** The pool and the held-out instructions of one seed, embedded; what several arms need of them is made once. */
export class SeedPool {
  readonly seed: number;
  /** Positions of the data, ascending: row → position. */
  readonly positions: readonly number[];
  readonly heldOutPositions: readonly number[];
  readonly labeled: readonly LabeledInstruction[];
  readonly heldOut: readonly LabeledInstruction[];
  /** `n × d` of the pool's instructions. */
  readonly vectors: EmbeddingMatrix;
  /** `h × d` of the held-out instructions. */
  readonly heldOutVectors: EmbeddingMatrix;
  /** Of the true responses held out. */
  readonly scorer: RougeLScorer;
  readonly #simulation: Simulation;
  #candidates: Promise<Candidates> | undefined;

  private constructor(simulation: Simulation, seed: number, pool: PoolParts) {
    this.#simulation = simulation;
    this.seed = seed;
    this.positions = pool.positions;
    this.heldOutPositions = pool.heldOutPositions;
    this.labeled = pool.labeled;
    this.heldOut = pool.heldOut;
    this.vectors = pool.vectors;
    this.heldOutVectors = pool.heldOutVectors;
    this.scorer = new RougeLScorer(pool.heldOut.map(({ output }) => output));
  }

  /** Draws the split and embeds it. @throws as the embedder does */
  static async open(simulation: Simulation, seed: number): Promise<SeedPool> {
    const { data, vectors, settings } = simulation;
    const split = drawSplit(data.instructions.length, data.sizes, seed);
    const take = (positions: readonly number[]) => positions.map((position) => data.instructions[position]!);
    const [labeled, heldOut] = [take(split.pool), take(split.heldOut)];
    const { signal, onProgress } = settings;
    // Together, so that embedding is one computation with one progress.
    await vectors.of([...labeled, ...heldOut].map(embeddingText), { signal, onProgress });
    return new SeedPool(simulation, seed, {
      positions: split.pool,
      heldOutPositions: split.heldOut,
      labeled,
      heldOut,
      vectors: await vectors.of(labeled.map(embeddingText)),
      heldOutVectors: await vectors.of(heldOut.map(embeddingText)),
    });
  }

  /** Positions of the data whose instructions have no usable vector, ascending: of the pool, and held out. */
  withoutVector(): { readonly pool: readonly number[]; readonly heldOut: readonly number[] } {
    return {
      pool: this.positions.filter((_, row) => !hasDirection(this.vectors, row)),
      heldOut: this.heldOutPositions.filter((_, row) => !hasDirection(this.heldOutVectors, row)),
    };
  }

  /**
   * What an arm is given of it: nothing of the responses, unless it judges them. All arms choose from the same candidates:
   * near-duplicates are those of the instructions, even if an arm chooses by other vectors.
   */
  async forArm(arm: SimulatedArm): Promise<ArmPool> {
    const { positions } = this;
    const { embeddings: kind } = arm.strategy.needs;
    const vectors = kind === 'pairs' ? await this.#pairVectors(arm) : this.vectors;
    this.#candidates ??= this.#findCandidates();
    return {
      instructions: positions.map((position) => arm.shown[position]!),
      embeddings: kind === 'none' ? NO_ROWS : vectors,
      candidates: await this.#candidates,
      measures: await arm.measures(positions),
    };
  }

  #pairVectors(arm: SimulatedArm): Promise<EmbeddingMatrix> {
    const { vectors, settings } = this.#simulation;
    const texts = this.positions.map((position) => arm.textOf(position));
    return vectors.of(texts, { signal: settings.signal, onProgress: settings.onProgress });
  }

  #findCandidates(): Promise<Candidates> {
    const { kernel, settings } = this.#simulation;
    const { vectors } = this;
    const none = embeddingMatrix(new Float32Array(0), 0, vectors.columns);
    const { dedupeThreshold, signal } = settings;
    return findCandidates([...this.positions.keys()], vectors, none, dedupeThreshold, { kernel, signal });
  }
}

type PoolParts = Pick<
  SeedPool,
  'positions' | 'heldOutPositions' | 'labeled' | 'heldOut' | 'vectors' | 'heldOutVectors'
>;
