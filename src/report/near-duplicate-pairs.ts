import { type EmbeddingMatrix, takeRows } from '../math/embedding-matrix.ts';
import { dotProduct } from '../math/exact-distance.ts';
import { groupNearDuplicates, type NearDuplicatesOptions } from '../math/near-duplicates.ts';
import type { Random } from '../math/random.ts';
import type { OddRows } from './odd-items.ts';

const SHOWN = 10;
/** Where near-duplicates are not looked for in choosing. */
const USUAL_THRESHOLD = 0.98;
/** Every row may be compared with every other: among more than this it would take minutes. */
const MOST_ROWS = 65_536;

export interface NearDuplicatePairs extends NonNullable<OddRows['nearDuplicates']> {
  /** How many instructions were looked at. */
  readonly among: number;
}

/**
 * Instructions that nearly repeat an earlier one, as choosing leaves them out; the most alike are shown. Of a large pool
 * a random sample is looked at.
 * @param x `n × d`, of the pool
 * @param threshold cosine; 0 where choosing looks for none: then the usual one
 */
export async function nearDuplicatePairs(
  x: EmbeddingMatrix,
  threshold: number,
  { random, ...options }: NearDuplicatesOptions & { readonly random: Random },
): Promise<NearDuplicatePairs> {
  const used = threshold === 0 ? USUAL_THRESHOLD : threshold;
  const all = Array.from({ length: x.rows }, (_, position) => position);
  const looked =
    x.rows <= MOST_ROWS
      ? all
      : random
          .shuffle(all)
          .slice(0, MOST_ROWS)
          .sort((a, b) => a - b);
  const leaders = await groupNearDuplicates(x.rows <= MOST_ROWS ? x : takeRows(x, looked), used, options);
  const pairs = [...leaders].flatMap((leader, row) => {
    const [first, second] = [looked[leader]!, looked[row]!];
    return leader === row ? [] : [{ first, second, cosine: cosineOf(x, first, second) }];
  });
  const examples = pairs.toSorted((a, b) => b.cosine - a.cosine || a.second - b.second).slice(0, SHOWN);
  return { threshold: used, count: pairs.length, examples, among: looked.length };
}

function cosineOf(x: EmbeddingMatrix, i: number, j: number): number {
  return dotProduct(x, i, x, j) / Math.sqrt(dotProduct(x, i, x, i) * dotProduct(x, j, x, j));
}
