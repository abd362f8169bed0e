import type { MicroUsd } from '../../domain/money.ts';
import { NO_CALLS } from '../../domain/usage.ts';
import type { Measure, Measured } from '../../selection/measures/measure.ts';

/** Values of one measure for labeled instructions, by position. Each measure has its own map. */
export type RememberedValues = Map<number, RememberedValue>;

interface RememberedValue {
  readonly value: number;
  readonly reason: string | undefined;
  readonly costMicroUsd: MicroUsd;
  readonly model: string | null;
}

/**
 * A measure of one seed's pool that asks a measure of the whole data, each instruction once: a value is the same for
 * every seed, budget and arm. What got no usable value is asked for again, which a reply that is stored answers.
 * @param positions position in the data of each instruction of the pool
 * @param remembered shared by all equal measures; new values are added
 */
export function rememberedMeasure(whole: Measure, positions: readonly number[], remembered: RememberedValues): Measure {
  const unknown = (rows: readonly number[]) =>
    rows.map((row) => positions[row]!).filter((position) => !remembered.has(position));
  return {
    name: whole.name,
    shortName: whole.shortName,
    scale: whole.scale,
    isScore: whole.isScore,
    estimate: async (rows, options) => {
      const open = unknown(rows);
      return open.length === 0 ? NO_CALLS : whole.estimate(open, options);
    },
    measure: async (rows, { generation, signal, onMeasured }) => {
      const open = unknown(rows);
      const known = rows.length - open.length;
      const news =
        open.length === 0
          ? undefined
          : await whole.measure(open, { generation, signal, onMeasured: (done) => onMeasured?.(known + done) });
      if (news) remember(remembered, open, news);
      return measuredOf(rows, positions, remembered, news);
    },
  };
}

function remember(remembered: RememberedValues, open: readonly number[], news: Measured): void {
  for (const [index, position] of open.entries()) {
    const value = news.values[index]!;
    if (Number.isNaN(value)) continue;
    const costMicroUsd = news.costMicroUsd[index]!;
    remembered.set(position, { value, reason: news.reasons[index], costMicroUsd, model: news.model });
  }
}

function measuredOf(
  rows: readonly number[],
  positions: readonly number[],
  remembered: RememberedValues,
  news: Measured | undefined,
): Measured {
  const found = rows.map((row) => remembered.get(positions[row]!));
  const models = new Set(found.flatMap((one) => (one?.model ? [one.model] : [])));
  const failures = new Map(news?.failed.map(({ position, failure }) => [position, failure]));
  return {
    values: Float64Array.from(found, (one) => one?.value ?? Number.NaN),
    reasons: found.map((one) => one?.reason),
    costMicroUsd: found.map((one) => one?.costMicroUsd ?? 0),
    model: models.size === 0 ? null : [...models].sort().join(', '),
    failed: rows.flatMap((row) => {
      const failure = failures.get(positions[row]!);
      return failure === undefined ? [] : [{ position: row, failure }];
    }),
    unmeasured: news?.unmeasured ?? 0,
    ...(news?.stopped ? { stopped: news.stopped } : {}),
  };
}
