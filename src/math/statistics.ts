import { studentTCritical } from './student-t.ts';

/** The arithmetic mean; NaN of no values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The value that a share of all lies below; between two values as far on as the share is: of 1, 2, 3, 4 the middle is 2.5.
 * @param ascending sorted, one at least
 * @param share 0–1
 */
export function quantile(ascending: readonly number[], share: number): number {
  const at = share * (ascending.length - 1);
  const low = ascending[Math.floor(at)]!;
  const high = ascending[Math.ceil(at)]!;
  return low + (high - low) * (at - Math.floor(at));
}

/** The middle one; of an even number the mean of the two in the middle; null of none. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const ascending = values.toSorted((a, b) => a - b);
  return quantile(ascending, 0.5);
}

/** What 95 % intervals leave out. */
const OUTSIDE = 0.05;

/** A 95 % confidence interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface MeanInterval {
  /** n, at least 1. */
  readonly count: number;
  readonly mean: number;
  /** Of the mean; absent for one value, which says nothing of the spread. */
  readonly standardError?: number;
  /** Of the mean, by Student's t with n − 1 degrees of freedom; absent for one value. */
  readonly interval?: Interval;
}

/**
 * The mean and its 95 % interval, as of one figure over seeds. Equal values have exactly their value as mean
 * and an interval of no width. O(n).
 * @throws RangeError when there is no value or one is not finite
 */
export function meanInterval(values: readonly number[]): MeanInterval {
  const count = values.length;
  if (count === 0) throw new RangeError('There is no value to take the mean of.');
  const position = values.findIndex((value) => !Number.isFinite(value));
  if (position >= 0) throw new RangeError(`Value ${position} is ${values[position]}, which has no mean.`);
  // Counted from the first value, so that equal values have no spread, not even by rounding.
  const offsets = values.map((value) => value - values[0]!);
  const offset = offsets.reduce((sum, value) => sum + value, 0) / count;
  const mean = values[0]! + offset;
  if (count === 1) return { count, mean };
  const squares = offsets.reduce((sum, value) => sum + (value - offset) ** 2, 0);
  const standardError = Math.sqrt(squares / (count - 1) / count);
  const halfWidth = studentTCritical(OUTSIDE, count - 1) * standardError;
  return { count, mean, standardError, interval: { low: mean - halfWidth, high: mean + halfWidth } };
}
