/** A share of equal ratings above this says more about the judge than about what it judged. */
const MOST_EQUAL = 0.8;
/** Among fewer ratings, many equal ones may well be chance. */
const FEWEST_RATINGS = 10;

/** Nearly all ratings are the same: the judge does not tell the items apart. */
export interface RatingsCollapse {
  /** The rating that nearly all have, to one decimal. */
  readonly score: number;
  /** How many of the ratings it is: (0.8, 1]. */
  readonly share: number;
  readonly ratings: number;
}

/**
 * Sounds the alarm when more than 80 % of at least ten ratings are equal. They are compared to one decimal, since
 * expectations over log-probabilities are hardly ever equal to the last digit. O(n).
 *
 * Source: AlpaGasus (arXiv 2307.08701), whose ratings collapse to one value with other models than its own, unnoticed.
 * @returns undefined where the ratings differ enough, or are too few to tell
 */
export function ratingsCollapse(scores: readonly number[]): RatingsCollapse | undefined {
  if (scores.length < FEWEST_RATINGS) return undefined;
  const counts = new Map<number, number>();
  for (const score of scores) {
    const tenths = Math.round(score * 10);
    counts.set(tenths, (counts.get(tenths) ?? 0) + 1);
  }
  for (const [tenths, count] of counts) {
    const share = count / scores.length;
    if (share > MOST_EQUAL) return { score: tenths / 10, share, ratings: scores.length };
  }
  return undefined;
}
