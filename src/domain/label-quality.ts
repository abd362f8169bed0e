/** A 95 % confidence interval. */
interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How often people agree on items that several of them answered. */
export interface Agreement {
  /** Items with answers of at least two people. */
  readonly items: number;
  /** Mean over items and pairs of people of the F1 of their words, 0–1. */
  readonly wordF1: number;
  /** Of that mean, over items; absent for fewer than two items. */
  readonly wordF1Interval?: Interval;
  /**
   * Mean over items and pairs of people of chrF of their answers, both ways, 0–1. On at most 100 items, evenly spread: it
   * is slow. Absent where no item has two answers.
   */
  readonly chrF?: QualityMean;
  /** Items where one person answered and another rejected. */
  readonly disputed: number;
}

/** A mean over items with its 95 % interval, which is absent for one item. */
export interface QualityMean {
  readonly items: number;
  readonly mean: number;
  readonly interval?: Interval;
}

/** How good the labels of one person are. */
export interface PersonQuality {
  /** Null for all people whose tools gave no name. */
  readonly annotator: string | null;
  /** Items that they answered. */
  readonly answers: number;
  /** Items an hour, from the middle time of an item; null where too few times are known. */
  readonly itemsPerHour: number | null;
  /** Words that they share with others who answered the same item (F1, 0–1); null where there are none. */
  readonly agreement: QualityMean | null;
  /**
   * Words that their answers share with the model's answer that they started from (F1, 0–1), and how many answers are the
   * model's word for word; null where they were given none.
   */
  readonly kept: (QualityMean & { readonly unchanged: number }) | null;
  /** Answers of five words or more that say the same as one of theirs to another item, ignoring case, punctuation and spaces. */
  readonly repeated: number;
  /** Answers in less than a fifth of the usual time of all people. */
  readonly fast: number;
}
