import { seededRandom } from '../../../math/random.ts';
import type { ExpertScorer } from './expert-scorer.ts';
import type { ExpertPair } from './pair-differences.ts';
import { plainSpelling } from './plain-spelling.ts';

/** How much longer the better response is than the worse one, in plain spelling. */
export const LENGTH_BANDS = [
  { name: 'half as long or less', upTo: 0.5 },
  { name: 'shorter', upTo: 0.9 },
  { name: 'about as long', upTo: 1.1 },
  { name: 'longer', upTo: 2 },
  { name: 'more than twice as long', upTo: Number.POSITIVE_INFINITY },
] as const;

export interface Agreement {
  readonly pairs: number;
  /** The share of pairs whose better response scores higher; equal scores count half. In [0, 1]; 0 without pairs. */
  readonly accuracy: number;
  /** The middle 95 % of the accuracies of resamples; null below 20 pairs, which are too few to generalize from. */
  readonly interval: readonly [low: number, high: number] | null;
}

export interface ScorerEvaluation extends Agreement {
  /** The same for "the response with more characters is better". */
  readonly longer: Agreement;
  /** The gain over "longer is better": scorer minus length, pair by pair. */
  readonly gain: Agreement;
  readonly bands: readonly (Agreement & { readonly name: string; readonly longer: number })[];
}

const RESAMPLES = 1_000;
/** Resamples of fewer pairs are so similar that their interval is too narrow: for one pair it has no width. */
const FEWEST_PAIRS = 20;

/**
 * How often a scorer ranks the better response above the worse one, compared with length, in total and by how much longer
 * the better one is: a scorer that only counts words is always wrong when the better response is shorter. Deterministic.
 */
export function evaluateScorer(pairs: readonly ExpertPair[], scorer: Pick<ExpertScorer, 'score'>): ScorerEvaluation {
  return evaluateChoices(
    pairs,
    pairs.map(({ worse, better }) => preferred(scorer.score(better), scorer.score(worse))),
  );
}

/** The same where it is known how right the scorer is. @param right for each pair 1, ½ for equal scores, or 0 */
export function evaluateChoices(pairs: readonly ExpertPair[], right: readonly number[]): ScorerEvaluation {
  const rows = pairs.map(({ worse, better }, i) => {
    const [short, long] = [worse, better].map(({ response = '' }) => plainSpelling(response).length) as [
      number,
      number,
    ];
    return { right: right[i]!, longer: preferred(long, short), ratio: long / Math.max(1, short) };
  });
  const column = (key: 'right' | 'longer', of = rows) => of.map((row) => row[key]);
  return {
    ...agreement(column('right')),
    longer: agreement(column('longer')),
    gain: agreement(rows.map((row) => row.right - row.longer)),
    bands: LENGTH_BANDS.map(({ name, upTo }, i) => {
      const from = i === 0 ? Number.NEGATIVE_INFINITY : LENGTH_BANDS[i - 1]!.upTo;
      const within = rows.filter(({ ratio }) => ratio > from && ratio <= upTo);
      return { name, ...agreement(column('right', within)), longer: mean(column('longer', within)) };
    }),
  };
}

function preferred(better: number, worse: number): number {
  return better > worse ? 1 : better < worse ? 0 : 0.5;
}

function agreement(values: readonly number[]): Agreement {
  return {
    pairs: values.length,
    accuracy: mean(values),
    interval: values.length < FEWEST_PAIRS ? null : bootstrap(values),
  };
}

function bootstrap(values: readonly number[]): [low: number, high: number] {
  const random = seededRandom(1, 'bootstrap');
  const means = Array.from({ length: RESAMPLES }, () =>
    mean(values.map(() => values[random.below(values.length)]!)),
  ).sort((a, b) => a - b);
  const at = (share: number) => means[Math.floor(share * (means.length - 1))]!;
  return [at(0.025), at(0.975)];
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
