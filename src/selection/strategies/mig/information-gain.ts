/** φ'(x) = 0.8 · (x + 1e-6)^(0.8 − 1): what more of a tag is worth, the less the more of it there is. */
const EXPONENT = 0.8;
const OFFSET = 1e-6;

function worth(mass: number): number {
  return EXPONENT * (mass + OFFSET) ** (EXPONENT - 1);
}

/** A tag that another one passes score on to, and which share of it. */
export interface PropagatedShare {
  readonly tag: number;
  readonly share: number;
}

/**
 * How tags pass on score: from tag j to tag i goes the share W[j, i] / Σ W[·, i], where W holds the similarities of at
 * least `threshold`, 1 for a tag with itself. By columns, as in the reference: a tag that is like many others gets less
 * from each.
 * @param similarity of two tags, symmetric
 * @returns by tag j; only shares above 0, by rising i. O(tags²)
 */
export function propagation(
  tags: number,
  similarity: (a: number, b: number) => number,
  threshold: number,
): readonly (readonly PropagatedShare[])[] {
  const edges: { tag: number; share: number }[][] = Array.from({ length: tags }, () => []);
  for (let from = 0; from < tags; from += 1) {
    for (let to = 0; to < tags; to += 1) {
      const weight = from === to ? 1 : similarity(from, to);
      if (from === to || weight >= threshold) edges[from]!.push({ tag: to, share: weight });
    }
  }
  const sums = new Float64Array(tags);
  for (const edge of edges.flat()) sums[edge.tag]! += edge.share;
  return edges.map((list) => list.map(({ tag, share }) => ({ tag, share: share / sums[tag]! })));
}

export interface TaggedItem {
  readonly tags: readonly number[];
  /** ≥ 0 */
  readonly score: number;
}

/**
 * Greedy maximum of information: takes again and again the item with the greatest Σ over tags of φ'(mass so far) · the
 * score it brings to the tag, itself and through similar tags. Ties → the lowest position. Lazily: masses only grow, so
 * gains only fall, and an old gain is an upper bound. O(n · count) and the gains that are computed again.
 * @param mass length of the tags: what is chosen already; not changed
 * @returns positions in the order picked, and the gain of each
 */
export function mostInformative(
  items: readonly TaggedItem[],
  shares: readonly (readonly PropagatedShare[])[],
  count: number,
  mass: ArrayLike<number>,
): { readonly order: Int32Array; readonly gains: Float64Array } {
  const masses = Float64Array.from(mass);
  const brought = items.map(({ tags, score }) => broughtBy(tags, score, shares));
  const gainOf = (row: number) => brought[row]!.reduce((sum, { tag, share }) => sum + worth(masses[tag]!) * share, 0);
  const bounds = Float64Array.from(items.keys(), gainOf);
  const order = new Int32Array(count);
  const gains = new Float64Array(count);
  for (let picked = 0; picked < count; picked += 1) {
    let best = highest(bounds);
    for (let gain = gainOf(best); gain < bounds[best]!; gain = gainOf(best)) {
      bounds[best] = gain;
      best = highest(bounds);
    }
    order[picked] = best;
    gains[picked] = bounds[best]!;
    bounds[best] = Number.NEGATIVE_INFINITY;
    for (const { tag, share } of brought[best]!) masses[tag]! += share;
  }
  return { order, gains };
}

/** Score by tag, tags in rising order. */
export function broughtBy(
  tags: readonly number[],
  score: number,
  shares: readonly (readonly PropagatedShare[])[],
): readonly PropagatedShare[] {
  const sums = new Map<number, number>();
  for (const { tag, share } of tags.flatMap((tag) => shares[tag]!)) sums.set(tag, (sums.get(tag) ?? 0) + score * share);
  return [...sums].sort(([a], [b]) => a - b).map(([tag, share]) => ({ tag, share }));
}

function highest(bounds: Float64Array): number {
  let best = 0;
  for (let row = 1; row < bounds.length; row += 1) if (bounds[row]! > bounds[best]!) best = row;
  return best;
}
