/**
 * An axis of whole numbers: never two ticks on the way from one to the next.
 * @param wanted about how many ticks
 * @param range from the least to the most number on it
 */
export function countTicks(wanted: number, range: number): { ticks: number; nice: number; tickFormat: string } {
  const ticks = Math.max(1, Math.min(wanted, range));
  return { ticks, nice: ticks, tickFormat: ',d' };
}
