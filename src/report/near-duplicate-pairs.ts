import type { EmbeddingMatrix } from '../math/embedding-matrix.ts';
import { dotProduct } from '../math/exact-distance.ts';
import { groupNearDuplicates, type NearDuplicatesOptions } from '../math/near-duplicates.ts';
import type { OddRows } from './odd-items.ts';

const SHOWN = 10;
/** Where near-duplicates are not looked for in choosing. */
const USUAL_THRESHOLD = 0.98;

/**
 * Instructions that nearly repeat an earlier one, as choosing leaves them out; the most alike are shown.
 * @param x `n × d`, of the pool @param threshold cosine; 0 = off, then the usual one is looked by
 */
export async function nearDuplicatePairs(
  x: EmbeddingMatrix,
  threshold: number,
  options: NearDuplicatesOptions,
): Promise<NonNullable<OddRows['nearDuplicates']>> {
  const used = threshold === 0 ? USUAL_THRESHOLD : threshold;
  const leaders = await groupNearDuplicates(x, used, options);
  const pairs = [...leaders].flatMap((first, second) =>
    first === second ? [] : [{ first, second, cosine: cosineOf(x, first, second) }],
  );
  const examples = pairs.toSorted((a, b) => b.cosine - a.cosine || a.second - b.second).slice(0, SHOWN);
  return { threshold: used, count: pairs.length, examples };
}

function cosineOf(x: EmbeddingMatrix, i: number, j: number): number {
  return dotProduct(x, i, x, j) / Math.sqrt(dotProduct(x, i, x, i) * dotProduct(x, j, x, j));
}
