/** The share of training responses beyond the first and the last quantile each. */
const TAIL = 0.005;
const STEPS = 199;

/**
 * The scores below which 0.5 %, 1 %, … 99.5 % of the training responses lie, adjusted to rise strictly.
 * @param scores at least one, finite
 */
export function scoreQuantiles(scores: readonly number[]): number[] {
  const sorted = [...scores].sort((a, b) => a - b);
  const quantiles: number[] = [];
  for (let step = 1; step <= STEPS; step += 1) {
    const value = Number(sorted[Math.floor((step / (STEPS + 1)) * (sorted.length - 1))]!.toFixed(4));
    quantiles.push(Math.max(value, (quantiles.at(-1) ?? Number.NEGATIVE_INFINITY) + 1e-4));
  }
  return quantiles;
}

/**
 * The share of the training responses that score lower: in (0, 1), rising with the score. Linear between the quantiles.
 * Beyond them it approaches 0 and 1 without reaching them, so that the very best responses still differ.
 */
export function shareBelow(score: number, quantiles: readonly number[]): number {
  const [first, last] = [quantiles[0]!, quantiles.at(-1)!];
  const width = (last - first) / 10;
  if (score <= first) return TAIL / (1 + (first - score) / width);
  if (score >= last) return 1 - TAIL / (1 + (score - last) / width);
  let low = 0;
  let high = quantiles.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (quantiles[middle]! <= score) low = middle;
    else high = middle;
  }
  const part = (score - quantiles[low]!) / (quantiles[high]! - quantiles[low]!);
  return TAIL + ((1 - 2 * TAIL) * (low + part)) / (quantiles.length - 1);
}
