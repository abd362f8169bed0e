import type { ItemLabel } from '../../campaign/label-views.ts';
import { REVIEW_REASONS, type ReviewReason } from './desk-views.ts';

/** People who agree share at least half of their words. Answers that share less than a third differ. */
const DIFFERENT_BELOW = 1 / 3;
/** A fifth of the usual time is too short to read an item and answer it. */
const FAST_SHARE = 1 / 5;

/** What the labels of an item are compared with. */
export interface ReviewContext {
  /** The seed model's answer. */
  readonly failingAnswer: string | undefined;
  /** The lowest share of words between two people who answered the item; 1 where fewer than two did. */
  readonly lowestSimilarity: number;
  /** Median time per answer, over all people; null where too few times are known. */
  readonly medianSeconds: number | null;
}

/** Why an item should be reviewed, the most urgent reason first; empty where nothing stands out. */
export function reviewReasons(
  { state, byPerson }: ItemLabel,
  { failingAnswer, lowestSimilarity, medianSeconds }: ReviewContext,
): ReviewReason[] {
  const answers = byPerson.filter(({ verdict }) => verdict === 'accepted');
  const isRejected = byPerson.some(({ verdict }) => verdict === 'rejected');
  const applies: Record<ReviewReason, boolean> = {
    disputed: answers.length > 0 && isRejected,
    different: lowestSimilarity < DIFFERENT_BELOW,
    doubtful: byPerson.some(({ doubtful }) => doubtful === true),
    rejected: answers.length === 0 && isRejected,
    skipped: state === 'skipped',
    unchanged: failingAnswer !== undefined && answers.some(({ response }) => response?.trim() === failingAnswer.trim()),
    fast:
      medianSeconds !== null && answers.some(({ seconds }) => seconds !== null && seconds < FAST_SHARE * medianSeconds),
    noted: byPerson.some(({ note }) => note !== undefined),
  };
  return REVIEW_REASONS.filter((reason) => applies[reason]);
}

interface Reviewable {
  readonly reasons: readonly ReviewReason[];
  readonly round: number;
  readonly rank: number;
}

/** Sorts by the most urgent reason, then by the number of reasons, then by round (latest first), then by rank. */
export function byUrgency(a: Reviewable, b: Reviewable): number {
  const mostUrgent = ({ reasons }: Reviewable) => REVIEW_REASONS.indexOf(reasons[0]!);
  return mostUrgent(a) - mostUrgent(b) || b.reasons.length - a.reasons.length || b.round - a.round || a.rank - b.rank;
}
