import { type MeanInterval, meanInterval } from './statistics.ts';
import { studentTCritical } from './student-t.ts';

/** What 95 % intervals leave out. */
const OUTSIDE = 0.05;

/**
 * How much larger the mean of `a` is than that of `b`, where their values do not belong to each other, with its 95 %
 * interval. The spreads may differ. O(n).
 * Source: Welch 1947; degrees of freedom by Satterthwaite 1946.
 * @throws RangeError unless each side has two values and all are finite
 */
export function unpairedDifference(a: readonly number[], b: readonly number[]): Required<MeanInterval> {
  if (a.length < 2 || b.length < 2) throw new RangeError('A difference of means needs two values on each side.');
  const sides = [meanInterval(a), meanInterval(b)] as const;
  const difference = sides[0].mean - sides[1].mean;
  const variances = sides.map(({ standardError }) => standardError! ** 2);
  const variance = variances[0]! + variances[1]!;
  const squares = variances.reduce((sum, one, side) => sum + one ** 2 / (sides[side]!.count - 1), 0);
  // Never below 1; where no side has a spread, any number will do.
  const freedom = squares === 0 ? 1 : Math.max(1, Math.floor(variance ** 2 / squares + 1e-9));
  const half = studentTCritical(OUTSIDE, freedom) * Math.sqrt(variance);
  return {
    count: a.length + b.length,
    mean: difference,
    standardError: Math.sqrt(variance),
    interval: { low: difference - half, high: difference + half },
  };
}
