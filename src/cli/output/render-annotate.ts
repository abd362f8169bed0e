import type { DeskProgress } from '../../annotate/desk/desk-views.ts';
import type { PageAddresses } from '../../annotate/server/allowed-hosts.ts';
import type { AnsweredRequest } from '../../annotate/server/serve-web.ts';
import { formatUsd } from '../../domain/money.ts';
import type { PersonWork } from '../work-between.ts';
import { colors } from './colors.ts';
import { formatCount, formatDuration, formatPairs, plural } from './format.ts';
import { safeLine } from './safe-text.ts';
import { renderTable } from './table.ts';

const LONGEST_NAME = 60;
const LONGEST_PATH = 200;

/** Where the page is, for whom, and what waits there. */
export function renderListening(listening: {
  readonly campaign: string;
  readonly progress: DeskProgress;
  readonly addresses: PageAddresses;
  readonly hasTokens: boolean;
}): string {
  const { campaign, progress, addresses, hasTokens } = listening;
  const { round, kind, items, complete } = progress;
  const waiting = items - complete;
  const annotators: [string, string][] =
    addresses.annotators === null
      ? addresses.people.map(({ annotator, link }) => [annotator, link])
      : [[hasTokens ? 'annotators' : 'page', addresses.annotators]];
  const what = waiting === 0 ? 'all items are labeled' : `${formatCount(waiting)} of ${plural(items, 'item')} to label`;
  return [
    `${colors.bold(safeLine(campaign, LONGEST_NAME))}, ${kind} round ${round}: ${what}`,
    formatPairs([
      ...annotators.map(([who, link]): [string, string] => [safeLine(who, LONGEST_NAME), colors.bold(link)]),
      [hasTokens ? 'leads' : 'team', addresses.leads],
    ]),
    hasTokens
      ? 'Anyone with a link has access. The connection is not encrypted: use a network you trust, or a proxy with https.'
      : 'Only this machine can reach it.',
    'Press Ctrl-C to stop. Drafts are saved automatically.',
    '',
  ].join('\n');
}

/** What was done while the page was served. */
export function renderWork(work: readonly PersonWork[], width: number): string {
  if (work.length === 0) return 'Stopped. No labels were submitted.\n';
  const sum = (key: 'answered' | 'rejected' | 'skipped' | 'costMicroUsd') =>
    work.reduce((total, person) => total + person[key], 0);
  const labels = sum('answered') + sum('rejected') + sum('skipped');
  const table = renderTable(
    [
      { title: 'annotator', value: ({ annotator }) => annotator, shrinksTo: 12 },
      { title: 'answered', value: ({ answered }) => formatCount(answered), align: 'right' },
      { title: 'rejected', value: ({ rejected }) => formatCount(rejected), align: 'right', hiddenIfAll: '0' },
      { title: 'skipped', value: ({ skipped }) => formatCount(skipped), align: 'right', hiddenIfAll: '0' },
      { title: 'time', value: ({ seconds }) => formatDuration(seconds * 1000), align: 'right' },
      { title: 'cost', value: ({ costMicroUsd }) => formatUsd(costMicroUsd), align: 'right' },
    ],
    work,
    width,
  );
  return `${colors.green(`Stopped. ${plural(labels, 'label')} submitted, for ${formatUsd(sum('costMicroUsd'))}:`)}\n${table}\n`;
}

/** One answered request, on one line. */
export function renderRequest({ method, path, status, milliseconds }: AnsweredRequest): string {
  const text = `${safeLine(method, 10)} ${safeLine(path, LONGEST_PATH)} ${status} ${Math.round(milliseconds)} ms`;
  return `${colors.dim(text)}\n`;
}
