import { probabilityAbove } from '../../math/paired-bootstrap.ts';
import { seededRandom } from '../../math/random.ts';
import { mean, quantile } from '../../math/statistics.ts';
import { resampledWeights, type Stratum, stratifiedMean } from '../../math/stratified.ts';
import { testLabelsFor } from '../../math/test-power.ts';
import type { Estimate } from '../model-figures.ts';

/** Models trained in one round on equally many labels, some selected, some drawn at random, on the same test items. */
export interface Comparison {
  readonly round: number;
  /** That each of the two models was trained on. */
  readonly labels: number;
  /** ROUGE-L against people's answers, 0–1, parallel to `items`. */
  readonly selected: readonly number[];
  readonly random: readonly number[];
  /** The learning curve of fewer random labels. */
  readonly curve: readonly { readonly labels: number; readonly scores: readonly number[] }[];
  /** Ids of the test items. */
  readonly items: readonly string[];
}

/** What selecting gains over drawing at random. */
export interface SelectionGain {
  /** `no-gain`: there are enough test labels to see one. `cannot-tell`: there are too few. */
  readonly verdict: 'helps' | 'hurts' | 'no-gain' | 'cannot-tell';
  /** Rounds compared, and the labels of each model in the last of them. */
  readonly rounds: number;
  readonly labels: number;
  /** ROUGE-L of selected labels less that of as many random ones, 0–1, on the same test items. */
  readonly difference: Estimate;
  /** That selecting is better than chance: the posterior of a paired bootstrap. */
  readonly probability: number;
  /** How many random labels score as well as `labels` selected ones; null where the learning curve does not rise. */
  readonly worth: Estimate | null;
  /** How many more test labels would tell a difference of `tellable`; 0 where none are needed. */
  readonly moreTestLabels: number;
  /** ROUGE-L, 0–1: the difference measured, and one point where that is smaller. */
  readonly tellable: number;
}

const REPLICATES = 2_000;
/** A difference worth knowing of: one point of ROUGE-L. */
const LEAST_DIFFERENCE = 0.01;
/** What selected labels are worth is told up to so many times their number. */
const MOST_TIMES = 10;

/**
 * Whether selecting beats chance, with a bootstrap over test items (within their strata) and rounds. What selected labels
 * are worth is read off the learning curve of random ones, score = a + b · log(labels): equally many labels score D
 * better, so they are worth labels · exp(D / b) random ones. Pure. O(replicates · items · rounds).
 * @param comparisons at least one, in order of rounds @param strataOf the items of each stratum, by id
 * @returns undefined where no two items were compared in every round
 */
export function selectionGain(
  comparisons: readonly Comparison[],
  strataOf: (items: readonly string[]) => readonly { readonly size: number; readonly items: readonly number[] }[],
  seed: number,
): SelectionGain | undefined {
  const first = comparisons[0];
  if (first === undefined) return undefined;
  const items = first.items.filter((id) => comparisons.every((one) => one.items.includes(id)));
  if (items.length < 2) return undefined;
  const rounds = comparisons.map((one) => onItems(one, items));
  const strata = strataOf(items);
  const labels = comparisons.at(-1)!.labels;
  const measure = (weights: Float64Array | undefined, drawn: readonly OnItems[]) => {
    const of = (scores: readonly number[]) => weightedMean(scores, weights ?? baseWeights(strata, items.length));
    const difference = mean(drawn.map(({ selected, random }) => of(selected) - of(random)));
    const slope = slopeOf(
      drawn.flatMap(({ curve }) => curve.map((point) => [Math.log(point.labels), of(point.scores)])),
    );
    return { difference, slope, worth: worthOf(labels, difference, slope) };
  };
  const random = seededRandom(seed, 'selection gain');
  const replicates = Array.from({ length: REPLICATES }, () => {
    const weights = resampledWeights(strata, items.length, random);
    return measure(
      weights,
      rounds.map(() => rounds[random.below(rounds.length)]!),
    );
  });
  const whole = measure(undefined, rounds);
  const differences = replicates.map(({ difference }) => difference);
  const difference = { count: items.length, mean: whole.difference, interval: rangeOf(differences) };
  const worths = replicates.map(({ worth }) => worth);
  return {
    ...judged(difference, deviationOf(rounds, strata)),
    rounds: rounds.length,
    labels,
    difference,
    probability: probabilityAbove(differences),
    worth: whole.slope > 0 ? { count: labels, mean: whole.worth, interval: rangeOf(worths) } : null,
  };
}

function judged(
  { mean: middle, count, interval }: Estimate,
  deviation: number,
): Pick<SelectionGain, 'verdict' | 'moreTestLabels' | 'tellable'> {
  const tellable = Math.max(Math.abs(middle), LEAST_DIFFERENCE);
  if (interval!.low > 0) return { verdict: 'helps', moreTestLabels: 0, tellable };
  if (interval!.high < 0) return { verdict: 'hurts', moreTestLabels: 0, tellable };
  const needed = deviation === 0 ? 0 : testLabelsFor(tellable, deviation);
  const moreTestLabels = Math.max(0, needed - count);
  return { verdict: moreTestLabels > 0 ? 'cannot-tell' : 'no-gain', moreTestLabels, tellable };
}

/** A comparison on some of its items, in their order. */
interface OnItems {
  readonly selected: readonly number[];
  readonly random: readonly number[];
  /** With the model of all controls as its last point. */
  readonly curve: readonly { readonly labels: number; readonly scores: readonly number[] }[];
}

function onItems({ items, labels, selected, random, curve }: Comparison, wanted: readonly string[]): OnItems {
  const rows = new Map(items.map((id, row) => [id, row]));
  const take = (scores: readonly number[]) => wanted.map((id) => scores[rows.get(id)!]!);
  const points = [...curve, { labels, scores: random }];
  return {
    selected: take(selected),
    random: take(random),
    curve: points.map((point) => ({ labels: point.labels, scores: take(point.scores) })),
  };
}

type Strata = readonly { readonly size: number; readonly items: readonly number[] }[];

function baseWeights(strata: Strata, items: number): Float64Array {
  const all = strata.reduce((sum, { size }) => sum + size, 0);
  const weights = new Float64Array(items);
  for (const { size, items: members } of strata)
    for (const item of members) weights[item] = size / all / members.length;
  return weights;
}

function weightedMean(scores: readonly number[], weights: Float64Array): number {
  return scores.reduce((sum, score, item) => sum + weights[item]! * score, 0);
}

/** Of a straight line by least squares; 0 where all points have the same number of labels. */
function slopeOf(points: readonly (readonly number[])[]): number {
  const [x, y] = [mean(points.map(([at]) => at!)), mean(points.map(([, score]) => score!))];
  const spread = points.reduce((sum, [at]) => sum + (at! - x) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, [at, score]) => sum + (at! - x) * (score! - y), 0) / spread;
}

/** Where the curve does not rise, a better score is worth the most that is told, and a worse one nothing. */
function worthOf(labels: number, difference: number, slope: number): number {
  const times = slope > 0 ? Math.exp(difference / slope) : difference > 0 ? MOST_TIMES : difference < 0 ? 0 : 1;
  return labels * Math.min(MOST_TIMES, times);
}

/** Of one item's difference, so that the number of items needed follows from it. */
function deviationOf(rounds: readonly OnItems[], strata: Strata): number {
  const values = strata.map(
    ({ size, items }): Stratum => ({
      size,
      values: items.map((item) => mean(rounds.map(({ selected, random }) => selected[item]! - random[item]!))),
    }),
  );
  const { standardError = 0, count } = stratifiedMean(values);
  return standardError * Math.sqrt(count);
}

function rangeOf(values: readonly number[]): NonNullable<Estimate['interval']> {
  const ascending = values.toSorted((a, b) => a - b);
  return { low: quantile(ascending, 0.025), high: quantile(ascending, 0.975) };
}
