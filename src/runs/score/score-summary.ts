import type { RunEnd } from '../../domain/stop-reason.ts';
import type { RatingsCollapse } from '../../math/ratings-collapse.ts';
import type { Scale } from '../../selection/judges/criteria.ts';
import type { RunSummary } from '../run-summary.ts';
import type { ScoreDistribution } from './score-distribution.ts';
import type { ScoredPoolFacts, Scoring } from './score-plan.ts';

/** What a run did, for people and for `--json`. */
export interface ScoreSummary extends Scoring, RunSummary {
  readonly end: RunEnd;
  /** Records with a score. */
  readonly scored: number;
  readonly scale: Scale;
  readonly pool: ScoredPoolFacts;
  /** Of the records with a score; null where none has one. */
  readonly distribution: ScoreDistribution | null;
  /** Nearly everything that was judged got the same score: the judge does not tell the items apart. */
  readonly collapse: RatingsCollapse | null;
  /** The first few that got no usable score, by the record's place among those read, from 1. */
  readonly failed: {
    readonly records: number;
    /** Of them, those that a content filter refused: they are not asked again. */
    readonly refused: number;
    readonly examples: readonly ScoreFailure[];
  };
  /** Records not come to, because of `stoppedBy`. */
  readonly unscored: number;
}

export interface ScoreFailure {
  readonly record: number;
  readonly failure: string;
}
