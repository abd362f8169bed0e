import { largestPositions } from './largest-positions.ts';

/**
 * Gives every free cluster without rows the row that costs most where it is: the one farthest from its
 * own centre, by weight (ties → the lowest position). Rows at distance 0 and the last row of a free cluster
 * stay where they are, so some clusters may remain empty.
 * @param assignment length n; clusters from `k` on are fixed. Not changed.
 * @param cost length n: squared distance to the centre, times the weight where there are weights
 * @returns the new assignment, or undefined when nothing moved. O(n) where no cluster is empty
 */
export function relocateEmptyClusters(assignment: Int32Array, cost: Float32Array, k: number): Int32Array | undefined {
  const sizes = new Int32Array(k);
  for (const cluster of assignment) if (cluster < k) sizes[cluster]! += 1;
  const empty = [...sizes.keys()].filter((cluster) => sizes[cluster] === 0);
  if (empty.length === 0) return undefined;

  // Each cluster holds at most one of its rows back, so these are enough.
  const farthest = largestPositions(cost, empty.length + k, (row) => cost[row]! > 0);
  const relocated = assignment.slice();
  let filled = 0;
  for (const row of farthest) {
    if (filled === empty.length) break;
    const donor = relocated[row]!;
    if (donor < k && sizes[donor] === 1) continue;
    if (donor < k) sizes[donor]! -= 1;
    relocated[row] = empty[filled]!;
    filled += 1;
  }
  return filled === 0 ? undefined : relocated;
}
