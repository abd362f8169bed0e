import { ratingsCollapse } from '../math/ratings-collapse.ts';
import type { Measured, MeasureName } from './measure.ts';
import type { MeasuringPlan, MeasuringResult, Selection, StrategyContext } from './strategy.ts';

/** A candidate with a usable value of every measure. Arrays are in the order of the measures asked for. */
export interface MeasuredCandidate {
  readonly position: number;
  readonly values: readonly number[];
  readonly reasons: readonly string[];
  /** Of measuring it. */
  readonly costMicroUsd: number;
  readonly model: string | null;
}

/** What measuring all candidates will take. */
export function measuringPlan(context: StrategyContext, names: readonly MeasureName[]): readonly MeasuringPlan[] {
  const { candidates } = context;
  return names.map((name) => {
    const measure = context.measures.get(name)!;
    return { measure: name, by: measure.name, items: candidates.length, ...measure.estimate(candidates) };
  });
}

/**
 * Measures all candidates and then chooses among those that got a usable value of every measure. Where a cap, an
 * interrupt or a provider stops the measuring nothing is chosen: what is measured so far would be an accident.
 * @param choose given the measured candidates in the order of the context's, and how many there can be picks of, gives
 * the picks; what has no usable value makes the selection short, which is not for it to complain about
 */
export async function selectMeasured(
  context: StrategyContext,
  names: readonly MeasureName[],
  choose: (measured: readonly MeasuredCandidate[], count: number) => Selection['picks'] | Promise<Selection['picks']>,
): Promise<Selection> {
  const { candidates, journal, signal, onProgress } = context;
  const generation = journal.retries();
  const total = candidates.length * names.length;
  const all: Measured[] = [];
  for (const [index, name] of names.entries()) {
    const before = candidates.length * index;
    onProgress?.({ phase: 'judge', done: before, total });
    const onMeasured = (done: number) => onProgress?.({ phase: 'judge', done: before + done, total });
    const measured = await context.measures.get(name)!.measure(candidates, { generation, signal, onMeasured });
    all.push(measured);
    if (measured.stopped) break;
  }
  const results = all.map((measured, index) => resultOf(context, names[index]!, measured));
  if (all.some(({ stopped }) => stopped)) return { picks: [], measured: results };
  const usable = candidates.flatMap((position, row): MeasuredCandidate[] => {
    if (all.some(({ values }) => Number.isNaN(values[row]))) return [];
    return [
      {
        position,
        values: all.map(({ values }) => values[row]!),
        reasons: all.flatMap(({ reasons }) => reasons[row] ?? []),
        costMicroUsd: all.reduce((sum, { costMicroUsd }) => sum + costMicroUsd[row]!, 0),
        model: all.find(({ model }) => model !== null)?.model ?? null,
      },
    ];
  });
  const count = Math.min(context.count, usable.length);
  const picks = count === 0 ? [] : await choose(usable, count);
  return { picks: withDrafts(picks, context.candidates, all), measured: results };
}

/** What was drafted to be judged goes to the annotators too: to correct is less work than to write. */
function withDrafts(
  picks: Selection['picks'],
  candidates: readonly number[],
  all: readonly Measured[],
): Selection['picks'] {
  const drafts = new Map<number, string>();
  for (const { drafts: written = [] } of all) {
    for (const [row, draft] of written.entries()) if (draft !== undefined) drafts.set(candidates[row]!, draft);
  }
  if (drafts.size === 0) return picks;
  return picks.map((picked) => {
    const draft = drafts.get(picked.position);
    return draft === undefined ? picked : { ...picked, draft };
  });
}

function resultOf(context: StrategyContext, measure: MeasureName, measured: Measured): MeasuringResult {
  const values = Array.from(measured.values.filter((value) => !Number.isNaN(value))).sort((a, b) => a - b);
  const { failed, unmeasured, stopped } = measured;
  const collapse = ratingsCollapse(values);
  return {
    measure,
    by: context.measures.get(measure)!.name,
    items: context.candidates.length,
    values: values.length === 0 ? null : [values[0]!, values[Math.floor(values.length / 2)]!, values.at(-1)!],
    failed,
    unmeasured,
    ...(stopped ? { stopped } : {}),
    ...(collapse ? { collapse } : {}),
  };
}
