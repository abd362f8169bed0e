import type { Random } from './random.ts';
import { shareInterval } from './share-interval.ts';
import { type Interval, type MeanInterval, mean } from './statistics.ts';
import { studentTCritical } from './student-t.ts';

/** Values drawn at random from one part of a population. */
export interface Stratum {
  /** How large the part is; only ratios between strata count. > 0. */
  readonly size: number;
  readonly values: readonly number[];
}

/** What a share of the strata is: an estimate of 0–1 with its interval. */
export interface ShareEstimate {
  /** How many values it is from. */
  readonly count: number;
  readonly share: number;
  readonly interval: Interval;
}

/** What 95 % intervals leave out. */
const OUTSIDE = 0.05;

/**
 * The strata that estimates can use: empty ones are left out, and one with a single value, which says nothing of its
 * spread, is joined with the smallest of the others. O(H²).
 */
export function usableStrata(strata: readonly Stratum[]): Stratum[] {
  const usable = strata.filter(({ values }) => values.length > 0).sort((a, b) => a.values.length - b.values.length);
  while (usable.length > 1 && usable[0]!.values.length < 2) {
    const [first, second] = usable.splice(0, 2) as [Stratum, Stratum];
    usable.push({ size: first.size + second.size, values: [...first.values, ...second.values] });
    usable.sort((a, b) => a.values.length - b.values.length);
  }
  return usable;
}

/**
 * The mean of a population from a stratified draw, with its 95 % interval: each stratum counts by its size, however many
 * values it has, so that the estimate is unbiased. The interval is by Student's t with Satterthwaite's degrees of
 * freedom, without a correction for small populations: it is about instructions like those of the pool. O(n).
 * Source: Cochran 1977, Sampling Techniques, sections 5.3 and 5.4.
 * @throws RangeError when there is no value
 */
export function stratifiedMean(strata: readonly Stratum[]): MeanInterval {
  const parts = spreads(strata);
  const count = parts.reduce((sum, { values }) => sum + values.length, 0);
  if (count === 0) throw new RangeError('There is no value to take the mean of.');
  const estimate = parts.reduce((sum, part) => sum + part.share * part.mean, 0);
  if (count === 1) return { count, mean: estimate };
  const variance = parts.reduce((sum, part) => sum + part.variance, 0);
  const squares = parts.reduce((sum, part) => sum + part.variance ** 2 / (part.values.length - 1), 0);
  const freedom = squares === 0 ? count - parts.length : Math.max(1, Math.floor(variance ** 2 / squares + 1e-9));
  const halfWidth = studentTCritical(OUTSIDE, freedom) * Math.sqrt(variance);
  return {
    count,
    mean: estimate,
    standardError: Math.sqrt(variance),
    interval: { low: estimate - halfWidth, high: estimate + halfWidth },
  };
}

/**
 * The share of a population from a stratified draw of zeros and ones, with Wilson's interval for as many trials as the
 * variance of the estimate is worth. In the variance each stratum has one trial more, at the share of all, since a few
 * equal values do not show that there are no others. Without strata this is Wilson's interval of a share. O(n).
 * Source: Cochran 1977, section 5.10; Wilson 1927; Korn & Graubard 1998 for the effective number of trials.
 * @throws RangeError when there is no value
 */
export function stratifiedShare(strata: readonly Stratum[]): ShareEstimate {
  const parts = spreads(strata);
  const count = parts.reduce((sum, { values }) => sum + values.length, 0);
  if (count === 0) throw new RangeError('There is no value to take the share of.');
  const share = parts.reduce((sum, part) => sum + part.share * part.mean, 0);
  const variance = parts.reduce((sum, { share: part, mean: own, values }) => {
    const smoothed = (own * values.length + share) / (values.length + 1);
    return sum + (part ** 2 * smoothed * (1 - smoothed)) / values.length;
  }, 0);
  const trials = variance > 0 ? (share * (1 - share)) / variance : count;
  return { count, share, interval: shareInterval(share * trials, trials) };
}

/** A stratum with its share of the population and what it adds to the variance of the estimate. */
interface Spread extends Stratum {
  readonly share: number;
  readonly mean: number;
  readonly variance: number;
}

function spreads(strata: readonly Stratum[]): Spread[] {
  const parts = usableStrata(strata);
  const all = parts.reduce((sum, { size }) => sum + size, 0);
  return parts.map((part) => {
    const { size, values } = part;
    const middle = mean(values);
    const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
    const spread = values.length < 2 ? 0 : squares / (values.length - 1) / values.length;
    return { ...part, share: size / all, mean: middle, variance: (size / all) ** 2 * spread };
  });
}

/**
 * Divides a draw among strata in proportion to their sizes: whole numbers that add up, by largest remainders (ties: the
 * first). A stratum gets no more than it has. O(H log H).
 * @param count ≤ the sum of the sizes
 */
export function proportionalCounts(sizes: readonly number[], count: number): number[] {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const wanted = sizes.map((size) => (all === 0 ? 0 : (count * size) / all));
  const counts = wanted.map((share, index) => Math.min(sizes[index]!, Math.floor(share + 1e-9)));
  const order = [...wanted.keys()].sort((a, b) => wanted[b]! - counts[b]! - (wanted[a]! - counts[a]!) || a - b);
  let left = count - counts.reduce((sum, one) => sum + one, 0);
  while (left > 0) {
    for (const index of order) {
      if (left === 0 || counts[index]! >= sizes[index]!) continue;
      counts[index]! += 1;
      left -= 1;
    }
  }
  return counts;
}

/**
 * Weights of items in one bootstrap replicate of a stratified draw: of a stratum with n values n − 1 are drawn with
 * replacement, which makes the variance of replicates unbiased however few values there are. Weights add up to 1. O(n).
 * Source: Rao & Wu 1988 (the rescaled bootstrap).
 * @param strata the items of each stratum, as indices of the result; none empty
 * @param items length of the result
 */
export function resampledWeights(
  strata: readonly { readonly size: number; readonly items: readonly number[] }[],
  items: number,
  random: Random,
): Float64Array {
  const weights = new Float64Array(items);
  const all = strata.reduce((sum, { size }) => sum + size, 0);
  for (const { size, items: members } of strata) {
    const draws = Math.max(1, members.length - 1);
    for (let draw = 0; draw < draws; draw += 1) {
      weights[members[random.below(members.length)]!]! += size / all / draws;
    }
  }
  return weights;
}
