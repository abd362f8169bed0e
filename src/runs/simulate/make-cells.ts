import { type Stopped, stoppedBy } from '../../domain/stop-reason.ts';
import type { StoredCell } from '../../store/simulation-store.ts';
import type { CellName } from './cell-keys.ts';
import { type Choice, choosePicks } from './choose-picks.ts';
import { commandAnswers } from './command-answers.ts';
import { exampleAnswers } from './example-answers.ts';
import { measureCell } from './measure-cell.ts';
import type { Simulation } from './open-simulation.ts';
import { SeedPool } from './seed-pool.ts';
import { isCommand } from './simulate-options.ts';
import type { SimulatedArm } from './simulated-arm.ts';

/** The missing cells of one arm and seed, budgets ascending. */
interface OpenCells {
  readonly arm: SimulatedArm;
  readonly seed: number;
  readonly budgets: readonly number[];
}

/** The cells that were made, and how the simulation ended. */
export interface MadeCells {
  find(cell: CellName): StoredCell | undefined;
  /** Why a cell is missing. */
  because(cell: CellName): string;
  readonly stopped: Stopped | undefined;
  /** Positions of the data without a usable vector, in what was made now: where they could be chosen, and held out. */
  readonly withoutVector: { readonly pool: ReadonlySet<number>; readonly heldOut: ReadonlySet<number> };
}

/**
 * Makes every missing cell, seed by seed, so that the cells can be compared even if a cap ends the run. Once an arm
 * that asks an LLM is stopped by a cap or a provider, the others continue.
 */
export async function makeCells(simulation: Simulation): Promise<MadeCells> {
  const maker = new CellMaker(simulation);
  await maker.load();
  for (const seed of simulation.settings.seeds) await maker.makeSeed(seed);
  return maker;
}

class CellMaker implements MadeCells {
  stopped: Stopped | undefined;
  readonly withoutVector = { pool: new Set<number>(), heldOut: new Set<number>() };
  readonly #simulation: Simulation;
  readonly #keys = new Map<string, string>();
  readonly #cells = new Map<string, StoredCell>();
  readonly #impossible = new Map<string, string>();
  /** The arm at which it stopped; undefined if no arm caused it. */
  #stoppedArm: SimulatedArm | undefined;
  /** Whether arms that ask no LLM are stopped too. */
  #isOver = false;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  find(cell: CellName): StoredCell | undefined {
    return this.#cells.get(label(cell));
  }

  because(cell: CellName): string {
    const reason = this.#impossible.get(label(cell));
    if (reason !== undefined || this.stopped === undefined) return reason ?? 'not made';
    const { error } = this.stopped;
    // Another arm's question does not explain this one.
    return this.#stoppedArm === undefined || this.#stoppedArm === cell.arm
      ? error.message
      : `not started, because ${this.#stoppedArm.arm.name} stopped: ${error.message}`;
  }

  /** Finds the stored cells. */
  async load(): Promise<void> {
    const { arms, settings, store, keys } = this.#simulation;
    for (const arm of arms) {
      for (const seed of settings.seeds) {
        for (const budget of settings.budgets) {
          const cell = { arm, budget, seed };
          const key = await keys.cell(cell);
          this.#keys.set(label(cell), key);
          const stored = store.findCell(key);
          if (stored) this.#cells.set(label(cell), stored);
        }
      }
    }
    this.#tellProgress();
  }

  async makeSeed(seed: number): Promise<void> {
    const { arms, settings } = this.#simulation;
    const open = arms
      .map((arm): OpenCells => {
        const budgets = settings.budgets.filter((budget) => !this.find({ arm, budget, seed }));
        return { arm, seed, budgets };
      })
      .filter(({ arm, budgets }) => budgets.length > 0 && !this.#isBlocked(arm));
    if (open.length === 0) return;
    const pool = await this.#orStop(() => SeedPool.open(this.#simulation, seed));
    if (!pool) return;
    const without = pool.withoutVector();
    for (const position of without.pool) this.withoutVector.pool.add(position);
    for (const position of without.heldOut) this.withoutVector.heldOut.add(position);
    for (const cells of open) {
      if (this.#isBlocked(cells.arm)) continue;
      await this.#orStop(() => this.#make(cells, pool), cells.arm);
    }
  }

  async #make({ arm, seed, budgets }: OpenCells, pool: SeedPool): Promise<void> {
    const choices = await choosePicks(this.#simulation, arm, pool, budgets);
    const chosen: ChosenCell[] = [];
    for (const budget of budgets) {
      const choice = choices.get(budget);
      if (!choice) continue;
      if ('because' in choice) this.#impossible.set(label({ arm, budget, seed }), choice.because);
      else if ('stopped' in choice) this.#stop(choice.stopped, arm);
      else chosen.push({ cell: { arm, budget, seed }, ...choice });
    }
    // The embedded model answers at once, so all its answers are embedded together. Other models take time.
    const isInstant = !isCommand(this.#simulation.settings.trainer);
    for (const group of isInstant ? [chosen] : chosen.map((one) => [one])) await this.#evaluate(group, pool);
  }

  async #evaluate(group: readonly ChosenCell[], pool: SeedPool): Promise<void> {
    const { vectors, store, settings } = this.#simulation;
    const answered: (ChosenCell & { answers: readonly (string | null)[] })[] = [];
    for (const one of group) answered.push({ ...one, answers: await this.#answers(one, pool) });
    const said = answered.flatMap(({ answers }) => answers.flatMap((answer) => (answer?.trim() ? [answer] : [])));
    const truth = pool.heldOut.map(({ output }) => output);
    await vectors.of([...said, ...truth], { signal: settings.signal });
    for (const { cell, rows, answers, notes } of answered) {
      const unread = answers.filter((answer) => answer === null).length;
      const measured = await measureCell(this.#simulation, pool, { rows, answers });
      const unreadNotes =
        unread === 0 ? [] : ['held-out instructions longer than its model can read count as not answered'];
      const stored: StoredCell = {
        picked: rows.map((row) => pool.labeled[row]!.id.toWellFormed()),
        metrics: measured.metrics,
        notes: [...notes, ...unreadNotes, ...measured.notes],
      };
      store.saveCell(this.#keys.get(label(cell))!, stored);
      this.#cells.set(label(cell), stored);
      this.#tellProgress(cell);
    }
  }

  #answers({ rows }: ChosenCell, pool: SeedPool): Promise<readonly (string | null)[]> {
    const { trainer } = this.#simulation.settings;
    const examples = rows.map((row) => pool.labeled[row]!);
    if (!isCommand(trainer)) return exampleAnswers(this.#simulation, pool, rows, trainer);
    const { seed, heldOut: questions } = pool;
    return commandAnswers(this.#simulation, trainer, { examples, seed, questions });
  }

  async #orStop<T>(work: () => Promise<T>, arm?: SimulatedArm): Promise<T | undefined> {
    try {
      this.#simulation.settings.signal?.throwIfAborted();
      return await work();
    } catch (error) {
      this.#stop(stoppedBy(error, this.#simulation.settings.signal), arm);
      return undefined;
    }
  }

  #stop(stopped: Stopped, arm?: SimulatedArm): void {
    if (!this.stopped && stopped.by !== 'interrupt') this.#stoppedArm = arm;
    this.stopped ??= stopped;
    if (stopped.by === 'interrupt' || !arm?.isPaid) this.#isOver = true;
  }

  #isBlocked(arm: SimulatedArm): boolean {
    return this.#isOver || (this.stopped !== undefined && arm.isPaid);
  }

  #tellProgress(last?: CellName): void {
    const { arms, settings } = this.#simulation;
    const total = arms.length * settings.budgets.length * settings.seeds.length;
    const note = last && `${last.arm.arm.name}, seed ${last.seed}`;
    settings.onProgress?.({
      phase: 'simulate',
      done: this.#cells.size + this.#impossible.size,
      total,
      ...(note ? { note } : {}),
    });
  }
}

type ChosenCell = Extract<Choice, { rows: unknown }> & { readonly cell: CellName };

function label({ arm, budget, seed }: CellName): string {
  return JSON.stringify([arm.arm.name, budget, seed]);
}
