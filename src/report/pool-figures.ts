// What a report says of the pool as vectors see it: types alone, but for the names of fates, because browsers read them too.

/** What happened to an item, the strongest first: an item that was labeled after the model failed at it is `labeled`. */
export const ITEM_FATES = ['labeled', 'rejected', 'skipped', 'selected', 'failed', 'remaining'] as const;
export type ItemFate = (typeof ITEM_FATES)[number];

/** The pool in two dimensions. Columns of equal length, in order of position: compact, and quick to draw. */
export interface PoolMap {
  readonly method: 'umap' | 'pca';
  /**
   * How many instructions the pool has. Where it is large fewer are drawn: all that people had to do with, and of the failed
   * and the remaining seeded samples.
   */
  readonly instructions: number;
  readonly position: readonly number[];
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Index into `ITEM_FATES`. */
  readonly fate: readonly number[];
  /** Round that picked it; 0 where none has. */
  readonly round: readonly number[];
  /** Index into `clusters`. */
  readonly cluster: readonly number[];
  /** Clusters of the vectors, named by their most telling words. */
  readonly clusters: readonly { readonly name: string; readonly items: number }[];
  /** Last score of the judge on the seed model's answer, 1–10; null where it never answered. */
  readonly score: readonly (number | null)[];
  /** The beginning of the text, on one line. */
  readonly excerpt: readonly string[];
  /** Fields of the records that can be colored by: words are indexes into `values`, numbers stand for themselves. */
  readonly fields: readonly MapField[];
}

export type MapField =
  | {
      readonly name: string;
      readonly kind: 'words';
      readonly values: readonly string[];
      readonly of: readonly (number | null)[];
    }
  | { readonly name: string; readonly kind: 'numbers'; readonly of: readonly (number | null)[] };

export interface CoverageFigures {
  /** Which field the categories are of; `clusters` where the pool has none. */
  readonly categoryField: string;
  readonly categories: number;
  /** From one label to all of them, in the order the labels' items were picked. */
  readonly labels: readonly CoveragePoint[];
  /** Seeded random choices of the same sizes: mean, least and most over `draws`. */
  readonly random: readonly RandomCoveragePoint[];
  readonly draws: number;
  /** How many instructions were looked at, where they are a sample: the farthest of all may be farther then. */
  readonly sampled: number | null;
}

export interface CoveragePoint {
  readonly count: number;
  /** Largest and mean Euclidean distance of an instruction to the nearest labeled one. */
  readonly radius: number;
  readonly meanDistance: number;
  readonly categories: number;
}

export interface RandomCoveragePoint {
  readonly count: number;
  readonly radius: Spread;
  readonly meanDistance: Spread;
  readonly categories: Spread;
}

export interface Spread {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface OddItems {
  readonly longest: readonly OddItem[];
  /** Farthest from every other instruction; empty without vectors. */
  readonly strangest: readonly OddItem[];
  readonly nearDuplicates: {
    /** Cosine from which two count as one. */
    readonly threshold: number;
    /** Instructions that repeat an earlier one. */
    readonly count: number;
    readonly examples: readonly { readonly cosine: number; readonly first: OddItem; readonly second: OddItem }[];
  } | null;
}

export interface OddItem {
  readonly id: string;
  readonly position: number;
  readonly excerpt: string;
  /** Characters of the longest; distance to the nearest other instruction of the strangest. */
  readonly measure: number;
}
