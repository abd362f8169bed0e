/**
 * What makes a spreadsheet run a cell as a formula, the full-width forms of some languages among them, also behind spaces
 * and invisible characters, which some spreadsheets leave out.
 */
const FORMULA = /^'*(?:[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠])/u;
const PROTECTED = /^'+(?:[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠])/u;
const PLAIN_NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The column of a table that says: its cells are protected. True in rows where that changed a cell. */
export const CELLS_PROTECTED = 'winnow_protected';

/** A cell of untrusted text, such as `=HYPERLINK(…)`, with an apostrophe before it, so that no spreadsheet runs it. */
export function protectCell(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

/** The same for a table that programs read: numbers stay as they are. */
export function protectText(cell: string): string {
  return PLAIN_NUMBER.test(cell) ? cell : protectCell(cell);
}

/** The exact opposite of `protectCell` and of `protectText`. */
export function restoreCell(cell: string): string {
  return PROTECTED.test(cell) ? cell.slice(1) : cell;
}
