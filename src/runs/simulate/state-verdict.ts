import {
  type ArmComparison,
  type ArmMean,
  type ArmPair,
  isBetter,
  type MetricComparison,
  pairsOf,
} from './compare-arms.ts';
import { formatDifference, formatMetric, METRIC_NAMES } from './metric-words.ts';

/**
 * What a comparison says, in plain sentences: who is best at the largest budget that most arms reached and over
 * the whole curve, whom it beats (one with figures, the baseline if it can be), and whom so few seeds cannot tell it
 * from, which does not make them equal. One seed decides nothing, and the text says so.
 */
export function stateVerdict(
  { metric, lessIsBetter, budgets, curve }: MetricComparison,
  baseline: string,
): readonly string[] {
  const last = telling(budgets);
  if (!last) return [];
  const name = METRIC_NAMES[metric];
  const at = `At ${last.budget} ${last.budget === 1 ? 'label' : 'labels'}`;
  const sentences = [judge(last, { where: at, measure: name, lessIsBetter, baseline })];
  if (budgets.length > 1 && curve.best !== null) {
    const where = `Over the ${budgets.length} budgets`;
    sentences.push(judge(curve, { where, measure: `mean ${name}`, lessIsBetter, baseline }));
  }
  if (last.pairs.length > 0 && last.pairs.every(({ pValue }) => pValue === null)) {
    sentences.push('One seed cannot show chance: run more seeds before you trust a difference.');
  }
  return sentences;
}

/** Of the budgets that most arms reached, the largest: one that only some reached compares few. */
export function telling(budgets: readonly ArmComparison[]): ArmComparison | undefined {
  const most = Math.max(1, ...budgets.map(({ means }) => means.length));
  return budgets.findLast(({ means }) => means.length === most);
}

interface Words {
  readonly where: string;
  readonly measure: string;
  readonly lessIsBetter: boolean;
  readonly baseline: string;
}

function judge(comparison: ArmComparison, { where, measure, lessIsBetter, baseline }: Words): string {
  const best = comparison.means.find(({ arm }) => arm === comparison.best)!;
  const others = pairsOf(comparison, best.arm);
  if (others.length === 0)
    return `${where} ${best.arm} has a ${measure} of ${formatMetric(best.mean)}${foundIn(best)}; there is no other arm to compare.`;
  const leads = `${where} ${best.arm} is best by ${measure} (${formatMetric(best.mean)}${lessIsBetter ? ', the lowest' : ''}${sureOf(best)})`;
  if (others.every(({ pValue }) => pValue === null)) return `${leads}, in one seed.`;
  const beaten = others.filter((pair) => pair.significant && isBetter(pair, lessIsBetter));
  const shown = beaten.find(({ other }) => other === baseline) ?? beaten[0];
  const beats = beaten.map((pair) => (pair === shown ? withFigures(pair, best.seeds) : pair.other));
  const open = others.filter((pair) => !beaten.includes(pair));
  const parts = [
    ...(beats.length > 0 ? [`it beats ${enumerate(beats)}`] : []),
    ...(open.length > 0
      ? [`${describeSeeds(open)} cannot tell it from ${enumerate(open.map(({ other }) => other))}`]
      : []),
  ];
  return `${leads}; ${parts.join('; ')}.`;
}

/** @param known seeds that are said already */
function withFigures({ other, difference, interval, seeds }: ArmPair, known: number): string {
  const range = interval ? `, 95 % ${formatDifference(interval.low)} to ${formatDifference(interval.high)}` : '';
  return `${other} (${formatDifference(difference)}${range}${seeds === known ? '' : `, ${seeds} seeds`})`;
}

/** ", 95 % 0.132 to 0.152, 10 seeds"; empty for one seed, which has no interval. */
function sureOf({ interval, seeds }: ArmMean): string {
  return interval ? `, 95 % ${formatMetric(interval.low)} to ${formatMetric(interval.high)}, ${seeds} seeds` : '';
}

function foundIn(mean: ArmMean): string {
  return mean.interval ? ` (${sureOf(mean).slice(2)})` : ' in one seed';
}

function describeSeeds(pairs: readonly ArmPair[]): string {
  const [seeds, ...others] = new Set(pairs.map((pair) => pair.seeds));
  if (others.length > 0) return 'the seeds they share';
  return seeds === 1 ? 'one seed' : `these ${seeds} seeds`;
}

function enumerate(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
