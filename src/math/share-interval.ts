import type { Interval } from './statistics.ts';

/** 97.5th percentile of the normal distribution. */
const Z = 1.959964;

/**
 * The 95 % interval of a share, from `hits` of `total` ≥ 1 trials. It stays within 0 to 1, also where all or none are
 * hits. Neither number must be whole: an estimate of unequal weights has the trials that its variance is worth. O(1).
 * Source: Wilson 1927.
 */
export function shareInterval(hits: number, total: number): Interval {
  const share = hits / total;
  const weight = (Z * Z) / total;
  const middle = (share + weight / 2) / (1 + weight);
  const half = (Z / (1 + weight)) * Math.sqrt((share * (1 - share)) / total + weight / (4 * total));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
