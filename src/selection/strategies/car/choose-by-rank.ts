export interface ChooseByRankOptions {
  /** n1: how many of the best overall. */
  readonly top: number;
  /** n2: how many of the best of each cluster, whether or not they are among the best overall. */
  readonly perCluster: number;
}

/**
 * CaR's choice: the `top` best overall, then the `perCluster` best of each cluster that are not chosen yet. A cluster
 * whose best are all among the best overall adds nothing, so there are at most top + perCluster · clusters positions.
 * Ties go to the lowest position. O(n log n).
 *
 * Source: Ge et al. 2024 (arXiv 2402.18191); the code IronBeliever/CaR chooses the same set. The order is ours: first the
 * best overall by falling score, then clusters by rising number, each by falling score.
 * @param scores length n, high is good
 * @param clusters length n: the cluster of each row
 * @returns distinct positions; the first min(top, n) are the best overall
 * @throws RangeError when a score is NaN, the lengths differ or a number of rows is not a whole number ≥ 0
 */
export function chooseByRank(
  scores: ArrayLike<number>,
  clusters: ArrayLike<number>,
  { top, perCluster }: ChooseByRankOptions,
): number[] {
  assertRankable(scores, clusters, [top, perCluster]);
  const ranked = Array.from({ length: scores.length }, (_, position) => position);
  // Equal infinite scores differ by NaN, which is falsy like 0.
  ranked.sort((a, b) => scores[b]! - scores[a]! || a - b);
  const chosen = new Set(ranked.slice(0, top));
  const bestOf = new Map<number, number[]>();
  for (const position of ranked) {
    const best = bestOf.get(clusters[position]!) ?? [];
    if (best.length < perCluster) best.push(position);
    bestOf.set(clusters[position]!, best);
  }
  for (const [, best] of [...bestOf].sort(([a], [b]) => a - b)) for (const position of best) chosen.add(position);
  return [...chosen];
}

function assertRankable(
  scores: ArrayLike<number>,
  clusters: ArrayLike<number>,
  numbersOfRows: readonly number[],
): void {
  if (scores.length !== clusters.length) {
    throw new RangeError(
      `Every row needs a score and a cluster, but there are ${scores.length} and ${clusters.length}.`,
    );
  }
  for (let position = 0; position < scores.length; position += 1) {
    if (Number.isNaN(scores[position])) throw new RangeError(`Row ${position} has no score: it is NaN.`);
  }
  for (const rows of numbersOfRows) {
    if (!Number.isInteger(rows) || rows < 0) throw new RangeError(`Cannot choose ${rows} rows.`);
  }
}
