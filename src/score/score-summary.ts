import type { Spending } from '../domain/ledger.ts';
import type { Scale } from '../judges/judge.ts';
import type { RatingsCollapse } from '../math/ratings-collapse.ts';
import type { RetryCounts } from '../metering/metered-caller.ts';
import type { ScoreDistribution } from './score-distribution.ts';
import type { ScoredPoolFacts, Scoring } from './score-plan.ts';

/** How a run ended: every record has a score; some got none; or stopped before its end. */
export type ScoreEnd = 'complete' | 'short' | 'budget' | 'interrupt' | 'provider';

/** What a run did, for people and for `--json`. */
export interface ScoreSummary extends Scoring {
  readonly end: ScoreEnd;
  /** Records with a score. */
  readonly scored: number;
  readonly scale: Scale;
  readonly pool: ScoredPoolFacts;
  /** Of the records with a score; null where none has one. */
  readonly distribution: ScoreDistribution | null;
  /** Nearly everything that was judged got the same score: the judge does not tell the items apart. */
  readonly collapse: RatingsCollapse | null;
  /** The first few that got no usable score, by the record's place among those read, from 1. */
  readonly failed: { readonly records: number; readonly examples: readonly ScoreFailure[] };
  /** Records not come to, because of `stoppedBy`. */
  readonly unscored: number;
  /** The first few records that were left out. */
  readonly badRecords: readonly { readonly file: string; readonly line: number; readonly cause: string }[];
  /** Over every time this run was taken up, not only the last. */
  readonly spent: Spending;
  readonly retries: RetryCounts;
  readonly state: string;
  readonly resumed: boolean;
  readonly elapsedMs: number;
  readonly notes: readonly string[];
  /** The identity of the run: everything that is needed to repeat it. */
  readonly identity: Readonly<Record<string, string | number | boolean | null>>;
  /** What stopped the run, with what to do about it. */
  readonly stoppedBy: { readonly message: string; readonly hint: string | null } | null;
}

export interface ScoreFailure {
  readonly record: number;
  readonly failure: string;
}
