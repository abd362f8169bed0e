import { type ImportSummary, refusedCount } from '../../campaign/import-labels.ts';
import { formatUsd } from '../../domain/money.ts';
import { colors } from './colors.ts';
import { formatCount, formatPairs, formatRange, formatShare, plural } from './format.ts';
import { safeLine, safeName } from './safe-text.ts';

const SHOWN = 3;
const LONGEST_ID = 40;
/** Of labels beside another text, which take three lines each. */
const SHOWN_TEXTS = 10;
const LONGEST_CAUSE = 200;
const LONGEST_TEXT = 100;
const INDENT = ' '.repeat(11);
const LONGEST_SOURCE = 200;

/** What was imported, and everything that could not be used, for people. */
export function renderImport(summary: ImportSummary): string {
  const pairs = facts(summary);
  return [describeImport(summary), ...(pairs.length > 0 ? [formatPairs(pairs)] : []), ...problems(summary)]
    .join('\n')
    .concat('\n');
}

/** On one line. */
export function describeImport(summary: ImportSummary): string {
  const { source, tool, accepted, rejected, skipped } = summary;
  const taken = accepted + rejected + skipped;
  const kinds = [
    [accepted, 'answer', 'answers'],
    [rejected, 'rejection', 'rejections'],
    [skipped, 'skip', 'skips'],
  ] as const;
  const told = kinds.filter(([count]) => count > 0).map(([count, one, many]) => plural(count, one, many));
  const what = taken === 0 ? 'Nothing new' : `Imported ${told.join(', ')}`;
  const color = isUnusable(summary) ? colors.red : taken === 0 ? colors.yellow : colors.green;
  return color(`${what} from ${safeLine(source, LONGEST_SOURCE)} (${safeName(tool)})`);
}

/** Whether there were records that could not be used, and none that could. */
export function isUnusable(summary: ImportSummary): boolean {
  const { accepted, rejected, skipped, unchanged, drafts } = summary;
  const useful = accepted + rejected + skipped + unchanged + drafts;
  return useful === 0 && refusedCount(summary) > 0;
}

function facts(summary: ImportSummary): [string, string][] {
  const { edited, unchanged, drafts, untouched, agreement, costMicroUsd, withoutTime, awaited } = summary;
  const pairs: [string, string][] = [];
  const add = (count: number, label: string, text: string) => {
    if (count > 0) pairs.push([label, text]);
  };
  add(edited, 'edited', `${formatCount(edited)} of them replace an earlier answer by the same person`);
  add(unchanged, 'unchanged', `${formatCount(unchanged)} already imported`);
  add(drafts, 'drafts', `${formatCount(drafts)} not submitted, not imported`);
  add(untouched, 'untouched', `${formatCount(untouched)} without an answer`);
  if (agreement !== null) pairs.push(['agreement', describeAgreement(agreement)]);
  add(costMicroUsd, 'cost', formatUsd(costMicroUsd));
  add(
    withoutTime,
    'no time',
    `${formatCount(withoutTime)} paid for labels.mostMinutes, because the tool does not record the time`,
  );
  pairs.push(['awaited', awaited === 0 ? 'none' : plural(awaited, 'label')]);
  return pairs;
}

export function describeAgreement({
  items,
  wordF1,
  wordF1Interval,
  disputed,
}: NonNullable<ImportSummary['agreement']>): string {
  const interval = wordF1Interval === undefined ? '' : ` (95 %: ${formatRange(within01(wordF1Interval), formatShare)})`;
  const alike = items === 0 ? [] : [`${formatShare(wordF1)} of words shared${interval}, over ${plural(items, 'item')}`];
  const torn = disputed === 0 ? [] : [`${plural(disputed, 'item')} answered by one and rejected by another`];
  return [...alike, ...torn].join('; ');
}

/** What was not imported and why, and what could not be read; a line each. */
export function problems({ unknownIds, unselectedIds, otherTexts, foreign, warnings, notes }: ImportSummary): string[] {
  const warning = (text: string) => `  ${colors.yellow('warning')}  ${text}`;
  const ids = (all: readonly string[]) => `${first(all.map((id) => safeLine(id, LONGEST_ID))).join(', ')}`;
  return [
    ...notes.map((note) => `  note  ${safeLine(note, LONGEST_CAUSE)}`),
    ...(unknownIds.length > 0
      ? [warning(`${plural(unknownIds.length, 'id')} not found in any pool file, not imported: ${ids(unknownIds)}`)]
      : []),
    ...(unselectedIds.length > 0
      ? [
          warning(
            `${plural(unselectedIds.length, 'id')} not selected in any round, not imported: ${ids(unselectedIds)}`,
          ),
        ]
      : []),
    ...(otherTexts.length > 0
      ? [
          warning(
            `${plural(otherTexts.length, 'label')} not imported: the file shows another text than the id leads to`,
          ),
          ...first(otherTexts.map(describeOtherText), SHOWN_TEXTS).map((line) => `${INDENT}${line}`),
          `${INDENT}If the ids are right, import with --trust-ids.`,
        ]
      : []),
    ...(foreign.length > 0
      ? [
          warning(`${plural(foreign.length, 'record')} could not be read as labels:`),
          ...first(foreign.map(describeRecord)).map((line) => `${INDENT}${line}`),
        ]
      : []),
    ...(warnings.length > 0
      ? [
          warning(`${plural(warnings.length, 'value')} beside the answers could not be read:`),
          ...first(warnings.map(describeRecord)).map((line) => `${INDENT}${line}`),
        ]
      : []),
  ];
}

function describeRecord({ place, cause }: ImportSummary['foreign'][number]): string {
  return `${safeLine(place, LONGEST_ID)}: ${safeLine(cause, LONGEST_CAUSE)}`;
}

function describeOtherText({ itemId, place, shown, assigned }: ImportSummary['otherTexts'][number]): string {
  const where = place === null ? '' : `${safeLine(place, LONGEST_ID)}, `;
  return [
    `${where}id ${safeLine(itemId, LONGEST_ID)}`,
    `${INDENT}  in the file  ${safeLine(shown, LONGEST_TEXT)}`,
    `${INDENT}  assigned     ${safeLine(assigned, LONGEST_TEXT)}`,
  ].join('\n');
}

function first(lines: readonly string[], shown = SHOWN): string[] {
  return lines.length <= shown
    ? [...lines]
    : [...lines.slice(0, shown), `… and ${formatCount(lines.length - shown)} more`];
}

/** By Student's t, an interval can reach beyond what is possible. */
function within01({ low, high }: { readonly low: number; readonly high: number }) {
  return { low: Math.max(0, low), high: Math.min(1, high) };
}
