import type Database from 'better-sqlite3';
import { isDamage } from './state-damage.ts';

const ROWS_PER_READ = 200;
/** Rows of our tables are numbered from 0 or 1 up, far below this. */
const LAST_ROW = 2 ** 50;

/** A row with its number first. */
export type NumberedRow = readonly [row: number, ...cells: unknown[]];

/**
 * All rows of a damaged table that can be read, in order. Where a page cannot be read, reading goes on at the first row
 * behind it that can: found by steps that double, then by halving. O(rows + gaps × log rows) reads.
 * @param onGap called for each gap
 */
export function* readableRows(
  database: Database.Database,
  table: string,
  columns: readonly string[],
  onGap: () => void,
): Generator<NumberedRow> {
  const names = ['rowid', ...columns.map((column) => `"${column}"`)].join(', ');
  const rowsAfter = (row: number, most: number): NumberedRow[] | undefined => {
    try {
      const sql = `SELECT ${names} FROM "${table}" WHERE rowid > ? ORDER BY rowid LIMIT ?`;
      const rows = database.prepare(sql).raw().all(row, most) as NumberedRow[];
      // In a damaged tree, rows can come out of order: read one by one, each is behind the one before.
      return rows.every(([number], index) => index === 0 || number > rows[index - 1]![0]) ? rows : undefined;
    } catch (error) {
      if (!isDamage(error)) throw error;
      return undefined;
    }
  };
  let [last, most] = [-1, ROWS_PER_READ];
  for (;;) {
    const rows = rowsAfter(last, most);
    if (rows === undefined && most > 1) {
      most = 1;
    } else if (rows === undefined) {
      onGap();
      const next = firstReadable((row) => rowsAfter(row, 1) !== undefined, last);
      if (next === undefined) return;
      [last, most] = [next, ROWS_PER_READ];
    } else if (rows.length === 0) {
      return;
    } else {
      const from = last;
      const sound = rows.filter(([number]) => number > from && number <= LAST_ROW);
      yield* sound;
      if (sound.length < rows.length) {
        // Rows that are not where they should be: the rest is damage.
        onGap();
        return;
      }
      last = rows.at(-1)![0];
    }
  }
}

/** The smallest number found after which rows can be read again. */
function firstReadable(isReadableAfter: (row: number) => boolean, unreadable: number): number | undefined {
  let [bad, good, step] = [unreadable, unreadable + 1, 1];
  while (!isReadableAfter(good)) {
    step *= 2;
    [bad, good] = [good, good + step];
    if (good > LAST_ROW) return undefined;
  }
  while (good - bad > 1) {
    const middle = Math.floor((bad + good) / 2);
    if (isReadableAfter(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
