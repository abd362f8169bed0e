import { wordF1 } from '../campaign/agreement.ts';
import type { ItemLabel } from '../campaign/label-views.ts';
import { LOOK_AGAIN, type LookAgain } from './desk-views.ts';

/** Answers that share less than a third of their words hardly answer alike; people who agree share half or more. */
const UNLIKE_BELOW = 1 / 3;
/** Nobody reads an item and answers it in a fifth of the time that is usual. */
const HASTY_SHARE = 1 / 5;

/** What an item's label is held against. */
export interface Usual {
  /** What the seed model answered. */
  readonly failingAnswer: string | undefined;
  /** Median time of an answer, over all people; null where too few are known. */
  readonly medianSeconds: number | null;
}

/** Why somebody should look at an item again, the most pressing reason first; empty where nothing is striking. */
export function lookAgainReasons({ state, byPerson }: ItemLabel, { failingAnswer, medianSeconds }: Usual): LookAgain[] {
  const answers = byPerson.filter(({ verdict }) => verdict === 'accepted');
  const isRejected = byPerson.some(({ verdict }) => verdict === 'rejected');
  const holds: Record<LookAgain, boolean> = {
    disputed: answers.length > 0 && isRejected,
    unlike: leastAlike(answers.map(({ response }) => response ?? '')) < UNLIKE_BELOW,
    rejected: answers.length === 0 && isRejected,
    skipped: state === 'skipped',
    unchanged: failingAnswer !== undefined && answers.some(({ response }) => response?.trim() === failingAnswer.trim()),
    hasty:
      medianSeconds !== null &&
      answers.some(({ seconds }) => seconds !== null && seconds < HASTY_SHARE * medianSeconds),
  };
  return LOOK_AGAIN.filter((reason) => holds[reason]);
}

/** Of all pairs, the least share of words in common; 1 where there is none. */
function leastAlike(answers: readonly string[]): number {
  return answers.reduce(
    (least, answer, at) => answers.slice(0, at).reduce((lower, other) => Math.min(lower, wordF1(answer, other)), least),
    1,
  );
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
