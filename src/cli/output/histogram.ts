import { bar } from './bar.ts';
import { formatCount, formatPart } from './format.ts';
import { padLeft, widestOf } from './text-width.ts';

/** How many there are of something. */
export interface HistogramRow {
  readonly label: string;
  readonly count: number;
}

const INDENT = 2;
const GAP = 2;
/** Longer bars say no more. */
const LONGEST_BAR = 60;
const SHORTEST_BAR = 8;

/**
 * A line a row: label, a bar as long as the count, the count and its share of all. Bars are to an eighth of a
 * character; what is there at all has one. No colors, so it is the same in a file.
 * @param width columns of the terminal; kept unless the labels leave no room
 */
export function renderHistogram(rows: readonly HistogramRow[], width: number): string {
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  const most = rows.reduce((largest, { count }) => Math.max(largest, count), 1);
  const labelWidth = widestOf(rows.map(({ label }) => label));
  const counts = rows.map(({ count }) => formatCount(count));
  const shares = rows.map(({ count }) => formatPart(count, total));
  const [countWidth, shareWidth] = [widestOf(counts), widestOf(shares)];
  const room = width - INDENT - labelWidth - countWidth - shareWidth - 3 * GAP;
  const longest = Math.max(SHORTEST_BAR, Math.min(LONGEST_BAR, room));
  const gap = ' '.repeat(GAP);
  return rows
    .map(({ label, count }, row) =>
      [
        ' '.repeat(INDENT) + padLeft(label, labelWidth),
        bar(count / most, longest).padEnd(longest),
        counts[row]!.padStart(countWidth),
        shares[row]!.padStart(shareWidth),
      ].join(gap),
    )
    .join('\n');
}
