import { DeclinedError } from '../../domain/errors.ts';
import type { Wording } from '../../domain/wording.ts';
import { missingVectors } from '../../selection/missing-vectors.ts';
import { withWorkbench } from '../workbench.ts';
import type { CellName } from './cell-keys.ts';
import { dataFacts } from './data-facts.ts';
import { type MadeCells, makeCells } from './make-cells.ts';
import { openSimulation, type Simulation } from './open-simulation.ts';
import { planCells } from './plan-cells.ts';
import { isCommand, normalizeSimulateOptions, type SimulateOptions } from './simulate-options.ts';
import type { SimulationPlan } from './simulation-plan.ts';
import type { Metric, MissingCell, SimulationCell, SimulationResult } from './simulation-result.ts';

/**
 * Replays labeled data as if it were unlabeled: hides the responses, lets each arm choose, reveals what it chose, trains
 * a model on that and tries it on instructions held out, for every budget and seed. Spends at most the caps; run again
 * with the same data and any arms, budgets, seeds and settings, it makes only the missing cells and pays for nothing
 * twice. Same data, options and replies give the same cells.
 * @throws WinnowError with a stable `code`: USAGE, POOL, NOT_ENOUGH, EMBEDDING, STATE_…, UNKNOWN_PRICE, DECLINED, TRAINING_FAILED
 */
export async function simulate(options: SimulateOptions): Promise<SimulationResult> {
  return withWorkbench(
    () => normalizeSimulateOptions(options),
    async (workbench, settings) => {
      const simulation = await openSimulation(settings, workbench, { dryRun: false });
      const { confirm } = settings;
      if (confirm) {
        const plan = await planCells(simulation, { dryRun: false });
        if (plan.total.costMicroUsd.worstCase > 0 && !(await confirm(plan))) throw new DeclinedError();
      }
      return resultOf(simulation, await makeCells(simulation));
    },
  );
}

/** Plans what `simulate` would do and cost with these options, without spending anything. */
export async function planSimulation(options: SimulateOptions): Promise<SimulationPlan> {
  return withWorkbench(
    () => normalizeSimulateOptions(options),
    async (workbench, settings) =>
      planCells(await openSimulation(settings, workbench, { dryRun: true }), { dryRun: true }),
  );
}

function vectorNotes({ data }: Simulation, { withoutVector }: MadeCells): Wording[] {
  const told = (positions: ReadonlySet<number>, what: string) =>
    positions.size === 0
      ? []
      : [
          `${missingVectors(
            [...positions].sort((a, b) => a - b),
            data.instructions,
          )}. ${what} Check the embedder.`,
        ];
  return [
    ...told(withoutVector.pool, 'They could not be chosen.'),
    ...told(withoutVector.heldOut, 'They are held out; what is answered to them does not mean much.'),
  ];
}

function resultOf(simulation: Simulation, made: MadeCells): SimulationResult {
  const { arms, settings, data, store } = simulation;
  const cells: SimulationCell[] = [];
  const missing: MissingCell[] = [];
  const notes = new Set<Wording>([...simulation.notes, ...vectorNotes(simulation, made)]);
  for (const arm of arms) {
    for (const budget of settings.budgets) {
      for (const seed of settings.seeds) {
        const cell: CellName = { arm, budget, seed };
        const stored = made.find(cell);
        const name = { arm: arm.arm.name, budget, seed };
        if (!stored) {
          missing.push({ ...name, because: made.because(cell) });
          continue;
        }
        const { picked, metrics } = stored;
        cells.push({ ...name, picked, metrics: metrics as Record<Metric, number | null> });
        for (const note of stored.notes) notes.add(`${arm.arm.name}: ${note}.`);
      }
    }
  }
  return {
    data: dataFacts(data, settings.seeds),
    arms: arms.map(({ arm }) => arm),
    budgets: settings.budgets,
    seeds: settings.seeds,
    trainer: isCommand(settings.trainer) ? settings.trainer.command : settings.trainer.kind,
    embeddings: simulation.embeddings,
    cells,
    missing,
    end: made.stopped?.by ?? 'complete',
    spentMicroUsd: store.spentMicroUsd(),
    setAsideMicroUsd: store.setAsideMicroUsd(),
    maxMicroUsd: settings.maxMicroUsd ?? null,
    elapsedMs: settings.clock.elapsed() - simulation.startedAt,
    notes: [...notes],
  };
}
