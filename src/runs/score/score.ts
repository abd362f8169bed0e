import { DeclinedError } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/instruction.ts';
import { lazyList } from '../../domain/lazy-list.ts';
import type { RunEnd } from '../../domain/stop-reason.ts';
import { ratingsCollapse } from '../../math/ratings-collapse.ts';
import { worstCaseWithRetries } from '../../models/metering/retry-policy.ts';
import { batchingOf } from '../../models/providers/open-llm.ts';
import type { Measured } from '../../selection/measures/measure.ts';
import { plannedWays } from '../planned-ways.ts';
import { priceNotes } from '../price-notes.ts';
import { capsOf, errorSummary, guessedSeconds } from '../run-summary.ts';
import { withWorkbench } from '../workbench.ts';
import { openScoreRun, type ScoreRun } from './open-score-run.ts';
import { scoreDistribution } from './score-distribution.ts';
import { normalizeScoreOptions, type ScoreOptions } from './score-options.ts';
import type { ScoredPoolFacts, ScorePlan, Scoring } from './score-plan.ts';
import type { ScoreSummary } from './score-summary.ts';

/** A record with what was made of it. */
export interface ScoredRecord {
  /** As it was read. */
  readonly record: JsonObject;
  /** null if no usable score came. Scores are never made up. */
  readonly score: number | null;
  /** The response that was judged, where the LLM had to write it. */
  readonly draft?: string;
  /** The judge's reason, if it gave one. */
  readonly reason?: string;
  /** Why there is no score. */
  readonly failure?: string;
  /** The exact judge and method. Scores with different values here do not compare. */
  readonly judge: string;
}

export interface ScoreResult {
  /** All that could be read, in the order read. */
  readonly records: readonly ScoredRecord[];
  readonly summary: ScoreSummary;
}

/** How many failures are shown as examples. */
const FAILURES_SHOWN = 5;

/**
 * Has a judge score every record of a pool; what is the same is judged once. Spends at most the caps; run again with
 * the same options after any kind of end, it goes on where it stopped and pays for nothing twice.
 * @throws WinnowError with a stable `code`: USAGE, POOL, STATE_…, UNKNOWN_PRICE, DECLINED
 */
export async function scorePool(options: ScoreOptions): Promise<ScoreResult> {
  return withWorkbench(
    () => normalizeScoreOptions(options),
    async (workbench, settings) => {
      const run = await openScoreRun(settings, workbench, { dryRun: false });
      const { judged, measure, state, generation } = run;
      const { confirm, onProgress, signal } = settings;
      const plan = await planOf(run);
      if (plan.total.costMicroUsd.worstCase > 0 && confirm && !(await confirm(plan))) throw new DeclinedError();
      // Only now, so that a declined retry is not stored.
      if (settings.retryFailed) state.journal.reopenFailed();
      const total = judged.items.length;
      const onMeasured = (done: number) => onProgress?.({ phase: 'judge', done, total });
      onMeasured(0);
      const measured = await measure.measure([...judged.items.keys()], { generation, signal, onMeasured });
      const scoredAt = scoresByRow(run, measured);
      // A large pool is on the disk: its records are read when they are looked at.
      const records = lazyList(run.records.length, (row) => ({ record: run.records[row]!, ...scoredAt(row) }));
      return { records, summary: summarize(run, measured, scoredAt) };
    },
  );
}

/** Plans what `scorePool` would do and cost with these options, without spending anything. */
export async function planScore(options: ScoreOptions): Promise<ScorePlan> {
  return withWorkbench(
    () => normalizeScoreOptions(options),
    async (workbench, settings) => planOf(await openScoreRun(settings, workbench, { dryRun: true })),
  );
}

/** The record as it is written: the original one plus `winnow`. */
export function scoreRecord({ record, ...scored }: ScoredRecord): JsonObject {
  const previous = record.winnow;
  return {
    ...record,
    // A pool may be the output of an earlier run, whose result is kept.
    winnow: { ...scored, ...(previous === undefined ? {} : { previous }) },
  };
}

/** The score of a row, without its record. */
type Scored = Omit<ScoredRecord, 'record'>;

function scoresByRow({ judged, measure, dimension }: ScoreRun, measured: Measured): (row: number) => Scored {
  const failures = new Map(measured.failed.map(({ position, failure }) => [position, failure]));
  const judge = measure.name;
  return (row) => {
    const item = judged.itemOfRow[row]!;
    if (item < 0) return { score: null, failure: `it has no response to judge the ${dimension} of`, judge };
    const score = measured.values[item]!;
    if (Number.isNaN(score)) return { score: null, failure: failures.get(item) ?? NOT_COME_TO, judge };
    const reason = measured.reasons[item];
    const draft = measured.drafts?.[item];
    return {
      score,
      ...(reason === undefined ? {} : { reason }),
      ...(draft === undefined ? {} : { draft }),
      judge,
    };
  };
}

const NOT_COME_TO = 'not judged: the run stopped before it';

async function planOf(run: ScoreRun): Promise<ScorePlan> {
  const { settings, judged, measure, state, generation } = run;
  const { signal, onProgress } = settings;
  const onEstimated = (done: number) => onProgress?.({ phase: 'estimate', done, total: judged.items.length });
  const total = await measure.estimate([...judged.items.keys()], { generation, signal, onEstimated });
  const expectedSeconds = guessedSeconds(total.calls.expected, settings);
  return {
    ...scoringOf(run),
    worstCaseWithRetriesMicroUsd: worstCaseWithRetries(total.costMicroUsd.worstCase),
    pool: factsOf(run),
    total,
    caps: capsOf(settings),
    spent: state.ledger.spending(),
    expectedSeconds,
    ways: settings.asksLlm
      ? plannedWays(
          [{ costMicroUsd: total.costMicroUsd, batching: batchingOf(await run.workbench.llm()) }],
          expectedSeconds,
        )
      : null,
    notes: [...run.notes, ...(settings.asksLlm ? priceNotes(await run.workbench.llm()) : [])],
  };
}

function scoringOf({ settings, dimension, judge, measure }: ScoreRun): Scoring {
  const { asksLlm } = settings;
  const { provider, model = null } = settings.llm;
  return {
    dimension,
    judge,
    by: measure.name,
    shortName: measure.shortName,
    provider: asksLlm ? provider : null,
    model: asksLlm ? model : null,
  };
}

function factsOf({ pool, judged }: ScoreRun): ScoredPoolFacts {
  return {
    records: pool.positionOfRow.length,
    badRecords: pool.badRecordCount,
    withoutResponse: judged.itemOfRow.reduce((count, item) => count + (item < 0 ? 1 : 0), 0),
    items: judged.items.length,
  };
}

function summarize(run: ScoreRun, measured: Measured, scoredAt: (row: number) => Scored): ScoreSummary {
  const { pool, measure, state } = run;
  const rows = lazyList(run.records.length, scoredAt);
  const scores = rows.flatMap(({ score }) => score ?? []);
  const lost = rows.flatMap(({ failure }, row) => (failure === undefined ? [] : [{ record: row + 1, failure }]));
  const failed = lost.filter(({ failure }) => failure !== NOT_COME_TO);
  const refused = new Set(measured.failed.flatMap(({ position, isRefused }) => (isRefused ? [position] : [])));
  const { stopped } = measured;
  const end: RunEnd = stopped?.by ?? (failed.length > 0 ? 'short' : 'complete');
  const scoring = scoringOf(run);
  return {
    end,
    ...scoring,
    model: measured.model ?? scoring.model,
    scored: scores.length,
    scale: measure.scale,
    pool: factsOf(run),
    distribution: scores.length === 0 ? null : scoreDistribution(scores, measure.scale),
    collapse: ratingsCollapse(Array.from(measured.values.filter((value) => !Number.isNaN(value)))) ?? null,
    failed: {
      records: failed.length,
      refused: failed.filter(({ record }) => refused.has(run.judged.itemOfRow[record - 1]!)).length,
      examples: failed.slice(0, FAILURES_SHOWN),
    },
    unscored: lost.length - failed.length,
    badRecords: pool.badRecords.map(({ source, cause }) => ({ ...source, cause })),
    spent: state.ledger.spending(),
    caps: capsOf(run.settings),
    retries: run.workbench.caller.retries,
    state: state.path,
    resumed: state.resumed,
    elapsedMs: run.settings.clock.elapsed() - run.startedAt,
    notes: run.notes,
    identity: run.identity,
    stoppedBy: stopped ? errorSummary(stopped.error) : null,
  };
}
