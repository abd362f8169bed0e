import type { Range } from '../domain/money.ts';
import type { RatingsCollapse } from '../math/ratings-collapse.ts';

/** An alarm for people, where nearly all ratings are the same. */
export function collapseNote(what: string, collapse: RatingsCollapse | undefined): string[] {
  if (!collapse) return [];
  const share = `${Math.round(collapse.share * 100)} % of ${collapse.ratings} ${what} ratings are ${collapse.score}`;
  return [`${share}: this judge hardly tells items apart. Try another model or prompt before you rely on it.`];
}

export function sumRanges(ranges: readonly Range[]): Range {
  return ranges.reduce<Range>(
    (sum, { expected, worstCase }) => ({
      expected: sum.expected + expected,
      worstCase: sum.worstCase + worstCase,
    }),
    { expected: 0, worstCase: 0 },
  );
}
