import type { PersonQuality, QualityMean } from '../../domain/label-quality.ts';
import { colors } from './colors.ts';
import { formatCount, formatRange, formatShare } from './format.ts';
import { renderTable } from './table.ts';

/** How good each person's labels are; undefined where fewer than two people have a name. */
export function renderPeople(people: readonly PersonQuality[], width: number): string | undefined {
  const named = people.filter(({ annotator }) => annotator !== null);
  if (named.length < 2) return undefined;
  const table = renderTable(
    [
      { title: 'person', value: ({ annotator }) => annotator!, shrinksTo: 10 },
      { title: 'answers', value: ({ answers }) => formatCount(answers), align: 'right' },
      {
        title: 'an hour',
        value: ({ itemsPerHour }) => (itemsPerHour === null ? '–' : formatCount(Math.round(itemsPerHour))),
        align: 'right',
        hiddenIfAll: '–',
      },
      { title: 'agrees with others', value: ({ agreement }) => shareOf(agreement), align: 'right', hiddenIfAll: '–' },
      { title: 'kept of drafts', value: ({ kept }) => shareOf(kept), align: 'right', hiddenIfAll: '–', drops: 'first' },
      { title: 'repeated', value: ({ repeated }) => formatCount(repeated), align: 'right', hiddenIfAll: '0' },
      { title: 'fast', value: ({ fast }) => formatCount(fast), align: 'right', hiddenIfAll: '0' },
    ],
    named,
    width,
  );
  return `${colors.bold('People')}\n${table}`;
}

function shareOf(mean: QualityMean | null): string {
  if (mean === null) return '–';
  const { interval } = mean;
  if (interval === undefined) return formatShare(mean.mean);
  const range = { low: Math.max(0, interval.low), high: Math.min(1, interval.high) };
  return `${formatShare(mean.mean)} (${formatRange(range, formatShare)})`;
}
