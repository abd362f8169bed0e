import type { Random } from '../../math/random.ts';
import { type CalibrationMap, calibrated, calibrationMap } from '../../math/score-calibration.ts';
import { shareInterval } from '../../math/share-interval.ts';
import { type Interval, quantile } from '../../math/statistics.ts';

/** A judgment that people decided on too. */
export interface DecidedJudgment {
  readonly score: number;
  /** Of what was judged, in characters. */
  readonly length: number;
  /** Whether people kept it as it was. */
  readonly approved: boolean;
}

export interface JudgeCalibration {
  readonly judgments: number;
  readonly approved: number;
  /** How often what people approve scores higher than what they do not: 0.5 is chance. Equal scores count half. */
  readonly agreement: number;
  /** The same for length: the longer one is approved. */
  readonly lengthAgreement: number;
  /** 95 % interval of the difference between the two, by bootstrap. */
  readonly gain: Interval;
  /** The alarm: the judge agrees with people no better than length does. */
  readonly noBetterThanLength: boolean;
  /** From scores to the probability that people approve. */
  readonly map: CalibrationMap;
  /** The score that best divides what people approve from the rest; what scores below it counts as a failure. */
  readonly threshold: number;
  /** By tenths of the calibrated probability; empty ones are left out. */
  readonly reliability: readonly {
    /** Mean calibrated probability. */
    readonly expected: number;
    /** Share that people approved. */
    readonly observed: number;
    readonly interval: Interval;
    readonly judgments: number;
  }[];
}

/** Fewer judgments, or fewer of either kind, are chance. */
const FEWEST_JUDGMENTS = 20;
const FEWEST_OF_A_KIND = 5;
const RESAMPLES = 500;
const BINS = 10;

/**
 * Compares a judge's scores with what people decided, and fits a map from scores to the probability that people
 * approve. The map is fitted to the judgments that its reliability is shown on.
 * @returns undefined for fewer than 20 judgments, or fewer than 5 approved or not
 */
export function calibrateJudge(
  judgments: readonly DecidedJudgment[],
  { random }: { readonly random: Random },
): JudgeCalibration | undefined {
  const agreed = agreementOf(judgments);
  if (agreed === undefined) return undefined;
  const { approved, others, agreement, lengthAgreement } = agreed;
  const draw = (from: readonly DecidedJudgment[]) => from.map(() => from[random.below(from.length)]!);
  const gains = Array.from({ length: RESAMPLES }, () => {
    const [kept, rest] = [draw(approved), draw(others)];
    return shareAbove(kept.map(scoreOf), rest.map(scoreOf)) - shareAbove(kept.map(lengthOf), rest.map(lengthOf));
  }).sort((a, b) => a - b);
  const map = calibrationMap(
    judgments.map(scoreOf),
    judgments.map((one) => one.approved),
  );
  return {
    judgments: judgments.length,
    approved: approved.length,
    agreement,
    lengthAgreement,
    gain: { low: quantile(gains, 0.025), high: quantile(gains, 0.975) },
    noBetterThanLength: agreement <= lengthAgreement,
    map,
    threshold: bestThreshold(judgments, approved.length),
    reliability: reliabilityOf(judgments, map),
  };
}

/**
 * The score that best divides what people approve from the rest.
 * @returns undefined for too few judgments, and where the judge agrees with people no better than length does
 */
export function fittingThreshold(judgments: readonly DecidedJudgment[]): number | undefined {
  const agreed = agreementOf(judgments);
  if (agreed === undefined || agreed.agreement <= agreed.lengthAgreement) return undefined;
  return bestThreshold(judgments, agreed.approved.length);
}

const scoreOf = ({ score }: DecidedJudgment) => score;
const lengthOf = ({ length }: DecidedJudgment) => length;

/** How often the judge, and length, rank what people approve above the rest; undefined for too few judgments. */
function agreementOf(judgments: readonly DecidedJudgment[]) {
  const approved = judgments.filter((one) => one.approved);
  const others = judgments.filter((one) => !one.approved);
  if (judgments.length < FEWEST_JUDGMENTS || Math.min(approved.length, others.length) < FEWEST_OF_A_KIND) {
    return undefined;
  }
  return {
    approved,
    others,
    agreement: shareAbove(approved.map(scoreOf), others.map(scoreOf)),
    lengthAgreement: shareAbove(approved.map(lengthOf), others.map(lengthOf)),
  };
}

/** The chance that a random one of `high` is above a random one of `low`, ties half. O(n log n). */
export function shareAbove(high: readonly number[], low: readonly number[]): number {
  const sorted = low.toSorted((a, b) => a - b);
  const below = (value: number, orEqual: boolean) => {
    let [start, end] = [0, sorted.length];
    while (start < end) {
      const middle = (start + end) >> 1;
      if (sorted[middle]! < value || (orEqual && sorted[middle] === value)) start = middle + 1;
      else end = middle;
    }
    return start;
  };
  const wins = high.reduce((sum, value) => sum + (below(value, false) + below(value, true)) / 2, 0);
  return wins / (high.length * low.length);
}

/** The score with the largest sum of the shares told right of both kinds; of equal ones the lowest. */
function bestThreshold(judgments: readonly DecidedJudgment[], approvedCount: number): number {
  const ascending = judgments.toSorted((a, b) => a.score - b.score);
  const otherCount = judgments.length - approvedCount;
  let best = { score: ascending[0]!.score, value: 1 };
  let [approvedBelow, othersBelow] = [0, 0];
  for (const [i, { score, approved }] of ascending.entries()) {
    if (i > 0 && score !== ascending[i - 1]!.score) {
      const value = (approvedCount - approvedBelow) / approvedCount + othersBelow / otherCount;
      if (value > best.value) best = { score, value };
    }
    if (approved) approvedBelow += 1;
    else othersBelow += 1;
  }
  return best.score;
}

function reliabilityOf(judgments: readonly DecidedJudgment[], map: CalibrationMap): JudgeCalibration['reliability'] {
  const bins = Array.from({ length: BINS }, () => ({ expected: 0, approved: 0, judgments: 0 }));
  for (const { score, approved } of judgments) {
    const probability = calibrated(score, map);
    const bin = bins[Math.min(BINS - 1, Math.floor(probability * BINS))]!;
    bin.expected += probability;
    bin.judgments += 1;
    if (approved) bin.approved += 1;
  }
  return bins
    .filter((bin) => bin.judgments > 0)
    .map((bin) => ({
      expected: bin.expected / bin.judgments,
      observed: bin.approved / bin.judgments,
      interval: shareInterval(bin.approved, bin.judgments),
      judgments: bin.judgments,
    }));
}
