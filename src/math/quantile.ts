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
