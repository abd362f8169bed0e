import type { MicroUsd } from './money.ts';

/** One prompt's worth of candidates, and how many of them the LLM is to choose. */
export interface Query {
  /** Number of the query, from 0. */
  readonly number: number;
  /** Positions of the candidates, ascending. */
  readonly positions: readonly number[];
  readonly picks: number;
}

/** What a query's votes chose together, best first. */
export interface QueryChoice {
  readonly picks: readonly QueryPick[];
  /** The model snapshot that answered. */
  readonly model: string;
  /** What the answers used cost, those that had to be asked again included. */
  readonly costMicroUsd: MicroUsd;
  /** How alike the votes were, 0–1; absent with a single vote. */
  readonly agreement?: number;
}

export interface QueryPick {
  readonly position: number;
  /** Share of the Borda points it could have, (0, 1]. */
  readonly score: number;
  readonly reason: string;
}

/** How a query ended. */
export type QueryResult =
  | { readonly state: 'chosen'; readonly choice: QueryChoice }
  | { readonly state: 'failed'; readonly failure: string };

/** One chosen instruction. */
export interface Pick {
  readonly position: number;
  /** From 1; 1 is the most valuable. */
  readonly rank: number;
  /** In the strategy's own terms; null where it ranks nothing (random). */
  readonly score: number | null;
  readonly reason: string;
  readonly strategy: string;
  /** Number of the query it was chosen in, from 0; null for strategies without queries. */
  readonly query: number | null;
  /** Model snapshot; null where no model chose. */
  readonly model: string | null;
  /** The response a model wrote so that it could be judged, for annotators to correct. */
  readonly draft?: string;
  /** This pick's share of its query's cost; the shares of a query add up to its cost. */
  readonly costMicroUsd: MicroUsd;
}

/** Keeps what a strategy has decided, so that a killed run goes on instead of starting over. */
export interface SelectionJournal {
  /** The queries of this run, once planned. */
  loadQueries(): readonly Query[] | undefined;
  saveQueries(queries: readonly Query[]): void;
  loadResult(query: number): QueryResult | undefined;
  saveResult(query: number, result: QueryResult): void;
  /** How often a query was given up and taken up again: 0 the first time. */
  generation(query: number): number;
  /** How often requests without a usable reply were retried: 0 the first time. */
  retries(): number;
}
