import { FILTERED_HINT } from '../../domain/errors.ts';
import { spellWording } from '../../domain/wording.ts';
import type { PickedInstruction } from '../../runs/pick/pick.ts';
import type { PickSummary } from '../../runs/pick/pick-summary.ts';
import { isLacking } from '../../selection/measures/response-source.ts';
import { failedQueryAdvice } from '../../selection/strategies/failed-query.ts';
import { flagSpelling } from '../spelling.ts';
import { colors } from './colors.ts';
import { formatCount, formatPairs, formatShare, plural } from './format.ts';
import { renderCategories } from './render-categories.ts';
import { describePool } from './render-plan.ts';
import { badRecordLines, noteLines, runPairs, stoppedLines } from './render-run.ts';
import { safeLine, safeName } from './safe-text.ts';

const SHOWN_FAILURES = 3;
const RETRY =
  'Run the same command again with --retry-failed to retry what got no usable reply. Nothing else is asked again.';

/** What a run did and what to do next, for people. */
export function renderSummary(summary: PickSummary, output: string | undefined, width: number): string {
  const { categories, picked } = summary;
  return [
    headline(summary, output),
    formatPairs(facts(summary)),
    categories !== null && picked > 0 && renderCategories(categories, width),
    advice(summary),
  ]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n');
}

const UNDONE: Readonly<Record<string, string>> = {
  interrupt: 'Interrupted: chosen so far',
  batch: 'Waiting for a batch: chosen so far',
};

function headline(summary: PickSummary, output: string | undefined): string {
  const { picked, asked, strategy } = summary;
  const where = output === undefined ? '' : ` → ${safeName(output)}`;
  const done = UNDONE[summary.end] ?? 'Picked';
  const what = `${done} ${formatCount(picked)}${picked < asked ? ` of ${formatCount(asked)}` : ''} by ${safeName(strategy)}${where}`;
  return summary.end === 'complete' ? colors.bold(colors.green(what)) : colors.bold(colors.yellow(what));
}

function facts(summary: PickSummary): [string, string][] {
  const pairs: [string, string][] = [['pool', describePool(summary.pool)]];
  const { queries, coverage } = summary;
  if (queries) {
    pairs.push(
      ['chooser', safeName(`${summary.provider} ${summary.model ?? ''}`)],
      ['queries', describeQueries(queries, summary.end)],
    );
    if (queries.agreement !== undefined) {
      pairs.push(['agreement', `two votes share ${formatShare(queries.agreement)} of their choices`]);
    }
  }
  for (const result of summary.measured) pairs.push([result.measure, describeMeasured(result)]);
  if (coverage.after) {
    const { before, after } = coverage;
    const from = (value: number | undefined) => (value === undefined ? '' : `${value.toFixed(3)} → `);
    pairs.push([
      'coverage',
      `radius ${from(before?.radius)}${after.radius.toFixed(3)}, mean distance ${from(before?.meanDistance)}${after.meanDistance.toFixed(3)}`,
    ]);
  }
  pairs.push(...runPairs(summary));
  return pairs;
}

function describeQueries(queries: NonNullable<PickSummary['queries']>, end: PickSummary['end']): string {
  const parts = [`${formatCount(queries.chosen)} of ${formatCount(queries.queries)} answered`];
  if (queries.failed.length > 0) parts.push(`${queries.failed.length} failed`);
  // Those in a batch are asked, but not answered yet.
  if (queries.unasked > 0) parts.push(`${queries.unasked} ${end === 'batch' ? 'still open' : 'not asked'}`);
  if (queries.withoutReason) parts.push(`${plural(queries.withoutReason, 'pick')} without a reason`);
  return parts.join(', ');
}

function describeMeasured({ shortName, items, values, failed, unmeasured }: PickSummary['measured'][number]): string {
  const [low, middle, high] = (values ?? []).map((value) => value.toFixed(2));
  const parts = [`${formatCount(items)} candidates by ${safeLine(shortName, 120)}`];
  if (values) parts.push(`${low} to ${high}, median ${middle}`);
  if (failed.length > 0) parts.push(`${failed.length} without a usable value`);
  if (unmeasured > 0) parts.push(`${unmeasured} not measured`);
  return parts.join('; ');
}

/** What was left out or went wrong, and what to do about it. */
function advice(summary: PickSummary): string {
  const lines = noteLines(summary.notes);
  lines.push(...badRecordLines(summary));
  for (const { measure, collapse } of summary.measured) {
    if (!collapse) continue;
    const share = `${formatShare(collapse.share)} of the values of ${measure} are ${collapse.score}`;
    lines.push(`  ${colors.yellow('alarm')}  ${share}: this judge hardly distinguishes the items.`);
  }
  const failed = [
    ...(summary.queries?.failed ?? []).map(({ query, failure }) => ({ what: `query ${query + 1}`, failure })),
    ...summary.measured.flatMap((measured) =>
      measured.failed.map(({ id, failure }) => ({ what: `${measured.measure} of ${id}`, failure })),
    ),
  ];
  for (const { what, failure } of failed.slice(0, SHOWN_FAILURES)) {
    lines.push(`  ${colors.red('failed')}  ${safeLine(what, 60)}: ${safeLine(failure, 160)}`);
  }
  if (failed.length > SHOWN_FAILURES) lines.push(`          … and ${failed.length - SHOWN_FAILURES} more`);
  if (summary.end === 'short' && summary.stoppedBy === null) {
    lines.push(`  ${colors.yellow('short')}  by ${summary.asked - summary.picked}. ${adviceFor(summary)}`);
  }
  lines.push(...stoppedLines(summary));
  return lines.join('\n');
}

/** A retry helps with replies that cannot be used, not with records that lack something. */
function adviceFor({ queries, measured }: PickSummary): string {
  const failed = measured.flatMap(({ measure, failed }) => failed.map((item) => ({ ...item, measure })));
  const lacking = failed.filter(({ measure, failure }) => isLacking(measure, failure));
  const refused = failed.filter(({ isRefused }) => isRefused);
  if ((queries?.failed.length ?? 0) > 0 || lacking.length + refused.length < failed.length) {
    return spellWording(failedQueryAdvice(queries?.failed ?? [], RETRY), flagSpelling);
  }
  if (refused.length > 0) return spellWording(FILTERED_HINT, flagSpelling);
  return lacking.some(({ measure }) => measure === 'field')
    ? 'Fix the field, name another with --score-field, or lower --count.'
    : 'Let the LLM write the missing responses with --draft, or lower --count.';
}

/** The first picks, a line each, cut to the terminal's width. */
export function renderPicks(picks: readonly PickedInstruction[], most: number, width: number): string {
  const shown = picks.slice(0, most);
  const rankWidth = String(shown.length).length;
  const lines = shown.map(({ rank, instruction, reason }) => {
    const head = `  ${String(rank).padStart(rankWidth)}  `;
    const indent = ' '.repeat(head.length);
    const room = Math.max(30, width - head.length);
    return `${head}${safeLine(instruction.instruction, room)}\n${indent}${colors.dim(safeLine(reason, room))}`;
  });
  if (picks.length > shown.length) lines.push(`  … and ${plural(picks.length - shown.length, 'more', 'more')}`);
  return `${lines.join('\n')}\n`;
}
