import type { Figure, RoundFigures } from '../../report-data.ts';
import { decimal, percent, plural, signed } from '../components/format.ts';

/** A round whose model was evaluated on the pool. */
export interface EvaluatedRound extends RoundFigures {
  readonly evaluated: number;
  readonly failures: number;
  readonly failureRate: number;
  readonly failureInterval: NonNullable<RoundFigures['failureInterval']>;
}

export function isEvaluated(round: RoundFigures): round is EvaluatedRound {
  return round.failureInterval !== null && round.failureRate !== null && round.failures !== null;
}

/** How intervals are called in captions and tables. */
export const INTERVAL = `${percent(0.95)} interval`;

/** The failure rate of the last model, and how it changed since the first on the same items. @param rounds at least one */
export function failureCaption(rounds: readonly EvaluatedRound[]): string {
  const last = rounds.at(-1)!;
  const { low, high } = last.failureInterval;
  const failed = `${percent(last.failureRate)} of the answers failed in round ${last.number}`;
  const range = `The ${INTERVAL} is ${percent(low)} to ${percent(high)} (${plural(last.evaluated, 'answer')}).`;
  return `${failed}. ${range}${describeSince(last)}`;
}

function describeSince({ sinceFirst }: RoundFigures): string {
  if (sinceFirst === null) return '';
  const { round, count: items, failureRate } = sinceFirst;
  const [before, after] = [percent(failureRate.before), percent(failureRate.after)];
  const change = before === after ? `it stayed at ${after}` : `it went from ${before} to ${after}`;
  return ` On the ${plural(items, 'item')} that the model of round ${round} answered too, ${change}.`;
}

/** Of the judge's scale. */
const [LOWEST, HIGHEST] = [1, 10];

/**
 * The mean score of the last model on what it is tested on, with its interval, and the gain over the previous model on
 * the same items. Without test items: how it changed since the first model on the same instructions of the pool.
 */
export function scoreCaption(rounds: readonly RoundFigures[]): string {
  const last = rounds.findLast(({ test }) => test !== null);
  if (last?.test != null) {
    const name = last.testScore === null ? 'held-out labels' : 'the test set';
    const mean = `Round ${last.number}’s model has a mean score of ${decimal(last.test.score.mean)} on ${name} (${describeInterval(last.test.score)}).`;
    return last.gain === null ? mean : `${mean} ${describeGain(last.gain, last.gainOn)}`;
  }
  const scored = rounds.findLast(({ poolScore }) => poolScore !== null);
  if (scored === undefined) return 'No answer has been scored yet.';
  const mean = `Round ${scored.number}’s model has a mean score of ${decimal(scored.poolScore)} on the pool (${plural(scored.evaluated ?? 0, 'answer')}).`;
  if (scored.sinceFirst === null) return mean;
  const { round, count: items, score } = scored.sinceFirst;
  return `${mean} It is ${signed(score.mean)} over the model of round ${round}, on the ${plural(items, 'item')} that both answered.`;
}

function describeGain(gain: number, on: RoundFigures['gainOn']): string {
  return `It is ${signed(gain)} over the previous model, on ${on === 'test' ? 'the test set' : 'the same items'}.`;
}

/** The interval of a test mean; null where there is none, or where it is as wide as the scale. */
export function usefulInterval({ test }: RoundFigures): Figure['interval'] {
  const interval = test?.score.interval ?? null;
  return interval !== null && (interval.low > LOWEST || interval.high < HIGHEST) ? interval : null;
}

function describeInterval({ count: items, interval }: Figure): string {
  return interval === null
    ? `${plural(items, 'item')}, too few for a ${INTERVAL}`
    : `${INTERVAL} ${decimal(interval.low)} to ${decimal(interval.high)}, ${plural(items, 'item')}`;
}
