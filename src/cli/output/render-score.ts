import type { ScoreDistribution } from '../../runs/score/score-distribution.ts';
import type { ScoredPoolFacts, ScorePlan } from '../../runs/score/score-plan.ts';
import type { ScoreSummary } from '../../runs/score/score-summary.ts';
import { colors } from './colors.ts';
import { formatCount, formatPairs, formatShare, plural } from './format.ts';
import { renderHistogram } from './histogram.ts';
import { describeBudget, expectedAndWorst, expectedCost, timePairs } from './render-plan.ts';
import { badRecordLines, noteLines, runPairs, stoppedLines } from './render-run.ts';
import { safeLine, safeName } from './safe-text.ts';

const SHOWN_FAILURES = 3;
const UNDONE: Readonly<Record<string, string>> = {
  interrupt: 'Interrupted: scored so far',
  batch: 'Waiting for a batch: scored so far',
};
const LONGEST_NAME = 120;

/** What scoring will do and cost. */
export function renderScorePlan(plan: ScorePlan): string {
  const { total } = plan;
  const pairs: [string, string][] = [
    ['pool', describeScored(plan.pool)],
    ['judge', safeLine(plan.shortName, LONGEST_NAME)],
    ['calls', expectedAndWorst(total.calls, formatCount)],
    ['tokens', expectedAndWorst(total.tokens, formatCount)],
    ['cost', expectedCost(total.costMicroUsd, plan.worstCaseWithRetriesMicroUsd)],
  ];
  const budget = describeBudget(plan.caps, plan.spent.settledMicroUsd + plan.spent.lostMicroUsd);
  if (budget !== '') pairs.push(['budget', budget]);
  pairs.push(...timePairs(plan));
  const title = colors.bold(`Plan: score the ${dimensionWords(plan.dimension)} of ${plural(plan.pool.items, 'item')}`);
  return `${[title, formatPairs(pairs), noteLines(plan.notes).join('\n')].filter(Boolean).join('\n\n')}\n`;
}

/** What was scored, how the scores are spread, and what to do next. */
export function renderScoreSummary(summary: ScoreSummary, output: string | undefined, width: number): string {
  const { distribution } = summary;
  return [
    headline(summary, output),
    ...(distribution ? [renderHistogram(histogramRows(distribution), width)] : []),
    formatPairs(facts(summary)),
    advice(summary),
  ]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n');
}

function headline({ end, scored, pool, dimension }: ScoreSummary, output: string | undefined): string {
  const done = UNDONE[end] ?? 'Scored';
  const some = scored < pool.records ? `${formatCount(scored)} of ` : '';
  const where = output === undefined ? '' : ` → ${safeName(output)}`;
  const what = `${done} ${some}${plural(pool.records, 'record')}, ${dimensionWords(dimension)}${where}`;
  return colors.bold(end === 'complete' ? colors.green(what) : colors.yellow(what));
}

function histogramRows({ bins }: ScoreDistribution) {
  const places = Math.max(...bins.flatMap(({ from, to }) => [decimals(from), decimals(to)]));
  return [...bins].reverse().map(({ from, to, count }) => ({
    label: from === to ? from.toFixed(places) : `${from.toFixed(places)} – ${to.toFixed(places)}`,
    count,
  }));
}

function decimals(value: number): number {
  return Math.min(6, (String(value).split('.')[1] ?? '').length);
}

function facts(summary: ScoreSummary): [string, string][] {
  const pairs: [string, string][] = [
    ['pool', describeScored(summary.pool)],
    ['judge', safeLine(summary.shortName, LONGEST_NAME)],
  ];
  const { distribution } = summary;
  if (distribution) {
    const { mean, quartiles, lowest, highest, atLeast } = distribution;
    const [first, median, third] = quartiles.map(scoreWords);
    pairs.push(
      ['mean', scoreWords(mean)],
      [
        'median',
        `${median}; half of all from ${first} to ${third}, all from ${scoreWords(lowest)} to ${scoreWords(highest)}`,
      ],
    );
    if (atLeast) pairs.push([`≥ ${atLeast.score}`, `${formatShare(atLeast.share)}, what AlpaGasus would keep`]);
  }
  return [...pairs, ...runPairs(summary)];
}

/** To two decimals, or more where it is small. */
function scoreWords(score: number): string {
  return Math.abs(score) >= 0.1 || score === 0 ? score.toFixed(2) : score.toPrecision(2);
}

/** What was left out or went wrong, and what to do about it. */
function advice(summary: ScoreSummary): string {
  const { collapse, failed, end, unscored, judge } = summary;
  const lines = [...noteLines(summary.notes), ...badRecordLines(summary)];
  if (collapse) {
    const share = `${formatShare(collapse.share)} of ${plural(collapse.ratings, 'score')} are ${collapse.score}`;
    lines.push(
      `  ${colors.yellow('alarm')}  ${share}: ${judge === null ? 'this field' : 'this judge'} hardly distinguishes the items.`,
    );
  }
  for (const { record, failure } of failed.examples.slice(0, SHOWN_FAILURES)) {
    lines.push(`  ${colors.red('failed')}  record ${formatCount(record)}: ${safeLine(failure, 160)}`);
  }
  const more = failed.records - Math.min(SHOWN_FAILURES, failed.examples.length);
  if (more > 0) lines.push(`          … and ${formatCount(more)} more`);
  if (end === 'short') {
    const without = `${plural(failed.records, 'record')} got no score; the output says why`;
    lines.push(`  ${colors.yellow('short')}  ${without}. ${adviceFor(summary)}`);
  }
  lines.push(...stoppedLines(summary));
  if (unscored > 0) {
    lines.push(
      `  ${colors.yellow('next')}  ${plural(unscored, 'record')} not scored yet. Run the same command again to continue.`,
    );
  }
  return lines.join('\n');
}

function adviceFor({ failed, pool, dimension }: ScoreSummary): string {
  if (dimension === 'field') return 'Fix the field, or name another with --score-field.';
  if (failed.records === pool.withoutResponse) return 'Let the LLM write the missing responses with --draft.';
  if (failed.records === failed.refused + pool.withoutResponse) {
    return "The provider's content filter refused these texts. Another --model may take them.";
  }
  return 'Run the same command again with --retry-failed to retry what got no usable reply. Nothing else is asked again.';
}

function describeScored({ records, badRecords, withoutResponse, items }: ScoredPoolFacts): string {
  const same = records - withoutResponse - items;
  const less = [
    ...(badRecords > 0 ? [`${formatCount(badRecords)} bad`] : []),
    ...(withoutResponse > 0 ? [`${formatCount(withoutResponse)} without a response`] : []),
    ...(same > 0 ? [`${formatCount(same)} the same as others`] : []),
  ];
  const all = plural(records + badRecords, 'record');
  return `${all}${less.length > 0 ? `, less ${less.join(', ')}` : ''}: ${plural(items, 'item')} to judge`;
}

function dimensionWords(dimension: ScorePlan['dimension']): string {
  return dimension === 'field' ? 'a field of the records' : dimension.replace('-', ' ');
}
