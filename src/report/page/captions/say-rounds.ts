import type { RoundFigures } from '../../report-data.ts';
import { change, decimal, percent, plural, signed } from '../components/wording.ts';
import { shareInterval } from './share-interval.ts';

/** A round whose model was evaluated on the pool. */
export interface EvaluatedRound extends RoundFigures {
  readonly evaluated: number;
  readonly failures: number;
  readonly failureRate: number;
}

export function isEvaluated(round: RoundFigures): round is EvaluatedRound {
  return round.failureRate !== null && round.failures !== null && round.evaluated !== null && round.evaluated > 0;
}

const INTERVAL = `${percent(0.95)} interval`;

/** How the share of failures went, from the first to the last model. @param rounds at least one */
export function sayFailures(rounds: readonly EvaluatedRound[]): string {
  const [first, last] = [rounds[0]!, rounds.at(-1)!];
  const { low, high } = shareInterval(last.failures, last.evaluated);
  const tried = `${INTERVAL} ${percent(low)} to ${percent(high)}, from ${plural(last.evaluated, 'answer')}`;
  if (rounds.length === 1)
    return `The model of round ${first.number} fails at ${percent(first.failureRate)} of what it was tried on (${tried}).`;
  const moved = change(first.failureRate, last.failureRate, percent);
  return `The failure rate ${moved} between rounds ${first.number} and ${last.number} (at the end ${tried}).`;
}

/** Of the judge's scale. */
const [LOWEST, HIGHEST] = [1, 10];

/** Whose means over the rounds are of the same kind of items, the most telling first. */
const SUBSETS = [
  ['testScore', 'the test set'],
  ['poolScore', 'the pool'],
] as const;

/**
 * How good the last model is by the judge's mean score: on held-out labels where there are any, and there what it gained
 * over the one before on what both answered, because later rounds hold out harder items; else how the mean went on the
 * test set, or on the pool.
 */
export function sayScores(rounds: readonly RoundFigures[]): string {
  const last = rounds.findLast(({ heldOutScore }) => heldOutScore !== null);
  if (last !== undefined) {
    const mean = `The mean score (1 to 10) of round ${last.number}’s model on held-out labels is ${decimal(last.heldOutScore)} (${sayInterval(last)})`;
    return last.gain === null ? `${mean}.` : `${mean}; ${sayGainOn(last)} it gained ${signed(last.gain)}.`;
  }
  for (const [key, name] of SUBSETS) {
    const scored = rounds.flatMap((round) =>
      round[key] === null ? [] : [{ number: round.number, score: round[key] }],
    );
    const [first, final] = [scored[0], scored.at(-1)];
    if (first === undefined || final === undefined) continue;
    if (first === final)
      return `The mean score (1 to 10) of round ${first.number}’s model on ${name} is ${decimal(first.score)}.`;
    const moved = change(first.score, final.score, (score) => decimal(score));
    return `The mean score (1 to 10) on ${name} ${moved} between rounds ${first.number} and ${final.number}.`;
  }
  return 'No answer has been scored yet.';
}

function sayGainOn({ gainOn }: RoundFigures): string {
  return gainOn === 'test' ? 'on the test set, over the model before,' : 'on what the model before answered too,';
}

/** A held-out mean's interval, where it says more than the scale does. */
export function tellingInterval({ heldOutInterval: interval }: RoundFigures): RoundFigures['heldOutInterval'] {
  return interval !== null && (interval.low > LOWEST || interval.high < HIGHEST) ? interval : null;
}

function sayInterval(round: RoundFigures): string {
  const interval = tellingInterval(round);
  return interval === null
    ? `too few labels for a ${INTERVAL}`
    : `${INTERVAL} ${decimal(interval.low)} to ${decimal(interval.high)}`;
}
