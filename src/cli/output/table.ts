import Table from 'cli-table3';
import { colors } from './colors.ts';
import { safeLine } from './safe-text.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly align?: 'left' | 'right';
  /** Down to so many characters its cells are cut where the table would be too wide. */
  readonly shrinksTo?: number;
  /** Colors a cell; its width stays what it was. */
  readonly paint?: (row: Row) => ((text: string) => string) | undefined;
  /** Left out where no row says anything but this. */
  readonly hiddenIfAll?: string;
}

const INDENT = 2;
const GAP = 2;
/** No cell is longer, however wide the terminal. */
const LONGEST_CELL = 60;

const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'right'].flatMap((side) =>
    [side, `${side}-mid`, `${side}-left`, `${side}-right`].map((name) => [name, '']),
  ),
);

/**
 * Rows beneath titles, without lines. Cells may hold anybody's text.
 * @param width columns of the terminal; kept unless no column shrinks
 */
export function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string {
  const shown = columns.filter(({ value, hiddenIfAll }) => rows.some((row) => value(row) !== hiddenIfAll));
  const cells = rows.map((row) => shown.map(({ value }) => safeLine(value(row), LONGEST_CELL)));
  const widths = shown.map(({ title }, column) =>
    cells.reduce((most, line) => Math.max(most, [...line[column]!].length), title.length),
  );
  const spare = width - INDENT - widths.reduce((sum, one) => sum + one, 0) - GAP * (shown.length - 1);
  const limits = fitted(shown, widths, spare);
  const table = new Table({
    head: shown.map(({ title }) => colors.dim(title)),
    colAligns: shown.map(({ align = 'left' }) => align),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: { ...NO_LINES, mid: '', 'mid-mid': '', middle: ' '.repeat(GAP) },
  });
  table.push(
    ...cells.map((line, row) =>
      line.map((cell, column) => {
        const paint = shown[column]!.paint?.(rows[row]!);
        const text = safeLine(cell, limits[column]!);
        return paint ? paint(text) : text;
      }),
    ),
  );
  return table
    .toString()
    .split('\n')
    .map((line) => `${' '.repeat(INDENT)}${line.trimEnd()}`)
    .join('\n');
}

/** Takes what is missing from the columns that shrink, the widest first; of two the left one. */
function fitted<Row>(columns: readonly Column<Row>[], widths: readonly number[], spare: number): number[] {
  const limits = [...widths];
  for (let missing = -spare; missing > 0; missing -= 1) {
    const widest = columns.reduce(
      (best, { shrinksTo = Number.POSITIVE_INFINITY }, column) =>
        limits[column]! > shrinksTo && limits[column]! > (limits[best] ?? 0) ? column : best,
      -1,
    );
    if (widest < 0) break;
    limits[widest]! -= 1;
  }
  return limits;
}
