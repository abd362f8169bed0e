import Table from 'cli-table3';
import { colors } from './colors.ts';
import { safeLine } from './safe-text.ts';
import { cutToWidth, widestOf } from './text-width.ts';

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
  /** Left out where the table would be too wide: before any cell is cut, or where that is not enough. Rightmost first. */
  readonly drops?: 'first' | 'last';
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
 * Rows below titles, if there are any, without lines. Cells may contain any text.
 * @param width columns of the terminal; kept unless no column shrinks
 */
export function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string {
  const filled = columns
    .filter(({ value, hiddenIfAll }) => rows.some((row) => value(row) !== hiddenIfAll))
    .map((column): FilledColumn<Row> => {
      const cells = rows.map((row) => safeLine(column.value(row), LONGEST_CELL));
      return { ...column, cells, width: widestOf([column.title, ...cells]) };
    });
  const shown = fitting(filled, width - INDENT);
  const limits = shrunk(shown, width - INDENT);
  const table = new Table({
    head: shown.some(({ title }) => title !== '') ? shown.map(({ title }) => title && colors.dim(title)) : [],
    colAligns: shown.map(({ align = 'left' }) => align),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: { ...NO_LINES, mid: '', 'mid-mid': '', middle: ' '.repeat(GAP) },
  });
  table.push(
    ...rows.map((row, index) =>
      shown.map(({ cells, paint }, column) => {
        const text = cutToWidth(cells[index]!, limits[column]!);
        return paint?.(row)?.(text) ?? text;
      }),
    ),
  );
  return table
    .toString()
    .split('\n')
    .map((line) => `${' '.repeat(INDENT)}${line.trimEnd()}`)
    .join('\n');
}

interface FilledColumn<Row> extends Column<Row> {
  /** A row each. */
  readonly cells: readonly string[];
  readonly width: number;
}

/** Without the columns that there is no room for. */
function fitting<Row>(columns: readonly FilledColumn<Row>[], room: number): readonly FilledColumn<Row>[] {
  const dropped = new Set<FilledColumn<Row>>();
  const left = () => columns.filter((column) => !dropped.has(column));
  for (const when of ['first', 'last'] as const) {
    const widthOf = ({ width, shrinksTo = width }: FilledColumn<Row>) =>
      when === 'first' ? width : Math.min(width, shrinksTo);
    for (const column of columns.filter(({ drops }) => drops === when).toReversed()) {
      if (totalWidth(left().map(widthOf)) > room) dropped.add(column);
    }
  }
  return left();
}

function totalWidth(widths: readonly number[]): number {
  return widths.reduce((sum, one) => sum + one, 0) + GAP * (widths.length - 1);
}

/** Takes what is missing from the columns that shrink, the widest first; of two the left one. @returns their widths */
function shrunk<Row>(columns: readonly FilledColumn<Row>[], room: number): number[] {
  const limits = columns.map(({ width }) => width);
  for (let missing = totalWidth(limits) - room; missing > 0; missing -= 1) {
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
