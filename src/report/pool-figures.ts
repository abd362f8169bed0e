// The figures of a report that need vectors. The page imports this file, so it has only types and constants.

/** The status of an item, the most important first: an item that was labeled after a failure is `labeled`. */
export const ITEM_FATES = ['labeled', 'rejected', 'skipped', 'selected', 'failed', 'remaining'] as const;
export type ItemFate = (typeof ITEM_FATES)[number];

/** The pool in two dimensions. All columns have the same length and are in order of position. */
export interface PoolMap {
  readonly method: 'umap' | 'pca';
  /** Size of the pool. For a large pool the map has all picked items, and samples of the failed and remaining ones. */
  readonly instructions: number;
  readonly position: readonly number[];
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Index into `ITEM_FATES`. */
  readonly fate: readonly number[];
  /** The last round that picked it; 0 if none did. */
  readonly round: readonly number[];
  /** Index into `clusters`. */
  readonly cluster: readonly number[];
  /** Clusters of the vectors, named by their most characteristic words. */
  readonly clusters: readonly { readonly name: string; readonly items: number }[];
  /** The judge's last score of a seed model's answer, 1–10; null if there is none. */
  readonly score: readonly (number | null)[];
  /** The beginning of the text, on one line. */
  readonly excerpt: readonly string[];
  /** Fields of the records that points can be colored by: numbers, or words as indexes into `values`. */
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
  /** The field of the categories; `clusters` if the pool has no categories. */
  readonly categoryField: string;
  readonly categories: number;
  /** From one label to all of them, in the order they were picked. */
  readonly labels: readonly CoveragePoint[];
  /** Seeded random picks of the same sizes: mean, lowest and highest of `draws`. */
  readonly random: readonly RandomCoveragePoint[];
  readonly draws: number;
  /** Size of the sample that was measured; null if all instructions were. The radius of all may be larger. */
  readonly sampled: number | null;
}

export interface CoveragePoint {
  readonly count: number;
  /** Largest and mean Euclidean distance from an instruction to the nearest labeled one. */
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
  /** Outliers: farthest from their nearest neighbor; empty without vectors. */
  readonly strangest: readonly OddItem[];
  readonly nearDuplicates: {
    /** Least cosine similarity of near-duplicates. */
    readonly threshold: number;
    /** How many instructions nearly repeat an earlier one. */
    readonly count: number;
    readonly examples: readonly { readonly cosine: number; readonly first: OddItem; readonly second: OddItem }[];
  } | null;
}

export interface OddItem {
  readonly id: string;
  readonly position: number;
  readonly excerpt: string;
  /** Number of characters, distance to the nearest neighbor, or cosine similarity. */
  readonly measure: number;
}
