import { NotEnoughError } from '../../domain/errors.ts';
import type { ProgressEvent } from '../../domain/progress.ts';
import type { SelectionJournal } from '../../domain/selection.ts';
import { type Stopped, stoppedBy } from '../../domain/stop-reason.ts';
import { embeddingMatrix } from '../../math/embedding-matrix.ts';
import type { PreparedSelection, Selection } from '../../selection/strategies/strategy.ts';
import type { SqliteJournal } from '../../store/sqlite-journal.ts';
import type { Simulation } from './open-simulation.ts';
import type { ArmPool, SeedPool } from './seed-pool.ts';
import type { SimulatedArm } from './simulated-arm.ts';
import { type StartedPool, startSeedModel } from './start-seed-model.ts';

/** What an arm chose for a budget: rows of the pool, rank 1 first; or why it could not; or what stopped it. */
export type Choice =
  | { readonly rows: readonly number[]; readonly notes: readonly string[] }
  | { readonly because: string }
  | { readonly stopped: Stopped };

/**
 * Lets an arm choose for budgets. If smaller selections are the first picks of larger ones, the largest possible
 * selection serves all. No selection is shorter than its budget.
 * @param budgets ascending
 */
export async function choosePicks(
  simulation: Simulation,
  arm: SimulatedArm,
  pool: SeedPool,
  budgets: readonly number[],
): Promise<ReadonlyMap<number, Choice>> {
  const choices = new Map<number, Choice>();
  const armPool = await pool.forArm(arm);
  const isNested = arm.strategy.nested(arm.arm.options) && !arm.needsSeedModel;
  let largest: Choice | undefined;
  for (const budget of budgets.toReversed()) {
    const choice =
      largest && 'rows' in largest
        ? { ...largest, rows: largest.rows.slice(0, budget) }
        : await chooseFor(simulation, arm, pool, armPool, budget);
    choices.set(budget, choice);
    if ('stopped' in choice) break;
    if (isNested) largest = choice;
  }
  return choices;
}

async function chooseFor(
  simulation: Simulation,
  arm: SimulatedArm,
  pool: SeedPool,
  armPool: ArmPool,
  budget: number,
): Promise<Choice> {
  const { signal } = simulation.settings;
  const { positions, nearDuplicates, withoutVector = [] } = armPool.candidates;
  const vectorNotes = withoutVector.length === 0 ? [] : ['instructions without a usable vector could not be chosen'];
  if (positions.length < budget) {
    const without = withoutVector.length === 0 ? '' : `, ${withoutVector.length} have no usable vector`;
    return { because: `only ${positions.length} can be chosen: ${nearDuplicates} are near-duplicates${without}` };
  }
  try {
    const journal = await openJournal(simulation, arm, pool.seed, budget);
    if (!arm.needsSeedModel) {
      const prepared = await prepareArm(simulation, arm, pool, armPool, { count: budget, journal });
      return choiceOf(await prepared.select(), budget, vectorNotes);
    }
    const { rows, rest } = await startSeedModel(simulation, arm, pool, armPool, budget);
    const count = budget - rows.length;
    if (count === 0) return { rows, notes: vectorNotes };
    const prepared = await prepareArm(simulation, arm, pool, rest, { count, journal });
    const choice = choiceOf(await prepared.select(), count, vectorNotes);
    return 'rows' in choice ? { ...choice, rows: [...rows, ...choice.rows] } : choice;
  } catch (error) {
    if (error instanceof NotEnoughError) return { because: error.message };
    return { stopped: stoppedBy(error, signal) };
  }
}

/** Everything before the first question. */
export function prepareArm(
  { settings, workbench, vectors }: Simulation,
  { arm, strategy, isPaid }: SimulatedArm,
  { seed }: SeedPool,
  { labeled, ...armPool }: ArmPool & Partial<Pick<StartedPool, 'labeled'>>,
  { count, journal }: { readonly count: number; readonly journal: SelectionJournal },
): Promise<PreparedSelection> {
  const { signal, onProgress } = settings;
  const task = {
    ...{ ...armPool, count, seed, journal, signal, options: arm.options },
    labeled: labeled ?? embeddingMatrix(new Float32Array(0), 0, armPool.embeddings.columns),
    embed: (texts: readonly string[]) => vectors.of(texts, { signal }),
    // Shows progress of long phases only; the rest would hide how many cells are done.
    onProgress: (event: ProgressEvent) => {
      if (event.phase === 'judge' || (event.phase === 'choose' && isPaid)) onProgress?.(event);
    },
  };
  return workbench.prepareStrategy(strategy, task);
}

async function openJournal(
  { store, settings, keys }: Simulation,
  arm: SimulatedArm,
  seed: number,
  count: number,
): Promise<SqliteJournal> {
  const key = await keys.selection(arm, seed, count);
  const isBegun = store.findNumber(key) !== undefined;
  const journal = store.journal(store.numberOf(key));
  if (settings.retryFailed && isBegun) journal.reopenFailed();
  return journal;
}

/** @param vectorNotes about the candidates */
function choiceOf({ picks, asked, measured = [] }: Selection, budget: number, vectorNotes: readonly string[]): Choice {
  const stopped = asked?.stopped ?? measured.find((one) => one.stopped)?.stopped;
  if (stopped) return { stopped };
  if (picks.length < budget) {
    const reasons = [
      ...(asked && asked.failed.length > 0
        ? [`${asked.failed.length} of ${asked.queries} queries got no usable reply (${asked.failed[0]!.failure})`]
        : []),
      ...measured
        .filter(({ failed }) => failed.length > 0)
        .map(({ failed, items, by }) => `${failed.length} of ${items} got no usable value from ${by}`),
    ];
    return { because: [`only ${picks.length} were chosen`, ...reasons].join('; ') };
  }
  return {
    rows: picks.map(({ position }) => position),
    notes: [
      ...vectorNotes,
      ...measured.flatMap(({ measure, failed, collapse }) => [
        ...(failed.length > 0 ? [`instructions without a usable value (${measure}) could not be chosen`] : []),
        ...(collapse ? [`nearly all values of ${measure} are the same, so the choice among them is arbitrary`] : []),
      ]),
    ],
  };
}
