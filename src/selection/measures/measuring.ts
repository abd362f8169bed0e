import { ratingsCollapse } from '../../math/ratings-collapse.ts';
import type { MeasuringPlan, MeasuringResult, Selection, StrategyContext } from '../strategies/strategy.ts';
import type { Measured, MeasureName } from './measure.ts';

/** The parts of a strategy's context that measuring uses. */
type MeasuringContext = Omit<StrategyContext, 'options'>;

/** A candidate with a usable value of every measure. Arrays are in the order of the measures. */
export interface MeasuredCandidate {
  readonly position: number;
  readonly values: readonly number[];
  readonly reasons: readonly string[];
  /** The cost of measuring it. */
  readonly costMicroUsd: number;
  readonly model: string | null;
  /** Of the measure that gives tags, if there is one. */
  readonly tags?: readonly string[];
}

/** The cost of measuring all candidates. @throws the signal's reason */
export async function measuringPlan(
  { candidates, measures, journal, signal, onProgress }: MeasuringContext,
  names: readonly MeasureName[],
): Promise<readonly MeasuringPlan[]> {
  const generation = journal.retries();
  const total = candidates.length * names.length;
  const plans: MeasuringPlan[] = [];
  for (const [index, name] of names.entries()) {
    const measure = measures.get(name)!;
    const before = candidates.length * index;
    const onEstimated = (done: number) => onProgress?.({ phase: 'estimate', done: before + done, total });
    const cost = await measure.estimate(candidates, { generation, signal, onEstimated });
    plans.push({ measure: name, by: measure.name, shortName: measure.shortName, items: candidates.length, ...cost });
  }
  return plans;
}

/**
 * Measures all candidates, then chooses among those with a usable value of every measure, using the best of each group of
 * near-duplicates. When a cap, an interrupt or a provider stops the measuring, nothing is chosen, since the part measured
 * so far is arbitrary.
 * @param choose returns the picks, given the measured candidates in the order of the context's and the largest possible
 * number of picks. Candidates without a usable value make the selection short; `choose` does not report that
 */
export async function selectMeasured(
  context: MeasuringContext,
  names: readonly MeasureName[],
  choose: (measured: readonly MeasuredCandidate[], count: number) => Selection['picks'] | Promise<Selection['picks']>,
): Promise<Selection> {
  const { journal, signal, onProgress } = context;
  const generation = journal.retries();
  const positions = measuredPositions(context, names);
  const total = positions.length * names.length;
  const all: Measured[] = [];
  for (const [index, name] of names.entries()) {
    const before = positions.length * index;
    onProgress?.({ phase: 'judge', done: before, total });
    const onMeasured = (done: number) => onProgress?.({ phase: 'judge', done: before + done, total });
    const measured = await context.measures.get(name)!.measure(positions, { generation, signal, onMeasured });
    all.push(measured);
    if (measured.stopped) break;
  }
  const results = all.map((measured, index) => resultOf(context, names[index]!, measured));
  if (all.some(({ stopped }) => stopped)) return { picks: [], measured: results };
  const usable = positions.flatMap((position, row): MeasuredCandidate[] => {
    if (all.some(({ values }) => Number.isNaN(values[row]))) return [];
    const tags = all.find((one) => one.tags)?.tags?.[row];
    return [
      {
        position,
        values: all.map(({ values }) => values[row]!),
        reasons: all.flatMap(({ reasons }) => reasons[row] ?? []),
        costMicroUsd: all.reduce((sum, { costMicroUsd }) => sum + costMicroUsd[row]!, 0),
        model: all.find(({ model }) => model !== null)?.model ?? null,
        ...(tags ? { tags } : {}),
      },
    ];
  });
  const distinct = bestOfCopies(usable, context);
  const count = Math.min(context.count, distinct.length);
  const picks = count === 0 ? [] : await choose(distinct, count);
  return { picks: withDrafts(picks, positions, all), measured: results };
}

/** The candidates, with their copies when scores can rank them. Ascending. */
function measuredPositions(
  { candidates, copies, measures }: MeasuringContext,
  names: readonly MeasureName[],
): readonly number[] {
  const areScores = names.every((name) => measures.get(name)!.isScore);
  if (copies === undefined || copies.size === 0 || !areScores) return candidates;
  return [...candidates, ...candidates.flatMap((position) => copies.get(position) ?? [])].sort((a, b) => a - b);
}

/** The best of each candidate and its copies, by the product of scores; ties → the lowest position. Ascending. */
function bestOfCopies(
  measured: readonly MeasuredCandidate[],
  { copies = new Map() }: MeasuringContext,
): readonly MeasuredCandidate[] {
  if (copies.size === 0) return measured;
  const leaders = new Map([...copies].flatMap(([leader, others]) => others.map((other) => [other, leader] as const)));
  const best = new Map<number, MeasuredCandidate>();
  for (const candidate of measured) {
    const leader = leaders.get(candidate.position) ?? candidate.position;
    const before = best.get(leader);
    if (before === undefined || productOf(candidate) > productOf(before)) best.set(leader, candidate);
  }
  return [...best.values()].sort((a, b) => a.position - b.position);
}

function productOf({ values }: MeasuredCandidate): number {
  return values.reduce((product, value) => product * value, 1);
}

/** Annotators get the drafts too: correcting is less work than writing. */
function withDrafts(
  picks: Selection['picks'],
  positions: readonly number[],
  all: readonly Measured[],
): Selection['picks'] {
  const drafts = new Map<number, string>();
  for (const { drafts: written = [] } of all) {
    for (const [row, draft] of written.entries()) if (draft !== undefined) drafts.set(positions[row]!, draft);
  }
  if (drafts.size === 0) return picks;
  return picks.map((picked) => {
    const draft = drafts.get(picked.position);
    return draft === undefined ? picked : { ...picked, draft };
  });
}

function resultOf(context: MeasuringContext, measure: MeasureName, measured: Measured): MeasuringResult {
  const values = Array.from(measured.values.filter((value) => !Number.isNaN(value))).sort((a, b) => a - b);
  const { failed, unmeasured, stopped } = measured;
  // Confidences and ratios may all be near each other and still rank.
  const collapse = context.measures.get(measure)!.isScore ? ratingsCollapse(values) : undefined;
  return {
    measure,
    by: context.measures.get(measure)!.name,
    shortName: context.measures.get(measure)!.shortName,
    items: measured.values.length,
    values: values.length === 0 ? null : [values[0]!, values[Math.floor(values.length / 2)]!, values.at(-1)!],
    failed,
    unmeasured,
    ...(stopped ? { stopped } : {}),
    ...(collapse ? { collapse } : {}),
  };
}
