/** 97.5th and 80th percentile of the normal distribution: two-sided at 5 %, found in 80 % of the tries. */
const Z_SUM = 1.959964 + 0.841621;

/** Share of test items that change between passing and failing from one model to the next, where none was measured. */
export const CHANGED_SHARE = 0.3;

/**
 * How many test labels tell a difference between two models that answer the same items: with that many, the difference
 * is found in 80 % of the tries, at 95 % confidence. O(1).
 * Source: Lachin 1981; for rates, where the standard deviation is the root of the share that changes, Connor 1987.
 * @param difference to be told, > 0, in the units of `deviation`
 * @param deviation of the items' differences; of two rates the root of the share of items that change
 * @throws RangeError unless both are above 0
 */
export function testLabelsFor(difference: number, deviation: number = Math.sqrt(CHANGED_SHARE)): number {
  if (!(difference > 0 && deviation > 0)) {
    throw new RangeError(`A difference of ${difference} at a deviation of ${deviation} cannot be planned for.`);
  }
  return Math.ceil(((Z_SUM * deviation) / difference) ** 2 - 1e-9);
}

/** The smallest difference that so many test labels tell: the inverse of `testLabelsFor`. O(1). @param labels ≥ 1 */
export function detectableDifference(labels: number, deviation: number = Math.sqrt(CHANGED_SHARE)): number {
  return (Z_SUM * deviation) / Math.sqrt(labels);
}
