/** A monotone map from scores to the probability that a person approves, linear between its points. */
export interface CalibrationMap {
  readonly kind: 'isotonic' | 'logistic';
  /** Scores ascending, probabilities rising with them; beyond the ends the end's probability holds. */
  readonly points: readonly { readonly score: number; readonly probability: number }[];
}

/** Below this many judgments, the two parameters of a logistic curve say more than steps do. */
const FEWEST_FOR_STEPS = 200;
/** Points of a logistic curve. */
const CURVE_POINTS = 21;
const NEWTON_STEPS = 50;
/** Keeps the curve finite where scores separate the approved from the others. */
const PENALTY = 1e-3;

/**
 * Fits the probability of approval to scores: a logistic curve that never falls for fewer than 200 judgments, else
 * isotonic regression. O(n log n).
 * Source: Platt 1999; Zadrozny & Elkan 2002, with the pool-adjacent-violators algorithm.
 * @param scores at least one, finite @param approved parallel to the scores
 */
export function calibrationMap(scores: readonly number[], approved: readonly boolean[]): CalibrationMap {
  return scores.length < FEWEST_FOR_STEPS ? logisticMap(scores, approved) : isotonicMap(scores, approved);
}

/** The map's probability for a score. O(points). */
export function calibrated(score: number, { points }: CalibrationMap): number {
  const above = points.findIndex((point) => point.score >= score);
  if (above === 0) return points[0]!.probability;
  if (above < 0) return points.at(-1)!.probability;
  const [low, high] = [points[above - 1]!, points[above]!];
  const part = (score - low.score) / (high.score - low.score);
  return low.probability + part * (high.probability - low.probability);
}

/** Means over blocks of neighbouring scores, joined until they rise. */
export function isotonicMap(scores: readonly number[], approved: readonly boolean[]): CalibrationMap {
  const byScore = new Map<number, { sum: number; count: number }>();
  for (const [i, score] of scores.entries()) {
    const known = byScore.get(score) ?? { sum: 0, count: 0 };
    byScore.set(score, { sum: known.sum + (approved[i] ? 1 : 0), count: known.count + 1 });
  }
  const blocks: { scores: number[]; sum: number; count: number }[] = [];
  for (const [score, { sum, count }] of [...byScore].sort(([a], [b]) => a - b)) {
    let block = { scores: [score], sum, count };
    for (let last = blocks.at(-1); last && last.sum / last.count >= block.sum / block.count; last = blocks.at(-1)) {
      block = { scores: [...last.scores, ...block.scores], sum: last.sum + block.sum, count: last.count + block.count };
      blocks.pop();
    }
    blocks.push(block);
  }
  const points = blocks.flatMap((block) => {
    const ends = [...new Set([block.scores[0]!, block.scores.at(-1)!])];
    return ends.map((score) => ({ score, probability: block.sum / block.count }));
  });
  return { kind: 'isotonic', points };
}

function logisticMap(scores: readonly number[], approved: readonly boolean[]): CalibrationMap {
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  const width = high - low || 1;
  const x = scores.map((score) => (score - low) / width);
  let [slope, level] = fitCurve(x, approved);
  // A judge that people contradict says nothing: the flat curve is the best that never falls.
  if (slope < 0) [slope, level] = [0, levelOf(approved)];
  const points = Array.from({ length: CURVE_POINTS }, (_, i) => {
    const at = i / (CURVE_POINTS - 1);
    return { score: low + at * width, probability: sigmoid(slope * at + level) };
  });
  return { kind: 'logistic', points: high === low ? points.slice(0, 1) : points };
}

/** Newton's method on the penalised likelihood. */
function fitCurve(x: readonly number[], approved: readonly boolean[]): [slope: number, level: number] {
  let [slope, level] = [0, levelOf(approved)];
  for (let step = 0; step < NEWTON_STEPS; step += 1) {
    let [a, b, aa, ab, bb] = [PENALTY * slope, 0, PENALTY, 0, PENALTY];
    for (const [i, value] of x.entries()) {
      const p = sigmoid(slope * value + level);
      const error = (p - (approved[i] ? 1 : 0)) / x.length;
      const weight = (p * (1 - p)) / x.length;
      a += error * value;
      b += error;
      aa += weight * value * value;
      ab += weight * value;
      bb += weight;
    }
    const determinant = aa * bb - ab * ab;
    slope -= (bb * a - ab * b) / determinant;
    level -= (aa * b - ab * a) / determinant;
  }
  return [slope, level];
}

function levelOf(approved: readonly boolean[]): number {
  const share = (approved.filter(Boolean).length + 0.5) / (approved.length + 1);
  return Math.log(share / (1 - share));
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
