import type { Interval } from '../../math/statistics.ts';
import type { Metric } from './simulation-result.ts';

/** What people call the metrics. */
export const METRIC_NAMES: Readonly<Record<Metric, string>> = {
  rougeL: 'ROUGE-L',
  cosine: 'cosine',
  exactMatch: 'exact match',
  categories: 'categories',
  radius: 'radius',
  redundancy: 'redundancy',
};

/** The same as a title. */
export const METRIC_TITLES: Readonly<Record<Metric, string>> = {
  rougeL: 'ROUGE-L of answers',
  cosine: 'Cosine of answers to the true responses',
  exactMatch: 'Exact matches where responses are short',
  categories: 'Categories with a label',
  radius: 'Coverage radius (less is better)',
  redundancy: 'Redundancy of labels (less is better)',
};

/** What their values are. */
export const METRIC_UNITS: Readonly<Record<Metric, string>> = {
  rougeL: 'mean F1',
  cosine: 'mean cosine',
  exactMatch: 'share',
  categories: 'share',
  radius: 'distance',
  redundancy: 'mean cosine',
};

/** Between which values they lie. */
export const METRIC_RANGES: Readonly<Record<Metric, readonly [number, number]>> = {
  rougeL: [0, 1],
  cosine: [-1, 1],
  exactMatch: [0, 1],
  categories: [0, 1],
  radius: [0, 2],
  redundancy: [-1, 1],
};

/** 0.1094 → "0.109"; below zero with a minus that is as wide as a digit. */
export function formatMetric(value: number): string {
  const text = Math.abs(value).toFixed(3);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** 0.006 → "+0.006". */
export function formatDifference(value: number): string {
  const text = formatMetric(value);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/**
 * How sure a mean is: half the width of its interval, "±.003", without the 0, since tables are narrow; or where the
 * interval ends at the end of the scale, its two ends.
 */
export function formatSpread(mean: number, { low, high }: Interval): string {
  const half = (high - low) / 2;
  if (Math.abs(mean - low - half) < 0.000_5) return `±${withoutZero(half)}`;
  return `${withoutZero(low)}–${withoutZero(high)}`;
}

function withoutZero(value: number): string {
  return formatMetric(value).replace(/^(−?)0\./, '$1.');
}
