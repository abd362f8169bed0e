import { type EmbeddingMatrix, takeRows } from '../math/embedding-matrix.ts';
import { dotProduct } from '../math/exact-distance.ts';
import { groupNearDuplicates, type NearDuplicatesOptions } from '../math/near-duplicates.ts';
import type { Random } from '../math/random.ts';
import type { OddRows } from './odd-items.ts';

const SHOWN = 10;
/** Used if the campaign does not remove near-duplicates. */
const DEFAULT_THRESHOLD = 0.98;
/** Rows may be compared in all pairs; with more rows that would take minutes. */
const MOST_ROWS = 65_536;

export interface NearDuplicatePairs extends NonNullable<OddRows['nearDuplicates']> {
  /** How many instructions were compared. */
  readonly compared: number;
}

/**
 * Instructions that nearly repeat an earlier one, found as in selection. The most similar are shown. A large pool is
 * sampled.
 * @param x `n × d`, by position
 * @param threshold cosine similarity; 0: the default
 */
export async function nearDuplicatePairs(
  x: EmbeddingMatrix,
  threshold: number,
  { random, ...options }: NearDuplicatesOptions & { readonly random: Random },
): Promise<NearDuplicatePairs> {
  const used = threshold === 0 ? DEFAULT_THRESHOLD : threshold;
  const all = Array.from({ length: x.rows }, (_, position) => position);
  const compared =
    x.rows <= MOST_ROWS
      ? all
      : random
          .shuffle(all)
          .slice(0, MOST_ROWS)
          .sort((a, b) => a - b);
  const leaders = await groupNearDuplicates(x.rows <= MOST_ROWS ? x : takeRows(x, compared), used, options);
  const pairs = [...leaders].flatMap((leader, row) => {
    const [first, second] = [compared[leader]!, compared[row]!];
    return leader === row ? [] : [{ first, second, cosine: cosineOf(x, first, second) }];
  });
  const examples = pairs.toSorted((a, b) => b.cosine - a.cosine || a.second - b.second).slice(0, SHOWN);
  return { threshold: used, count: pairs.length, examples, compared: compared.length };
}

function cosineOf(x: EmbeddingMatrix, i: number, j: number): number {
  return dotProduct(x, i, x, j) / Math.sqrt(dotProduct(x, i, x, i) * dotProduct(x, j, x, j));
}
