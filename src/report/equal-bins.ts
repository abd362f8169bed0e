/**
 * Counts values into bins of equal width; the last bin holds both its ends. Values outside count at the nearer end.
 * @param bins how many, ≥ 1
 */
export function equalBins(values: readonly number[], from: number, to: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    // A sum of tenths may miss the end of a bin by its last bit.
    const bin = Math.floor(Number(((bins * (value - from)) / (to - from)).toPrecision(12)));
    counts[Math.min(bins - 1, Math.max(0, bin))]! += 1;
  }
  return counts;
}
