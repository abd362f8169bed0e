import { NotEnoughError } from '../../../domain/errors.ts';
import { seededRandom } from '../../../math/random.ts';
import { scoreQuantiles } from './calibration.ts';
import { evaluateScorer } from './evaluate-scorer.ts';
import { EXPERT_FEATURES } from './expert-features.ts';
import { createExpertScorer } from './expert-scorer.ts';
import { fitLogisticRanker, type SparseDifference } from './fit-logistic-ranker.ts';
import {
  accuracyOf,
  contrastPairs,
  differenceOf,
  type ExpertPair,
  type ItemNumbers,
  itemNumbers,
  type NumberedPair,
  numbersOf,
  type Space,
  spaceOf,
} from './pair-differences.ts';
import { INSTRUCTION_KINDS, type InstructionKind } from './read-pair.ts';
import { SCORER_FORMAT, SCORER_VERSION, type ScorerWeights } from './scorer-weights.ts';

export interface FitOptions {
  /** Other pairs, used to choose the penalty of the wording; without them a medium penalty is used. */
  readonly valid?: readonly ExpertPair[];
  /** Splits the pairs into the fifths of the cross-validation; the weights do not depend on it. */
  readonly seed?: number;
}

const FEWEST_PAIRS = 20;
const FEATURE_PENALTY = 0.003;
/** Strongest first; of equally good ones the first is used. */
const WORDING_PENALTIES = [0.001, 0.0005, 0.0003, 0.0002] as const;
const USUAL_WORDING_PENALTY = 0.0003;
const FOLDS = 5;
/** This many average responses are added to those of every kind of instruction. */
const FEW_OF_A_KIND = 20;
const WORDING_UNIT = 0.001;
const DIGITS = 6;

/**
 * Fits a scorer to pairs, so that the better response scores above the worse one: logistic regression over the
 * differences of both sides' features and hashed wording, every side in plain spelling. Each pair is joined by spoiled
 * copies of its better response, see `contrastPairs`. Deterministic: the same pairs give the same weights, bit for bit.
 * About ten fits; some seconds for 2,000 pairs.
 *
 * Source: the task of CaR (arXiv 2402.18191), whose scorer is a fine-tuned language model; the method is our own.
 * @throws NotEnoughError for fewer than 20 pairs
 */
export function fitExpertScorer(pairs: readonly ExpertPair[], { valid, seed = 0 }: FitOptions = {}): ScorerWeights {
  if (pairs.length < FEWEST_PAIRS) {
    throw new NotEnoughError(
      `${pairs.length === 1 ? '1 pair is' : `${pairs.length} pairs are`} too few to fit a scorer to.`,
      `Give at least ${FEWEST_PAIRS}; hundreds are better.`,
    );
  }
  const expert = pairs.map(numbersOf);
  const contrasts = pairs.map((pair, turn) => {
    const better = expert[turn]!.better;
    return contrastPairs(pair, turn).map(({ worse, weight }) => ({ worse: itemNumbers(worse), better, weight }));
  });
  const space = spaceOf(expert);
  const rowsOf = (chosen: readonly number[], within: Space) =>
    chosen.flatMap((i) => [expert[i]!, ...contrasts[i]!]).map((pair) => differenceOf(pair, within));
  leaveOutRewardedFlaws(space, (within) => rowsOf([...pairs.keys()], within));
  const fitTo = (chosen: readonly number[], wordingPenalty: number) => {
    const penalties = new Float64Array(space.columns)
      .fill(wordingPenalty)
      .fill(FEATURE_PENALTY, 0, space.scales.length);
    return fitLogisticRanker(rowsOf(chosen, space), penalties);
  };
  const all = [...pairs.keys()];
  const { penalty, weights } = chooseWordingPenalty(
    (tried) => fitTo(all, tried),
    (valid ?? []).map((pair) => differenceOf(numbersOf(pair), space)),
  );

  const dealt = seededRandom(seed, 'expert-scorer').shuffle(all);
  let right = 0;
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const held = dealt.filter((_, place) => place % FOLDS === fold);
    const fitted = fitTo(
      dealt.filter((_, place) => place % FOLDS !== fold).sort((a, b) => a - b),
      penalty,
    );
    right +=
      held.length *
      accuracyOf(
        held.map((i) => differenceOf(expert[i]!, space)),
        fitted,
      );
  }
  const training = {
    pairs: pairs.length,
    seed,
    penalties: { features: FEATURE_PENALTY, wording: penalty },
    crossValidated: { pairs: pairs.length, accuracy: rounded(right / pairs.length, DIGITS) },
  };
  const fitted: ScorerWeights = { ...storedWeights(weights, space, expert), training };
  if (valid === undefined || valid.length === 0) return fitted;
  const { accuracy } = evaluateScorer(valid, createExpertScorer(fitted));
  const validation = { pairs: valid.length, accuracy: rounded(accuracy, DIGITS) };
  return { ...fitted, training: { ...training, validation } };
}

/** The penalty whose fit is right most often, the strongest of equal ones; the usual penalty without validation pairs. */
function chooseWordingPenalty(fitTo: (penalty: number) => Float64Array, valid: readonly SparseDifference[]) {
  if (valid.length === 0) return { penalty: USUAL_WORDING_PENALTY, weights: fitTo(USUAL_WORDING_PENALTY) };
  const tried = WORDING_PENALTIES.map((penalty) => {
    const weights = fitTo(penalty);
    return { penalty, weights, accuracy: accuracyOf(valid, weights) };
  });
  return tried.reduce((best, one) => (one.accuracy > best.accuracy ? one : best));
}

/**
 * Leaves out flaws that would raise a score by these pairs. Experts correct texts that apologise, and a scorer must not
 * learn from that to prefer apologies.
 */
function leaveOutRewardedFlaws(space: Space, rowsWithin: (within: Space) => SparseDifference[]): void {
  const { scales } = space;
  const rows = rowsWithin({ ...space, columnOf: new Map() });
  const weights = fitLogisticRanker(rows, new Float64Array(scales.length).fill(FEATURE_PENALTY));
  for (const [k, { theme }] of EXPERT_FEATURES.entries()) {
    if (theme === 'flaws' && weights[k]! > 0) scales[k] = 0;
  }
}

/** In fixed precision: rounding hardly changes a score and keeps files small and stable. */
function storedWeights(weights: Float64Array, space: Space, pairs: readonly NumberedPair[]) {
  const items = pairs.flatMap(({ worse, better }) => [worse, better]);
  const mean = (numberOf: (item: ItemNumbers) => number) =>
    rounded(items.reduce((sum, item) => sum + numberOf(item), 0) / items.length, DIGITS);
  const features = EXPERT_FEATURES.map(({ name, theme }, k) => ({
    name,
    // The wording may have changed the sign of a flaw's weight.
    weight: rounded(Math.min(theme === 'flaws' ? 0 : Number.POSITIVE_INFINITY, weights[k]! * space.scales[k]!), DIGITS),
    typical: mean(({ dense }) => dense[k]!),
  }));
  const kept = space.buckets
    .map((bucket, i) => ({ bucket, weight: Math.round(weights[space.scales.length + i]! / WORDING_UNIT) }))
    .filter(({ weight }) => weight !== 0);
  const unitsOf = new Map(kept.map(({ bucket, weight }) => [bucket, weight]));
  const wordingOf = ({ buckets, value }: ItemNumbers) =>
    value * WORDING_UNIT * buckets.reduce((sum, bucket) => sum + (unitsOf.get(bucket) ?? 0), 0);
  const typical = mean(wordingOf);
  const scoreOf = (item: ItemNumbers) =>
    features.reduce(
      (sum, { weight, typical }, k) => sum + weight * (item.dense[k]! - typical),
      wordingOf(item) - typical,
    );
  const kinds = Object.fromEntries(
    INSTRUCTION_KINDS.map((kind) => {
      const scores = items.filter((item) => item.kind === kind).map(scoreOf);
      return [kind, rounded(scores.reduce((sum, score) => sum + score, 0) / (scores.length + FEW_OF_A_KIND), DIGITS)];
    }),
  ) as Record<InstructionKind, number>;
  return {
    format: SCORER_FORMAT,
    version: SCORER_VERSION,
    features,
    wording: {
      buckets: kept.map(({ bucket }) => bucket),
      weights: kept.map(({ weight }) => weight),
      unit: WORDING_UNIT,
      typical,
    },
    kinds,
    quantiles: scoreQuantiles(items.map((item) => scoreOf(item) - kinds[item.kind])).map((value) => rounded(value, 4)),
  } as const;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
