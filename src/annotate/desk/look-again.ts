import type { ItemLabel } from '../../campaign/label-views.ts';
import { LOOK_AGAIN, type LookAgain } from './desk-views.ts';

/** Answers that share less than a third of their words hardly answer alike; people who agree share half or more. */
const UNLIKE_BELOW = 1 / 3;
/** Nobody reads an item and answers it in a fifth of the time that is usual. */
const HASTY_SHARE = 1 / 5;

/** What an item's label is held against. */
export interface Usual {
  /** What the seed model answered. */
  readonly failingAnswer: string | undefined;
  /** Share of words that the two people have in common who answered it least alike; 1 where fewer than two did. */
  readonly leastAlike: number;
  /** Median time of an answer, over all people; null where too few are known. */
  readonly medianSeconds: number | null;
}

/** Why somebody should look at an item again, the most pressing reason first; empty where nothing is striking. */
export function lookAgainReasons(
  { state, byPerson }: ItemLabel,
  { failingAnswer, leastAlike, medianSeconds }: Usual,
): LookAgain[] {
  const answers = byPerson.filter(({ verdict }) => verdict === 'accepted');
  const isRejected = byPerson.some(({ verdict }) => verdict === 'rejected');
  const holds: Record<LookAgain, boolean> = {
    disputed: answers.length > 0 && isRejected,
    unlike: leastAlike < UNLIKE_BELOW,
    rejected: answers.length === 0 && isRejected,
    skipped: state === 'skipped',
    unchanged: failingAnswer !== undefined && answers.some(({ response }) => response?.trim() === failingAnswer.trim()),
    hasty:
      medianSeconds !== null &&
      answers.some(({ seconds }) => seconds !== null && seconds < HASTY_SHARE * medianSeconds),
  };
  return LOOK_AGAIN.filter((reason) => holds[reason]);
}

/** The most pressing first: by the gravest reason, then by how many there are, then the later round, then rank. */
export function byUrgency(a: Urgent, b: Urgent): number {
  const gravest = ({ because }: Urgent) => LOOK_AGAIN.indexOf(because[0]!);
  return gravest(a) - gravest(b) || b.because.length - a.because.length || b.round - a.round || a.rank - b.rank;
}

interface Urgent {
  readonly because: readonly LookAgain[];
  readonly round: number;
  readonly rank: number;
}
