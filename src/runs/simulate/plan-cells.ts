import { conversationText } from '../../domain/conversation.ts';
import { embeddingText } from '../../domain/instruction.ts';
import type { SelectionJournal } from '../../domain/selection.ts';
import { type CallCost, costMicroUsd, NO_CALLS, sumCallCosts } from '../../domain/usage.ts';
import { embeddingMatrix } from '../../math/embedding-matrix.ts';
import { seededRandom } from '../../math/random.ts';
import type { Embedder, EmbeddingCost } from '../../models/embedders/embedder.ts';
import { modelTokens } from '../../models/metering/model-tokens.ts';
import { worstCaseWithRetries } from '../../models/metering/retry-policy.ts';
import { letsLlmChoose } from '../../selection/strategies/strategy-needs.ts';
import { asReopened, forgetfulJournal } from '../planning-journals.ts';
import { capsOf } from '../run-summary.ts';
import { prepareArm } from './choose-picks.ts';
import { dataFacts } from './data-facts.ts';
import type { Simulation } from './open-simulation.ts';
import { SeedPool } from './seed-pool.ts';
import { isCommand } from './simulate-options.ts';
import { measureKey, type SimulatedArm } from './simulated-arm.ts';
import type { ArmPlan, SimulationPlan } from './simulation-plan.ts';
import { drawSplit } from './split.ts';
import { TextVectors } from './text-vectors.ts';

/** The missing cells of an arm: seed → budgets, ascending. */
type OpenCells = ReadonlyMap<number, readonly number[]>;

/** A paragraph or two. Used for the expected cost only. */
const USUAL_ANSWER_TOKENS = 150;
/** Width of stand-in vectors: enough to be spread out, cheap to cluster. */
const STAND_IN_COLUMNS = 8;

/**
 * Estimates the cost of the missing cells. Arms that cost nothing are skipped.
 * @param dryRun store nothing, not even the queries that are planned
 */
export async function planCells(simulation: Simulation, { dryRun }: { dryRun: boolean }): Promise<SimulationPlan> {
  const { settings, data, store, arms, workbench } = simulation;
  const open = await Promise.all(arms.map((arm) => openCells(simulation, arm)));
  const seeds = settings.seeds.filter((seed) => open.some((cells) => cells.has(seed)));
  const embedding = (await workbench.embedder()).unpaid(textsOf(simulation, seeds));
  const planner = new ChoicePlanner(embedding ? withStandIns(simulation) : simulation, dryRun || embedding !== null);
  const armPlans: ArmPlan[] = [];
  for (const [index, arm] of arms.entries()) {
    const cells = [...open[index]!.values()].reduce((sum, budgets) => sum + budgets.length, 0);
    armPlans.push({
      arm: arm.arm,
      cells,
      cellsMade: settings.seeds.length * settings.budgets.length - cells,
      choosing: arm.isPaid ? await planner.costOf(arm, open[index]!) : NO_CALLS,
    });
  }
  const count = armPlans.reduce((sum, { cells }) => sum + cells, 0);
  const answering = answeringCost(simulation, open);
  const trainings = trainingCost(simulation, count);
  const calls = sumCallCosts([
    ...armPlans.map(({ choosing }) => choosing),
    answering,
    ...(embedding ? [{ ...embedding, calls: { expected: embedding.calls, worstCase: embedding.calls } }] : []),
  ]);
  const asks = arms.some(({ arm }) => arm.asksLlm);
  return {
    data: dataFacts(data, settings.seeds),
    budgets: settings.budgets,
    seeds: settings.seeds,
    arms: armPlans,
    trainer: isCommand(settings.trainer) ? settings.trainer.command : settings.trainer.kind,
    embeddings: simulation.embeddings,
    provider: asks ? settings.llm.provider : null,
    model: asks ? (settings.llm.model ?? null) : null,
    embedding,
    answering,
    trainings,
    estimated: embedding !== null,
    total: sumCallCosts([calls, { ...NO_CALLS, costMicroUsd: trainings.costMicroUsd }]),
    // A training is not begun again by itself.
    worstCaseWithRetriesMicroUsd: worstCaseWithRetries(calls.costMicroUsd.worstCase) + trainings.costMicroUsd.worstCase,
    caps: capsOf(settings),
    spentMicroUsd: store.spentMicroUsd(),
    notes: [...simulation.notes, ...planNotes(simulation, embedding)],
  };
}

async function openCells({ settings, store, keys }: Simulation, arm: SimulatedArm): Promise<OpenCells> {
  const open = new Map<number, number[]>();
  for (const seed of settings.seeds) {
    const budgets: number[] = [];
    for (const budget of settings.budgets) {
      if (!store.findCell(await keys.cell({ arm, budget, seed }))) budgets.push(budget);
    }
    if (budgets.length > 0) open.set(seed, budgets);
  }
  return open;
}

/** All that may have to be embedded, each text once: of responses, those that could be answers are not known before they are. */
function textsOf({ data, arms }: Simulation, seeds: readonly number[]): string[] {
  const pairing = arms.filter(({ strategy }) => strategy.needs.embeddings === 'pairs');
  const texts = seeds.flatMap((seed) => {
    const { pool, heldOut } = drawSplit(data.instructions.length, data.sizes, seed);
    const used = [...pool, ...heldOut].map((position) => data.instructions[position]!);
    return [
      ...used.flatMap((item) => [embeddingText(item), item.output]),
      ...pairing.flatMap((arm) => pool.map((position) => arm.textOf(position))),
    ];
  });
  return [...new Set(texts)];
}

/** Estimates the cost of choosing. A value that one arm measures is free for the next arm with the same measure. */
class ChoicePlanner {
  readonly #simulation: Simulation;
  readonly #storesNothing: boolean;
  readonly #pools = new Map<number, SeedPool>();
  readonly #measured = new Map<string, Set<number>>();

  constructor(simulation: Simulation, storesNothing: boolean) {
    this.#simulation = simulation;
    this.#storesNothing = storesNothing;
  }

  async costOf(arm: SimulatedArm, open: OpenCells): Promise<CallCost> {
    const asking = letsLlmChoose(arm.strategy, arm.arm.options) ? await this.#asking(arm, open) : [];
    return sumCallCosts([...asking, ...(await this.#measuring(arm, open))]);
  }

  async #asking(arm: SimulatedArm, open: OpenCells): Promise<CallCost[]> {
    const isNested = arm.strategy.nested(arm.arm.options);
    const costs: CallCost[] = [];
    for (const [seed, budgets] of open) {
      const pool = await this.#pool(seed);
      const armPool = await pool.forArm(arm);
      for (const budget of isNested ? budgets.slice(-1) : budgets) {
        // Such a cell cannot be made, and so costs nothing.
        const count = Math.min(budget, armPool.candidates.positions.length);
        if (count < budget && !isNested) continue;
        const journal = await this.#journal(arm, seed, budget);
        const prepared = await prepareArm(this.#simulation, arm, pool, armPool, { count, journal });
        if (prepared.plan.asking) costs.push(prepared.plan.asking);
      }
    }
    return costs;
  }

  async #measuring(arm: SimulatedArm, open: OpenCells): Promise<CallCost[]> {
    const { data, settings } = this.#simulation;
    const { signal, onProgress } = settings;
    const generation = await this.#generation(arm, open);
    const pools = [...open.keys()].map((seed) => drawSplit(data.instructions.length, data.sizes, seed).pool);
    const positions = [...new Set(pools.flat())].sort((a, b) => a - b);
    const measures = await arm.measures(positions);
    const costs: CallCost[] = [];
    for (const [name, measure] of measures) {
      const key = measureKey(name, measure, arm.arm);
      const known = this.#measured.get(key) ?? new Set();
      const rows = positions.flatMap((position, row) => (known.has(position) ? [] : [row]));
      this.#measured.set(key, new Set([...known, ...positions]));
      const onEstimated = (done: number) => onProgress?.({ phase: 'estimate', done, total: rows.length });
      costs.push(await measure.estimate(rows, { generation, signal, onEstimated }));
    }
    return costs;
  }

  /** How often, at most, failed values will have been asked for again. Each selection of an arm has its own count. */
  async #generation(arm: SimulatedArm, open: OpenCells): Promise<number> {
    let most = 0;
    for (const [seed, budgets] of open) {
      for (const budget of budgets)
        most = Math.max(most, (await this.#startedJournal(arm, seed, budget))?.retries() ?? 0);
    }
    return most;
  }

  async #pool(seed: number): Promise<SeedPool> {
    const pool = this.#pools.get(seed) ?? (await SeedPool.open(this.#simulation, seed));
    this.#pools.set(seed, pool);
    return pool;
  }

  async #journal(arm: SimulatedArm, seed: number, budget: number): Promise<SelectionJournal> {
    const started = await this.#startedJournal(arm, seed, budget);
    if (started) return started;
    const { store, keys } = this.#simulation;
    return this.#storesNothing
      ? forgetfulJournal(0)
      : store.journal(store.numberOf(await keys.selection(arm, seed, budget)));
  }

  /** The journal of a selection that was started, as it will be when the selection continues. */
  async #startedJournal(arm: SimulatedArm, seed: number, budget: number): Promise<SelectionJournal | undefined> {
    const { store, keys, settings } = this.#simulation;
    const number = store.findNumber(await keys.selection(arm, seed, budget));
    if (number === undefined) return undefined;
    return settings.retryFailed ? asReopened(store.journal(number)) : store.journal(number);
  }
}

/** The same simulation with random vectors in place of those that must still be paid for, so that queries have their real size. */
function withStandIns(simulation: Simulation): Simulation {
  const random = seededRandom(0, 'stand-in');
  const embedder: Embedder = {
    space: 'stand-in',
    metered: false,
    embed: async (texts) => {
      const data = Float32Array.from({ length: texts.length * STAND_IN_COLUMNS }, () => random.float() - 0.5);
      return embeddingMatrix(data, texts.length, STAND_IN_COLUMNS);
    },
  };
  const { settings } = simulation;
  return { ...simulation, vectors: new TextVectors(embedder), settings: { ...settings, dedupeThreshold: 0 } };
}

/** Every cell has its own model, which answers all held-out instructions. */
function answeringCost({ settings, data }: Simulation, open: readonly OpenCells[]): CallCost {
  const { trainer } = settings;
  if (!isCommand(trainer)) return NO_CALLS;
  const tokens = modelTokens('');
  const costs: CallCost[] = [];
  for (const seed of settings.seeds) {
    const cells = open.reduce((sum, of) => sum + (of.get(seed)?.length ?? 0), 0);
    if (cells === 0) continue;
    for (const position of drawSplit(data.instructions.length, data.sizes, seed).heldOut) {
      const text = conversationText(data.instructions[position]!);
      const usual = [tokens.count(text), Math.min(USUAL_ANSWER_TOKENS, trainer.maxOutputTokens)] as const;
      const most = [tokens.mostInput([text]), trainer.maxOutputTokens] as const;
      const cost = ([inputTokens, outputTokens]: readonly [number, number]) =>
        cells * costMicroUsd({ inputTokens, cachedInputTokens: 0, outputTokens }, trainer.price);
      costs.push({
        calls: { expected: cells, worstCase: cells },
        tokens: { expected: cells * (usual[0] + usual[1]), worstCase: cells * (most[0] + most[1]) },
        costMicroUsd: { expected: cost(usual), worstCase: cost(most) },
      });
    }
  }
  return sumCallCosts(costs);
}

function trainingCost({ settings }: Simulation, cells: number): SimulationPlan['trainings'] {
  if (!isCommand(settings.trainer)) return { count: 0, costMicroUsd: NO_CALLS.costMicroUsd };
  const all = cells * settings.trainer.worstCaseMicroUsd;
  return { count: cells, costMicroUsd: { expected: all, worstCase: all } };
}

function planNotes({ settings }: Simulation, embedding: EmbeddingCost | null): string[] {
  if (!embedding || !isCommand(settings.trainer)) return [];
  return ['Embedding the answers of the trained models is not included.'];
}
