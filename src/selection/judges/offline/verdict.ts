/** What the offline judge makes of an item, before it is put on a criterion's scale. */
export interface Verdict {
  /** In [0, 1]. */
  readonly value: number;
  /** One line of our own words, never text of the item. */
  readonly reason: string;
}

/** A reason names this many features at most. */
export const MOST_NOTES = 2;
