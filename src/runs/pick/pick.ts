import { DeclinedError, NotEnoughError } from '../../domain/errors.ts';
import type { Instruction, JsonObject } from '../../domain/instruction.ts';
import { usdNumber } from '../../domain/money.ts';
import type { Pick } from '../../domain/selection.ts';
import type { RunEnd } from '../../domain/stop-reason.ts';
import { coverage } from '../../math/coverage.ts';
import { directedRows, stackRows, takeRows } from '../../math/embedding-matrix.ts';
import type { PreparedSelection, Selection } from '../../selection/strategies/strategy.ts';
import { capsOf, errorSummary } from '../run-summary.ts';
import { withWorkbench } from '../workbench.ts';
import { openPickRun, type PickRun } from './open-pick-run.ts';
import { normalizePickOptions, type PickOptions } from './pick-options.ts';
import type { PickPlan } from './pick-plan.ts';
import type { PickSummary } from './pick-summary.ts';
import { picksByCategory } from './picks-by-category.ts';
import { estimateSelection, type Preparation, pickPlan, prepareSelection } from './prepare-selection.ts';

export interface PickedInstruction extends Pick {
  readonly instruction: Instruction;
}

export interface PickResult {
  /** Rank 1 first. Fewer than asked for where `summary.end` is not `complete`. */
  readonly picks: readonly PickedInstruction[];
  readonly summary: PickSummary;
}

/**
 * Picks the instructions of a pool that are most worth a person's time. Spends at most the caps; run
 * again with the same options after any kind of end, it goes on where it stopped and pays for nothing
 * twice. Same pool, options, seed and replies give the same picks.
 * @throws WinnowError with a stable `code`: USAGE, POOL, NOT_ENOUGH, EMBEDDING, STATE_…, UNKNOWN_PRICE, DECLINED
 */
export async function pick(options: PickOptions): Promise<PickResult> {
  return withWorkbench(
    () => normalizePickOptions(options),
    async (workbench, settings) => {
      const run = await openPickRun(settings, workbench, { dryRun: false });
      const confirmed = await confirmEmbedding(run);
      const preparation = await prepareSelection(run);
      if (!confirmed) await confirm(run, await pickPlan(run, preparation));
      const selection = await selectOrTooFew(preparation.prepared);
      const picks = selection.picks.map((picked) => ({
        ...picked,
        instruction: run.pool.instructions[picked.position]!,
      }));
      run.state.journal.saveSelection(
        picks.map((picked) => ({ ...picked, id: picked.instruction.id })),
        picks.length === settings.count,
      );
      return { picks, summary: await summarize(run, preparation, selection) };
    },
  );
}

/** Plans what `pick` would do and cost with these options, without spending anything. */
export async function planPick(options: PickOptions): Promise<PickPlan> {
  return withWorkbench(
    () => normalizePickOptions(options),
    async (workbench, settings) => {
      const run = await openPickRun(settings, workbench, { dryRun: true });
      const unpaid = await run.vectors.unpaid();
      return pickPlan(run, unpaid ? await estimateSelection(run) : await prepareSelection(run));
    },
  );
}

/** Too few good candidates is a result, not a crash: the summary shows what it cost to find out. */
async function selectOrTooFew(prepared: PreparedSelection): Promise<Selection & { readonly tooFew?: NotEnoughError }> {
  try {
    return await prepared.select();
  } catch (error) {
    if (error instanceof NotEnoughError) return { picks: [], tooFew: error };
    throw error;
  }
}

/** The record of a pick as it is written: the original one plus `winnow`. */
export function pickRecord({ instruction, ...picked }: PickedInstruction): JsonObject {
  const previous = instruction.record.winnow;
  return {
    ...instruction.record,
    winnow: {
      // Several items may come from one record.
      ...(instruction.conversation === undefined ? {} : { item: instruction.id }),
      rank: picked.rank,
      score: picked.score,
      reason: picked.reason,
      strategy: picked.strategy,
      query: picked.query,
      model: picked.model,
      costUsd: usdNumber(picked.costMicroUsd),
      ...(picked.draft === undefined ? {} : { draft: picked.draft }),
      // A pool may be the output of an earlier run, whose result is kept.
      ...(previous === undefined ? {} : { previous }),
    },
  };
}

/** If vectors must be paid for, consent is asked for first, with an estimate. @returns whether it was given */
async function confirmEmbedding(run: PickRun): Promise<boolean> {
  if (!(await run.vectors.unpaid())) return false;
  await confirm(run, await pickPlan(run, await estimateSelection(run)));
  return true;
}

async function confirm(run: PickRun, plan: PickPlan): Promise<void> {
  if (plan.total.costMicroUsd.worstCase === 0 || !run.settings.confirm) return;
  if (!(await run.settings.confirm(plan))) throw new DeclinedError();
}

async function summarize(
  run: PickRun,
  { facts, embeddings, labeled, prepared, heldOut, notes }: Preparation,
  { picks, asked, measured = [], tooFew }: Selection & { readonly tooFew?: NotEnoughError },
): Promise<PickSummary> {
  const { settings, kernel, pool } = run;
  const covering = directedRows(embeddings);
  const covered = async (positions: readonly number[]) => {
    const centers = directedRows(stackRows([labeled, takeRows(embeddings, positions)], embeddings.columns));
    return embeddings.columns === 0 || centers.rows === 0 ? null : coverage(covering, centers, { kernel });
  };
  const { stopped: askingStopped, ...queries } = asked ?? {};
  const stopped = askingStopped ?? measured.find((one) => one.stopped)?.stopped;
  const cause = stopped?.error ?? tooFew;
  const end: RunEnd = stopped?.by ?? (picks.length < settings.count ? 'short' : 'complete');
  return {
    end,
    picked: picks.length,
    asked: settings.count,
    strategy: settings.strategy.name,
    provider: settings.asksLlm ? settings.llm.provider : null,
    model: picks.find(({ model }) => model !== null)?.model ?? settings.llm.model ?? null,
    seed: settings.seed,
    pool: facts,
    badRecords: pool.badRecords.map(({ source, cause }) => ({ ...source, cause })),
    queries: asked ? { ...(queries as typeof asked), votes: prepared.plan.asking?.votes ?? 1 } : null,
    measured: measured.map(({ stopped: _, failed, ...result }) => ({
      ...result,
      failed: failed.map(({ position, ...failure }) => ({ id: pool.instructions[position]!.id, ...failure })),
    })),
    ...(pool.personalData ? { personalData: pool.personalData } : {}),
    ...(run.tests.length === 0
      ? {}
      : {
          heldOut: [...heldOut].map(([position, { test, rule }]) => ({
            id: pool.instructions[position]!.id,
            because: rule,
            testFile: run.tests[test]!.source.file,
            testLine: run.tests[test]!.source.line,
          })),
        }),
    categories: picksByCategory(
      pool.instructions,
      picks.map(({ position }) => position),
    ),
    coverage: { before: await covered([]), after: await covered(picks.map(({ position }) => position)) },
    spent: run.state.ledger.spending(),
    caps: capsOf(settings),
    retries: run.workbench.caller.retries,
    state: run.state.path,
    resumed: run.state.resumed,
    elapsedMs: settings.clock.elapsed() - run.startedAt,
    notes: [...run.notes, ...notes, ...prepared.plan.notes],
    identity: run.identity,
    stoppedBy: cause ? errorSummary(cause) : null,
  };
}
