import { type MeanInterval, meanInterval } from './statistics.ts';
import { studentTTwoSidedP } from './student-t.ts';

/** Two numbers that differ by less than this share of the larger are the same one, summed in another order. */
const SAME = 1e-12;

export interface PairedDifference extends MeanInterval {
  /**
   * Two-sided, of the paired t-test: how likely a mean at least this far from 0 is if there is no difference.
   * Where all differences are equal: 1 if they are 0, else 0, however few values there are. Absent for
   * one pair.
   */
  readonly pValue?: number;
}

/**
 * Whether `a` is larger than `b`, where each value of one belongs to the value of the other with the same
 * index, as those of two strategies with the same seed do: the mean of a − b, its 95 % interval and
 * p-value. Differences below 1e-12 of the values are rounding and count as 0. O(n).
 * Source: Student 1908 (the paired t-test).
 * @throws RangeError when there is no pair, the lengths differ or a value is not finite
 */
export function pairedDifference(a: readonly number[], b: readonly number[]): PairedDifference {
  if (a.length !== b.length) {
    throw new RangeError(`A paired comparison needs as many values on both sides, not ${a.length} and ${b.length}.`);
  }
  const difference = meanInterval(a.map((value, index) => subtract(value, b[index]!)));
  const { count, mean, standardError } = difference;
  if (standardError === undefined) return difference;
  // A mean of 0 is no sign of a difference, even where the spread is 0 too.
  return { ...difference, pValue: mean === 0 ? 1 : studentTTwoSidedP(mean / standardError, count - 1) };
}

function subtract(a: number, b: number): number {
  return Math.abs(a - b) < SAME * Math.max(Math.abs(a), Math.abs(b)) ? 0 : a - b;
}

/**
 * p-values of m comparisons made together, adjusted so that rejecting those ≤ α wrongly rejects any at all
 * with probability ≤ α: Holm's step-down method, valid however the comparisons depend on each other.
 * O(m log m).
 * Source: Holm 1979.
 * @returns in the order given, each ≥ its p-value and at most 1; equal p-values stay equal
 * @throws RangeError when a p-value is outside [0, 1]
 */
export function holm(pValues: readonly number[]): number[] {
  const impossible = pValues.find((value) => !(value >= 0 && value <= 1));
  if (impossible !== undefined) throw new RangeError(`A p-value lies between 0 and 1, but one is ${impossible}.`);
  const order = Array.from(pValues.keys()).sort((left, right) => pValues[left]! - pValues[right]!);
  const adjusted = new Array<number>(pValues.length).fill(0);
  let largest = 0;
  for (const [rank, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, pValues[index]! * (pValues.length - rank)));
    adjusted[index] = largest;
  }
  return adjusted;
}
