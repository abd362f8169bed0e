import type { ArmMean, MetricComparison, SimulationComparison } from '../../runs/simulate/compare-arms.ts';
import { formatMetric, formatSpread, METRIC_NAMES } from '../../runs/simulate/metric-words.ts';
import type { SimulationDocument } from '../../runs/simulate/result-tables.ts';
import type { Metric, MissingCell, SimulationResult } from '../../runs/simulate/simulation-result.ts';
import { armLooks } from './arm-looks.ts';
import { colors } from './colors.ts';
import { formatCount, formatDuration, formatPairs, plural } from './format.ts';
import { type ChartLine, renderLineChart } from './line-chart.ts';
import { simulationMoney } from './money-lines.ts';
import { type ArmRow, explainMarks, renderMetricTable, renderOtherMetrics } from './render-metric-tables.ts';
import { noteLines } from './render-run.ts';
import { safeLine, safeName } from './safe-text.ts';

const SHOWN_CAUSES = 5;
const LONGEST_NAME = 40;
const LONGEST_NOTE = 240;
const LONGEST_SENTENCE = 4_000;

export interface ShownSimulation {
  /** The one with a table of its own, the chart and the verdict. */
  readonly metric: Metric;
  readonly width: number;
  /** Files that were written. */
  readonly written: readonly string[];
}

/** The results of a simulation, for people: which arm is best and how certain that is, all figures, what is missing and why. */
export function renderSimulation(document: SimulationDocument, { metric, width, written }: ShownSimulation): string {
  const { comparison, arms } = document;
  const shown = comparison.metrics.find((one) => one.metric === metric);
  const rows = arms.map(({ name, sawResponses }) => ({ arm: name, label: `${sawResponses ? '†' : ''}${name}` }));
  const sections = [
    headline(document),
    formatPairs(facts(document)),
    shown && renderMetricTable(shown, comparison, rows, width),
    shown && shown.budgets.length > 1 && renderCurves(shown, comparison, rows, width),
    renderOtherMetrics(shown, comparison, rows, width),
    comparison.metrics.length > 0 && explainMarks(comparison, rows),
    shown ? renderVerdict(shown, document) : document.cells.length > 0 && doesNotApply(metric),
    remarks(document),
    written.length > 0 && formatPairs(written.map((file, index) => [index === 0 ? 'written' : '', file])),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

function headline({ arms, budgets, seeds, cells, missing, end }: SimulationResult): string {
  const what = `${plural(arms.length, 'arm')} at ${plural(budgets.length, 'budget')} with ${plural(seeds.length, 'seed')}`;
  const all = cells.length + missing.length;
  const short = missing.length > 0 ? `: ${formatCount(cells.length)} of ${formatCount(all)} cells` : '';
  const done = {
    complete: 'Simulated',
    budget: 'Stopped by the budget',
    interrupt: 'Interrupted',
    provider: 'Stopped',
    batch: 'Waiting for a batch',
  }[end];
  const text = end === 'complete' ? `${done} ${what}${short}` : `${done}, ${what}${short}`;
  return colors.bold((end === 'complete' && missing.length === 0 ? colors.green : colors.yellow)(text));
}

function facts(result: SimulationResult): [string, string][] {
  const { data, trainer, embeddings, spentMicroUsd, elapsedMs } = result;
  return [
    ['data', describeData(data)],
    ['each seed', describeSplit(data)],
    ...describeCategories(data),
    ['seed model', `${safeLine(trainer, LONGEST_NAME)}; compared by ${safeLine(embeddings, LONGEST_NAME)}`],
    ['time', formatDuration(elapsedMs)],
    ...(spentMicroUsd > 0 ? simulationMoney(result) : []),
  ];
}

type Data = SimulationResult['data'];

export function describeData({ files, records, labeled }: Data): string {
  const names = files.map((file) => safeLine(file, LONGEST_NAME)).join(', ');
  return `${plural(records, 'record')} of ${names}, ${formatCount(labeled)} distinct with a response`;
}

export function describeSplit({ pool, heldOut }: Data): string {
  return `${formatCount(pool)} to choose from, ${formatCount(heldOut)} held out`;
}

/** A pair, or none where there are no categories. */
export function describeCategories({ categoryField, categories }: Data): [string, string][] {
  if (categoryField === null || categories === null) return [];
  return [['categories', `${formatCount(categories)} by the field ${safeLine(categoryField, LONGEST_NAME)}`]];
}

function renderVerdict(shown: MetricComparison, { verdicts }: SimulationDocument): string {
  const sentences = verdicts.find(({ metric }) => metric === shown.metric)?.sentences ?? [];
  return [...sentences, ...rankCurves(shown)].map((sentence) => safeLine(sentence, LONGEST_SENTENCE)).join('\n');
}

function renderCurves(
  { budgets, metric }: MetricComparison,
  { baseline }: SimulationComparison,
  rows: readonly ArmRow[],
  width: number,
): string {
  const looks = armLooks(
    rows.map(({ arm }) => arm),
    baseline,
  );
  const lines = rows.flatMap(({ arm, label }): ChartLine[] => {
    const points = budgets.flatMap(({ budget, means }) => {
      const mean = means.find((one) => one.arm === arm);
      return mean ? [{ x: budget!, y: mean.mean }] : [];
    });
    return points.length === 0 ? [] : [{ name: label, ...looks.get(arm)!, points }];
  });
  return `${colors.bold(`Learning curves: ${METRIC_NAMES[metric]}`)}\n${renderLineChart(lines, width)}`;
}

/** The curves as one number each, the best first: those of the most seeds, since others are of other splits. */
function rankCurves({ metric, budgets, curve, lessIsBetter }: MetricComparison): string[] {
  if (budgets.length < 2 || curve.means.length < 2) return [];
  const seeds = Math.max(...curve.means.map((one) => one.seeds));
  const order = [...curve.means].sort((a, b) => (lessIsBetter ? a.mean - b.mean : b.mean - a.mean));
  const show = ({ arm, mean, interval }: ArmMean) =>
    `${safeName(arm)} ${formatMetric(mean)}${interval === null ? '' : ` ${formatSpread(mean, interval)}`}`;
  const ranked = order.filter((one) => one.seeds === seeds).map(show);
  const others = order.filter((one) => one.seeds < seeds).map((one) => `${show(one)} (${plural(one.seeds, 'seed')})`);
  const what = `Mean ${METRIC_NAMES[metric]} over the ${budgets.length} budgets`;
  const of = seeds === 1 ? ', one seed' : `, ${seeds} seeds, ± half the 95 % interval`;
  return [
    `${what}${of}: ${ranked.join(', ')}.`,
    ...(others.length === 0 ? [] : [`Not comparable, as seeds are missing: ${others.join(', ')}.`]),
  ];
}

function doesNotApply(metric: Metric): string {
  const because =
    metric === 'categories'
      ? ': no field with a category was found; name one with --category-field'
      : metric === 'exactMatch'
        ? ': no held-out response is short enough'
        : '';
  return `No cell has a value for ${METRIC_NAMES[metric]}${because}.`;
}

/** How to continue a simulation that stopped early. */
const ADVICE: Partial<Readonly<Record<SimulationResult['end'], string>>> = {
  budget: 'Finished work is saved. Raise the cap that was reached and run the same command again.',
  interrupt: 'Finished work is saved. Run the same command again to continue.',
  provider: 'Finished work is saved. Fix the problem above and run the same command again.',
};

/** What was left out or went wrong. */
function remarks({ notes, missing, seeds, end }: SimulationResult): string {
  const groups = groupMissing(missing);
  const lines = noteLines(notes);
  for (const group of groups.slice(0, SHOWN_CAUSES)) {
    const those = group.seeds.length === seeds.length && seeds.length > 1 ? 'all seeds' : list('seed', group.seeds);
    const where = `${safeLine(group.arm, LONGEST_NAME)} at ${list('', group.budgets)}, ${those}`;
    lines.push(`  ${colors.yellow('missing')}  ${where}: ${safeLine(group.because, LONGEST_NOTE)}`);
  }
  const left = groups.length - SHOWN_CAUSES;
  if (left > 0) lines.push(`  ${colors.yellow('missing')}  … and ${formatCount(left)} more; --json lists them all`);
  const advice = ADVICE[end];
  if (advice !== undefined) lines.push(`  ${colors.yellow('next')}  ${advice}`);
  return lines.join('\n');
}

interface MissingGroup {
  readonly arm: string;
  readonly because: string;
  readonly budgets: number[];
  readonly seeds: number[];
}

/** Cells of one arm that are missing for one reason and, at each budget, with the same seeds: told once. */
function groupMissing(missing: readonly MissingCell[]): MissingGroup[] {
  const atBudget = new Map<string, MissingGroup>();
  for (const { arm, budget, seed, because } of missing) {
    const key = JSON.stringify([arm, because, budget]);
    const group = atBudget.get(key) ?? { arm, because, budgets: [budget], seeds: [] };
    group.seeds.push(seed);
    atBudget.set(key, group);
  }
  const groups = new Map<string, MissingGroup>();
  for (const group of atBudget.values()) {
    const key = JSON.stringify([group.arm, group.because, group.seeds]);
    const same = groups.get(key);
    if (same) same.budgets.push(...group.budgets);
    else groups.set(key, group);
  }
  return [...groups.values()];
}

/** "seed 3", "seeds 0, 1 and 4". */
function list(what: string, numbers: readonly number[]): string {
  const texts = numbers.map(formatCount);
  const joined = texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
  if (what === '') return joined;
  return `${what}${texts.length === 1 ? '' : 's'} ${joined}`;
}
