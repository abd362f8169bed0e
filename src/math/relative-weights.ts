/** Beyond this factor the light rows would vanish beside the heavy ones by rounding. */
const LARGEST_RATIO = 1e9;

/**
 * What matters of weights: their ratios. Scaled so that the largest is 1.
 * @param weights length n, by position, > 0; absent: all alike
 * @returns length n, in (0, 1]; undefined where all weights are equal, so that equal weights give, bit for
 *   bit, what no weights give
 * @throws RangeError when a weight is not above 0 and finite, when there is not one per row, or when the
 *   largest is more than 1e9 times the smallest
 */
export function relativeWeights(weights: Float64Array | undefined, rows: number): Float64Array | undefined {
  if (!weights) return undefined;
  if (weights.length !== rows) throw new RangeError(`There are ${weights.length} weights for ${rows} rows.`);
  const unusable = weights.findIndex((weight) => !(weight > 0 && Number.isFinite(weight)));
  if (unusable >= 0) {
    throw new RangeError(`The weight of row ${unusable} is ${weights[unusable]}: it must be finite and above 0.`);
  }
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  const smallest = weights.reduce((least, weight) => Math.min(least, weight), Number.POSITIVE_INFINITY);
  if (largest === smallest || rows === 0) return undefined;
  if (largest > LARGEST_RATIO * smallest) {
    throw new RangeError(`Weights from ${smallest} to ${largest} are too far apart: a factor of 1e9 at most.`);
  }
  return weights.map((weight) => weight / largest);
}
