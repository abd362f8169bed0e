import {
  type ArmComparison,
  type MetricComparison,
  pairsOf,
  type SimulationComparison,
} from '../../runs/simulate/compare-arms.ts';
import { formatMetric, formatSpread, METRIC_NAMES } from '../../runs/simulate/metric-words.ts';
import { telling } from '../../runs/simulate/state-verdict.ts';
import { bar } from './bar.ts';
import { colors } from './colors.ts';
import { formatCount, plural } from './format.ts';
import { safeLine } from './safe-text.ts';
import { type Column, renderTable } from './table.ts';
import { widestOf } from './text-width.ts';

const BEST = '◂';
const SIGNIFICANT = '*';
/** Names are cut down to this where that makes fewer tables. */
const NARROWEST_NAME = 20;
const LONGEST_NAME = 24;
const BAR_WIDTH = 30;
/** Indent and the gap between columns, as tables have them. */
const GAP = 2;

/** An arm as the tables show it. */
export interface ArmRow {
  readonly arm: string;
  /** The name, after † where it saw the responses. */
  readonly label: string;
}

/**
 * The arms by budgets: means with half their intervals; as many tables side by side budgets as the width asks for. A
 * budget alone has bars, as there are no curves to compare.
 */
export function renderMetricTable(
  { metric, budgets }: MetricComparison,
  { baseline }: SimulationComparison,
  rows: readonly ArmRow[],
  width: number,
): string {
  const most = mostSeeds(budgets);
  const columns = budgets.map((comparison) => armColumn(formatCount(comparison.budget!), comparison, baseline, most));
  const title = `${METRIC_NAMES[metric]} by labels: ${whatIsShown(most)}`;
  const bars = budgets.length === 1 ? [barColumn(budgets[0]!)] : [];
  const tables = fold(columns, rows, width).map((some) => renderTable([nameColumn, ...some, ...bars], rows, width));
  return [colors.bold(title), tables.join('\n\n')].join('\n');
}

function barColumn({ means }: ArmComparison): Column<ArmRow> {
  const most = Math.max(...means.map(({ mean }) => mean));
  const shares = new Map(means.map(({ arm, mean }) => [arm, most > 0 ? mean / most : 0]));
  return { title: '', value: ({ arm }) => bar(shares.get(arm) ?? 0, BAR_WIDTH), drops: 'first' };
}

/** The other metrics at the largest budget that most arms reached; undefined where there are none. */
export function renderOtherMetrics(
  shown: MetricComparison | undefined,
  { baseline, metrics }: SimulationComparison,
  rows: readonly ArmRow[],
  width: number,
): string | undefined {
  const others = metrics.filter(({ metric }) => metric !== shown?.metric);
  const budget = telling((shown ?? others[0])?.budgets ?? [])?.budget;
  if (others.length === 0 || budget === undefined) return undefined;
  const comparisons = others.flatMap(({ budgets }) => budgets.filter((one) => one.budget === budget));
  const most = mostSeeds(comparisons);
  const columns = others.flatMap(({ metric, lessIsBetter, budgets }) => {
    const comparison = budgets.find((one) => one.budget === budget);
    const title = `${METRIC_NAMES[metric]}${lessIsBetter ? ' ↓' : ''}`;
    return comparison ? [armColumn(title, comparison, baseline, most)] : [];
  });
  const title = `${shown ? 'The other metrics' : 'Metrics'} at ${formatCount(budget!)} labels: ${whatIsShown(most)}`;
  const tables = fold(columns, rows, width).map((some) => renderTable([nameColumn, ...some], rows, width));
  return [colors.bold(title), tables.join('\n\n')].join('\n');
}

/** What the marks in the tables mean. */
export function explainMarks({ baseline, metrics }: SimulationComparison, rows: readonly ArmRow[]): string {
  const comparisons = metrics.flatMap(({ budgets }) => budgets);
  const compared = comparisons.some(({ pairs }) => pairs.some(({ pValue }) => pValue !== null));
  const marks = [
    `${BEST} best`,
    ...(compared ? [`${SIGNIFICANT} differs from ${safeLine(baseline, LONGEST_NAME)} (5 %, paired, Holm)`] : []),
    ...(metrics.some(({ lessIsBetter }) => lessIsBetter) ? ['↓ less is better'] : []),
  ];
  const sawResponses = rows.some(({ label }) => label.startsWith('†'));
  const lines = [
    marks.join('   '),
    ...(sawResponses ? ['† judged the true responses, which a pool does not have'] : []),
  ];
  return lines.map((line) => `  ${colors.dim(line)}`).join('\n');
}

const nameColumn: Column<ArmRow> = { title: '', value: ({ label }) => label, shrinksTo: NARROWEST_NAME };

function armColumn(title: string, comparison: ArmComparison, baseline: string, mostSeeds: number): Column<ArmRow> {
  const means = new Map(comparison.means.map((mean) => [mean.arm, mean]));
  const best = bestArms(comparison);
  const differing = pairsOf(comparison, baseline).filter(({ significant }) => significant);
  const marksOf = (arm: string) => {
    const marks = [
      ...(best.has(arm) ? [BEST] : []),
      ...(differing.some(({ other }) => other === arm) ? [SIGNIFICANT] : []),
    ];
    return marks.length > 0 ? ` ${marks.join('')}` : '';
  };
  return {
    title,
    value: ({ arm }) => {
      const mean = means.get(arm);
      if (!mean) return '–';
      const half = mean.interval ? ` ${formatSpread(mean.mean, mean.interval)}` : '';
      const fewer = mean.seeds < mostSeeds ? ` n=${mean.seeds}` : '';
      return `${formatMetric(mean.mean)}${half}${fewer}${marksOf(arm)}`;
    },
    paint: ({ arm }) => (best.has(arm) ? colors.bold : undefined),
  };
}

/** All arms that are as good as the best; none if all are equally good, or if there is only one. */
function bestArms({ means, best }: ArmComparison): ReadonlySet<string> {
  const value = means.find(({ arm }) => arm === best)?.mean;
  const arms = means.filter(({ mean }) => mean === value).map(({ arm }) => arm);
  return new Set(arms.length === means.length ? [] : arms);
}

function mostSeeds(comparisons: readonly ArmComparison[]): number {
  return Math.max(1, ...comparisons.flatMap(({ means }) => means.map(({ seeds }) => seeds)));
}

/** Cells of fewer seeds say how many they have. */
function whatIsShown(seeds: number): string {
  return seeds === 1 ? 'one seed' : `mean of ${plural(seeds, 'seed')} ± half the 95 % interval`;
}

/** Columns in groups that fit beside the names. */
function fold(columns: readonly Column<ArmRow>[], rows: readonly ArmRow[], width: number): Column<ArmRow>[][] {
  const widthOf = ({ title, value }: Column<ArmRow>) => {
    return GAP + widestOf([title, ...rows.map(value)]);
  };
  const nameWidth = Math.min(NARROWEST_NAME, widestOf(rows.map(({ label }) => label)));
  const room = width - GAP - nameWidth;
  const groups: Column<ArmRow>[][] = [[]];
  let used = 0;
  for (const column of columns) {
    const columnWidth = widthOf(column);
    if (used + columnWidth > room && used > 0) {
      groups.push([]);
      used = 0;
    }
    groups.at(-1)!.push(column);
    used += columnWidth;
  }
  return groups;
}
