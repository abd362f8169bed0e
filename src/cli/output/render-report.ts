import { formatUsdBriefly } from '../../domain/money.ts';
import type { ReportData } from '../../report/report-data.ts';
import { colors } from './colors.ts';
import { formatCount, formatPairs, formatRange, formatScore, formatShare, plural } from './format.ts';
import { noteLines } from './render-run.ts';
import { safeLine } from './safe-text.ts';

const LONGEST_NAME = 60;
const LONGEST_PATH = 400;
const PLACES = 3;

/** Where the report is, and its main figures. @param bytes of the file */
export function renderWrittenReport(report: ReportData, path: string, bytes: number): string {
  const { campaign, headline, notes } = report;
  const { labeled, picked, failureRate, poolFailureRate, heldOutScore, testScore } = headline;
  const pairs: [string, string][] = [
    [
      'labels',
      `${formatCount(labeled)} labeled of ${formatCount(picked)} picked in ${plural(headline.rounds, 'round')}`,
    ],
    ...(failureRate === null ? [] : [['failures', describeFailures(failureRate)] as [string, string]]),
    ...(poolFailureRate === null || failureRate?.on !== 'test'
      ? []
      : [['', describeFailures(poolFailureRate)] as [string, string]]),
    ...(heldOutScore === null
      ? []
      : [
          ['held-out', `${describeScore(heldOutScore, headline)}${describeGain('held-out', headline)}`] as [
            string,
            string,
          ],
        ]),
    ...(testScore === null
      ? []
      : [['test set', `${describeScore(testScore, headline)}${describeGain('test', headline)}`] as [string, string]]),
    ...(headline.selection === null ? [] : [['selecting', headline.selection] as [string, string]]),
    ...coverage(report),
    ['cost', describeCost(headline)],
  ];
  return [
    colors.green(
      `Wrote the report of ${safeLine(campaign.name, LONGEST_NAME)} to ${safeLine(path, LONGEST_PATH)} (${formatSize(bytes)})`,
    ),
    formatPairs(pairs),
    ...noteLines(notes),
    '',
  ].join('\n');
}

/** Two rates stand beside each other on the same items only. */
function describeFailures({ first, last, on, count, interval }: NonNullable<ReportData['headline']['failureRate']>) {
  const rate = first === null || formatShare(first) === formatShare(last) ? '' : `${formatShare(first)} → `;
  const same = first === null ? '' : 'the same ';
  const items = on === 'test' ? plural(count, 'test item') : `${plural(count, 'instruction')} of the pool`;
  return `${rate}${formatShare(last)} of ${same}${items} (95 %: ${formatRange(interval, formatShare)})`;
}

/** With its number of items and interval, if it is the score that these belong to. */
function describeScore(mean: number, { score }: ReportData['headline']): string {
  const shown = formatScore(mean);
  if (score === null || formatScore(score.mean) !== shown) return shown;
  const range = score.interval === null ? '' : ` (95 %: ${formatRange(score.interval, formatScore)})`;
  return `${shown} on ${plural(score.count, 'item')}${range}`;
}

/** Shown beside the score of the items it was measured on. */
function describeGain(items: 'test' | 'held-out', { gain, gainOn, gainFigure }: ReportData['headline']): string {
  if (gain === null || gainOn !== items) return '';
  const known =
    gainFigure?.interval == null
      ? ''
      : ` (95 %: ${signed(gainFigure.interval.low)} to ${signed(gainFigure.interval.high)})`;
  return `; ${signed(gain)}${known} over the previous model, on the same items`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${formatScore(Math.abs(value))}`;
}

function coverage({ coverage: figures }: ReportData): [string, string][] {
  const last = figures?.labels.at(-1);
  if (figures === null || last === undefined) return [];
  const chance = figures.random.find(({ count }) => count === last.count);
  const beside = chance === undefined ? '' : `; ${formatScore(chance.radius.mean, PLACES)} with random picks`;
  return [['coverage', `radius ${formatScore(last.radius, PLACES)}${beside}`]];
}

function describeCost({ spentMicroUsd, reservedMicroUsd, microUsdPerUsefulLabel }: ReportData['headline']): string {
  const aside = reservedMicroUsd > 0 ? `, ${formatUsdBriefly(reservedMicroUsd)} set aside` : '';
  // Part of what is set aside may be for labels that are already there.
  const each =
    microUsdPerUsefulLabel === null || spentMicroUsd === 0
      ? ''
      : `; ${formatUsdBriefly(microUsdPerUsefulLabel)} per useful label`;
  return `${formatUsdBriefly(spentMicroUsd)} spent${aside}${each}`;
}

/** 1,234,567 → "1.2 MB". */
function formatSize(bytes: number): string {
  return bytes < 999_500 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
