import { NotEnoughError } from '../../../domain/errors.ts';
import { scoreQuantiles } from './calibration.ts';
import { choosePenalty } from './choose-penalty.ts';
import { evaluateChoices, evaluateScorer } from './evaluate-scorer.ts';
import { EXPERT_FEATURES } from './expert-features.ts';
import { createExpertScorer } from './expert-scorer.ts';
import { fitLogisticRanker, type SparseDifference } from './fit-logistic-ranker.ts';
import {
  contrastPairs,
  differenceOf,
  type ExpertPair,
  type ItemNumbers,
  itemNumbers,
  type NumberedPair,
  numbersOf,
  rightOf,
  type Space,
  spaceOf,
} from './pair-differences.ts';
import { INSTRUCTION_KINDS, type InstructionKind } from './read-pair.ts';
import { SCORER_FORMAT, SCORER_VERSION, type ScorerWeights } from './scorer-weights.ts';

export interface FitOptions {
  /** Other pairs to measure the scorer on. Nothing is chosen by them. */
  readonly valid?: readonly ExpertPair[];
  /** Splits the pairs into the fifths of the cross-validation, which chooses how much the wording counts. */
  readonly seed?: number;
}

const FEWEST_PAIRS = 20;
const FEATURE_PENALTY = 0.003;
/** Strongest first; of equally good ones the first is used. */
const WORDING_PENALTIES = [0.0003, 0.0001, 0.00003] as const;
/** Iterations of a fit of the cross-validation: more change no choice. */
const FEWER_ITERATIONS = 60;
/** This many average responses are added to those of every kind of instruction. */
const FEW_OF_A_KIND = 20;
const WORDING_UNIT = 0.001;
const DIGITS = 6;

/**
 * Fits a scorer to pairs, so that the better response scores above the worse one: logistic regression over the
 * differences of both sides' features and hashed wording, every side in plain spelling. Each pair is joined by spoiled
 * copies of its better response, see `contrastPairs`. How much the wording counts is chosen by cross-validation, and what
 * the whole is worth is measured by nested cross-validation: see `choosePenalty`. In each fold, features are scaled and
 * wording is kept by its training pairs alone. Deterministic: the same pairs and seed give the same weights, bit for bit.
 * 46 fits; about a minute for 2,000 pairs.
 *
 * Source: the task of CaR (arXiv 2402.18191), whose scorer is a fine-tuned language model; the method is our own.
 * @throws NotEnoughError for fewer than 20 pairs
 */
export function fitExpertScorer(pairs: readonly ExpertPair[], { valid, seed = 0 }: FitOptions = {}): ScorerWeights {
  if (pairs.length < FEWEST_PAIRS) {
    throw new NotEnoughError(
      `${pairs.length === 1 ? '1 pair is' : `${pairs.length} pairs are`} too few to fit a scorer to.`,
      `Give at least ${FEWEST_PAIRS}; hundreds are better.`,
      FEWEST_PAIRS,
    );
  }
  const { expert, prepare } = numbered(pairs);
  const { penalty, outOfFold } = choosePenalty(
    pairs.length,
    WORDING_PENALTIES,
    (train, held) => {
      const prepared = prepare(train);
      const differences = held.map((fold) => fold.map((i) => differenceOf(expert[i]!, prepared.space)));
      return WORDING_PENALTIES.map((tried) => {
        const weights = fitTo(prepared, tried, FEWER_ITERATIONS);
        return differences.map((fold) => rightOf(fold, weights));
      });
    },
    seed,
  );
  const { accuracy, longer, gain } = evaluateChoices(pairs, outOfFold);
  const training = {
    pairs: pairs.length,
    seed,
    penalties: { features: FEATURE_PENALTY, wording: penalty },
    crossValidated: {
      pairs: pairs.length,
      accuracy: rounded(accuracy, DIGITS),
      longer: rounded(longer.accuracy, DIGITS),
      ...(gain.interval ? { gain: gain.interval.map((bound) => rounded(bound, DIGITS)) } : {}),
    },
  };
  const fitted: ScorerWeights = { ...fitToAll(expert, prepare, penalty), training };
  if (valid === undefined || valid.length === 0) return fitted;
  const evaluation = evaluateScorer(valid, createExpertScorer(fitted));
  const validation = { pairs: valid.length, accuracy: rounded(evaluation.accuracy, DIGITS) };
  return { ...fitted, training: { ...training, validation } };
}

/**
 * What `fitExpertScorer` ends with: the weights of all pairs, for a penalty of the wording that was chosen before. One fit.
 */
export function fitWithPenalty(pairs: readonly ExpertPair[], wordingPenalty: number): Omit<ScorerWeights, 'training'> {
  const { expert, prepare } = numbered(pairs);
  return fitToAll(expert, prepare, wordingPenalty);
}

function fitToAll(expert: readonly NumberedPair[], prepare: Prepare, penalty: number) {
  const prepared = prepare([...expert.keys()]);
  return storedWeights(fitTo(prepared, penalty), prepared.space, expert);
}

/** The pairs in numbers, and what prepares a fit to those at some positions. */
function numbered(pairs: readonly ExpertPair[]): { expert: readonly NumberedPair[]; prepare: Prepare } {
  const expert = pairs.map(numbersOf);
  const contrasts = pairs.map((pair, turn) => {
    const better = expert[turn]!.better;
    return contrastPairs(pair, turn).map(({ worse, weight }) => ({ worse: itemNumbers(worse), better, weight }));
  });
  const prepare = (chosen: readonly number[]): Prepared => {
    const space = spaceOf(chosen.map((i) => expert[i]!));
    const rowsWithin = (within: Space) =>
      chosen.flatMap((i) => [expert[i]!, ...contrasts[i]!]).map((pair) => differenceOf(pair, within));
    leaveOutRewardedFlaws(space, rowsWithin);
    return { space, rows: rowsWithin(space) };
  };
  return { expert, prepare };
}

type Prepare = (chosen: readonly number[]) => Prepared;

/** What some pairs are fitted in and by. */
interface Prepared {
  readonly space: Space;
  readonly rows: readonly SparseDifference[];
}

function fitTo({ space, rows }: Prepared, wordingPenalty: number, mostIterations?: number): Float64Array {
  const penalties = new Float64Array(space.columns).fill(wordingPenalty).fill(FEATURE_PENALTY, 0, space.scales.length);
  return fitLogisticRanker(rows, penalties, mostIterations);
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
