import { quantile } from '../../math/statistics.ts';
import type { Scale } from '../../selection/judges/criteria.ts';

/** How many scores are from `from` up to, but not including, `to`; `to` itself counts in the last. */
export interface ScoreBin {
  readonly from: number;
  /** The same as `from` where the bin is one score. */
  readonly to: number;
  readonly count: number;
}

export interface ScoreDistribution {
  readonly count: number;
  readonly mean: number;
  readonly lowest: number;
  /** Between two scores, as far on as the quartile is: of 1, 2, 3, 4 the median is 2.5. */
  readonly quartiles: readonly [number, number, number];
  readonly highest: number;
  /** Share of the scores that AlpaGasus would keep; null on other scales than 0 to 5. */
  readonly atLeast: { readonly score: number; readonly share: number } | null;
  /** Lowest first, over the whole scale where it has ends. */
  readonly bins: readonly ScoreBin[];
}

/** AlpaGasus keeps what is rated 4.5 or better. Source: arXiv 2307.08701. */
const ALPAGASUS_THRESHOLD = 4.5;
const BINS = 10;
/** More possible scores than this are put together. */
const MOST_SINGLE_SCORES = 20;
const NICE_STEPS = [1, 2, 2.5, 5, 10];
/** Sizes of steps are rounded to this many digits, so that 0.1 + 0.2 is 0.3. */
const DIGITS = 12;

/**
 * Describes scores: whole and half ones by a bin each, others by ten intervals. O(n log n).
 * @param scores finite, not empty
 */
export function scoreDistribution(scores: readonly number[], scale: Scale): ScoreDistribution {
  const sorted = [...scores].sort((a, b) => a - b);
  const count = sorted.length;
  const isRating = scale.min === 0 && scale.max === 5;
  const kept = sorted.filter((score) => score >= ALPAGASUS_THRESHOLD).length;
  return {
    count,
    mean: sorted.reduce((mean, score, index) => mean + (score - mean) / (index + 1), 0),
    lowest: sorted[0]!,
    quartiles: [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)],
    highest: sorted.at(-1)!,
    atLeast: isRating ? { score: ALPAGASUS_THRESHOLD, share: kept / count } : null,
    bins: binsOf(sorted, scale),
  };
}

function binsOf(sorted: readonly number[], scale: Scale): ScoreBin[] {
  const bounded = Number.isFinite(scale.min) && Number.isFinite(scale.max);
  const [min, max] = bounded ? [scale.min, scale.max] : [sorted[0]!, sorted.at(-1)!];
  const single = [1, 0.5].find(
    (step) => (max - min) / step < MOST_SINGLE_SCORES && sorted.every((score) => Number.isInteger(score / step)),
  );
  if (single !== undefined) return countInto(sorted, min, single, Math.round((max - min) / single) + 1, 0);
  if (max === min) return [{ from: min, to: max, count: sorted.length }];
  const step = bounded ? (max - min) / BINS : niceStep((max - min) / BINS);
  const first = bounded ? 0 : Math.floor(min / step);
  const start = bounded ? min : first * step;
  const bins = bounded ? BINS : Math.max(1, Math.ceil(max / step) - first);
  return countInto(sorted, start, step, bins, step);
}

/** @param width of a bin: 0 where each is one score */
function countInto(sorted: readonly number[], start: number, step: number, bins: number, width: number): ScoreBin[] {
  const counts = new Array<number>(bins).fill(0);
  for (const score of sorted) {
    const bin = Math.floor(rounded((score - start) / step));
    counts[Math.min(bins - 1, Math.max(0, bin))]! += 1;
  }
  return counts.map((count, bin) => {
    const from = rounded(start + bin * step);
    return { from, to: width === 0 ? from : rounded(start + (bin + 1) * step), count };
  });
}

/** The next step up that people count in. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return rounded(power * NICE_STEPS.find((nice) => nice * power >= least * (1 - 1e-9))!);
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
