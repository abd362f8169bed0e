/**
 * Shares `count` picks among queries as evenly as their sizes allow: one pick to each query in turn,
 * from the first, passing over those that are full.
 * @param sizes candidates per query
 * @returns picks per query; sum = count, picks[i] ≤ sizes[i]
 * @throws RangeError when the queries hold fewer than `count` candidates
 */
export function allocatePicks(sizes: readonly number[], count: number): number[] {
  const room = sizes.reduce((sum, size) => sum + size, 0);
  if (count > room) throw new RangeError(`Cannot allocate ${count} picks among ${room} candidates.`);
  const picks = sizes.map(() => 0);
  let left = count;
  while (left > 0) {
    for (let query = 0; query < sizes.length && left > 0; query += 1) {
      if (picks[query]! < sizes[query]!) {
        picks[query]! += 1;
        left -= 1;
      }
    }
  }
  return picks;
}
