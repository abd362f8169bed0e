import type { RoundFigures } from '../../report-data.ts';
import { decimal, percent, plural, signed } from '../components/format.ts';

/** A round whose model was evaluated on the pool. */
export interface EvaluatedRound extends RoundFigures {
  readonly evaluated: number;
  readonly failures: number;
  readonly failureRate: number;
}

export function isEvaluated(round: RoundFigures): round is EvaluatedRound {
  return round.failureRate !== null && round.failures !== null && round.evaluated !== null && round.evaluated > 0;
}

/** How intervals are called in captions and tables. */
export const INTERVAL = `${percent(0.95)} interval`;

/** How the failure rate changed from the first to the last model. @param rounds at least one */
export function failureCaption(rounds: readonly EvaluatedRound[]): string {
  const [first, last] = [rounds[0]!, rounds.at(-1)!];
  const { low, high } = shareInterval(last.failures, last.evaluated);
  const failed = `${percent(last.failureRate)} of the answers failed in round ${last.number}`;
  const compared = rounds.length === 1 ? '' : `, ${comparedWith(first, last)}`;
  return `${failed}${compared}. The ${INTERVAL} is ${percent(low)} to ${percent(high)} (${plural(last.evaluated, 'answer')}).`;
}

function comparedWith(first: EvaluatedRound, last: EvaluatedRound): string {
  const before = percent(first.failureRate);
  if (before === percent(last.failureRate)) return `the same as in round ${first.number}`;
  return `${last.failureRate < first.failureRate ? 'down' : 'up'} from ${before} in round ${first.number}`;
}

/** Of the judge's scale. */
const [LOWEST, HIGHEST] = [1, 10];

/** Subsets whose mean scores can be compared between rounds, the most useful first. */
const SUBSETS = [
  ['testScore', 'the test set'],
  ['poolScore', 'the pool'],
] as const;

/**
 * The mean score of the last model. Later rounds hold out harder items, so means on held-out labels cannot be compared:
 * the gain over the previous model is shown there. Without held-out labels: how the mean changed on the test set, or on
 * the pool.
 */
export function scoreCaption(rounds: readonly RoundFigures[]): string {
  const last = rounds.findLast(({ heldOutScore }) => heldOutScore !== null);
  if (last !== undefined) {
    const mean = `Round ${last.number}’s model has a mean score of ${decimal(last.heldOutScore)} on held-out labels (${describeInterval(last)}).`;
    return last.gain === null ? mean : `${mean} ${describeGain(last.gain, last.gainOn)}`;
  }
  for (const [key, name] of SUBSETS) {
    const scored = rounds.flatMap((round) =>
      round[key] === null ? [] : [{ number: round.number, score: round[key] }],
    );
    const [first, final] = [scored[0], scored.at(-1)];
    if (first === undefined || final === undefined) continue;
    if (first === final) return `Round ${first.number}’s model has a mean score of ${decimal(first.score)} on ${name}.`;
    const [from, to] = [decimal(first.score), decimal(final.score)];
    const change =
      from === to ? `stayed at ${to}` : `${final.score < first.score ? 'fell' : 'rose'} from ${from} to ${to}`;
    return `The mean score on ${name} ${change} between rounds ${first.number} and ${final.number}.`;
  }
  return 'No answer has been scored yet.';
}

function describeGain(gain: number, on: RoundFigures['gainOn']): string {
  return `It is ${signed(gain)} over the previous model, on ${on === 'test' ? 'the test set' : 'the same items'}.`;
}

/** The interval of a held-out mean; null where there is none, or where it is as wide as the scale. */
export function usefulInterval({ heldOutInterval: interval }: RoundFigures): RoundFigures['heldOutInterval'] {
  return interval !== null && (interval.low > LOWEST || interval.high < HIGHEST) ? interval : null;
}

function describeInterval(round: RoundFigures): string {
  const interval = usefulInterval(round);
  return interval === null
    ? `too few labels for a ${INTERVAL}`
    : `${INTERVAL} ${decimal(interval.low)} to ${decimal(interval.high)}`;
}

/** 97.5th percentile of the normal distribution. */
const Z = 1.959964;

/**
 * The 95 % interval of a share, from `hits` of `total` ≥ 1 trials. It stays within 0 to 1, also where all or none are hits.
 * Source: Wilson 1927.
 */
export function shareInterval(hits: number, total: number): { readonly low: number; readonly high: number } {
  const share = hits / total;
  const weight = (Z * Z) / total;
  const middle = (share + weight / 2) / (1 + weight);
  const half = (Z / (1 + weight)) * Math.sqrt((share * (1 - share)) / total + weight / (4 * total));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
