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

/** One model's failure rate, on the test set or on the pool. */
export interface FailureRate {
  readonly round: number;
  readonly on: 'test' | 'pool';
  readonly count: number;
  readonly rate: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly threshold: number | null;
}

/**
 * The failure rates that compare: those on the test set, if there is one. Each model answers another part of the pool, so
 * rates on the pool are only shown where there is no test set.
 */
export function failureRates(rounds: readonly RoundFigures[]): FailureRate[] {
  const tested = rounds.flatMap(({ number, testScore, test, threshold }): FailureRate[] => {
    if (testScore === null || test === null) return [];
    const { count, mean, interval } = test.failureRate;
    return [{ round: number, on: 'test', count, rate: mean, interval, threshold }];
  });
  if (tested.length > 0) return tested;
  return rounds.filter(isEvaluated).map(({ number, evaluated, failureRate, failureInterval, threshold }) => ({
    ...{
      round: number,
      on: 'pool' as const,
      count: evaluated,
      rate: failureRate,
      interval: failureInterval,
      threshold,
    },
  }));
}

/** Whether the rates were taken on the same items, so that a line may join them. */
export function areComparable(rates: readonly FailureRate[]): boolean {
  return rates.every(({ on, count }) => on === 'test' && count === rates[0]!.count);
}

/** The failure rate of the last model, and how it changed since the first on the same items. @param rounds evaluated */
export function failureCaption(rounds: readonly RoundFigures[]): string {
  const rates = failureRates(rounds);
  const last = rates.at(-1)!;
  const items = plural(last.count, last.on === 'test' ? 'item' : 'answer');
  const failed = `${percent(last.rate)} of the answers ${last.on === 'test' ? 'to the test set ' : ''}failed in round ${last.round}`;
  const range =
    last.interval === null
      ? `It is from ${items}.`
      : `The ${INTERVAL} is ${percent(last.interval.low)} to ${percent(last.interval.high)} (${items}).`;
  const first = rates[0]!;
  const before =
    first !== last && areComparable(rates)
      ? ` In round ${first.round} it was ${percent(first.rate)}, on the same items.`
      : '';
  return `${failed}. ${range}${before}${describeSince(rounds.findLast(isEvaluated))}`;
}

function describeSince(last: RoundFigures | undefined): string {
  if (last?.sinceFirst?.on !== 'pool') return '';
  const { round, count: items, failureRate } = last.sinceFirst;
  const [before, after] = [percent(failureRate.before), percent(failureRate.after)];
  const change = before === after ? `it stayed at ${after}` : `it went from ${before} to ${after}`;
  return ` On the ${plural(items, 'item')} of the pool that the model of round ${round} answered too, ${change}.`;
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
    return last.gain === null ? mean : `${mean} ${describeGain(last.gain, last)}`;
  }
  const scored = rounds.findLast(({ poolScore }) => poolScore !== null);
  if (scored === undefined) return 'No answer has been scored yet.';
  const mean = `Round ${scored.number}’s model has a mean score of ${decimal(scored.poolScore)} on the pool (${plural(scored.evaluated ?? 0, 'answer')}).`;
  if (scored.sinceFirst === null) return mean;
  const { round, count: items, score } = scored.sinceFirst;
  return `${mean} It is ${signed(score.mean)} (${changeRange(score)}) over the model of round ${round}, on the ${plural(items, 'item')} that both answered.`;
}

function describeGain(gain: number, { gainOn, gainFigure }: RoundFigures): string {
  return `It is ${signed(gain)}${gainRange(gainFigure)} over the previous model, on ${gainOn === 'test' ? 'the test set' : 'the same items'}.`;
}

/** Nothing where there are too few items for an interval. */
export function gainRange(figure: Figure | null): string {
  return figure?.interval == null ? '' : ` (${changeRange(figure)}, ${plural(figure.count, 'item')})`;
}

function changeRange({ interval }: Figure): string {
  return interval === null
    ? 'too few items for an interval'
    : `95 %: ${signed(interval.low)} to ${signed(interval.high)}`;
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
