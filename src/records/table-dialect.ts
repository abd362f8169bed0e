/** What separates the cells of a table. */
export type Delimiter = ',' | '\t' | ';' | '|';

const DELIMITERS: readonly Delimiter[] = [',', ';', '\t', '|'];
const NAMES: Readonly<Record<Delimiter, string>> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };
/** Excel's own line that names the delimiter. */
const SEPARATOR_LINE = /^sep=(.)\r?\n/i;

export interface TableDialect {
  readonly delimiter: Delimiter;
  /** Bytes before the header. */
  readonly skippedBytes: number;
  /** What to tell, where it is not what the name says. */
  readonly note?: string;
}

/**
 * Finds out how a table is separated, from its beginning: by the delimiter that its header has most often and its first row
 * as often; ties and doubt go to the usual one. O(characters).
 * @param head the beginning of the file @param usual by the file's name
 */
export function findDialect(head: string, usual: Delimiter): TableDialect {
  const [separatorLine, separator] = SEPARATOR_LINE.exec(head) ?? [];
  const declared = DELIMITERS.find((delimiter) => delimiter === separator);
  if (separatorLine !== undefined && declared !== undefined) {
    return { ...told(declared, usual), skippedBytes: Buffer.byteLength(separatorLine) };
  }
  const [header = '', row] = linesOf(head);
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: countOutsideQuotes(header, delimiter) }));
  const most = Math.max(...counts.map(({ count }) => count));
  const leaders = counts.filter(({ count }) => count === most).map(({ delimiter }) => delimiter);
  const [leader = usual] = leaders;
  const delimiter = most === 0 || leaders.includes(usual) ? usual : leader;
  const isConsistent =
    row === undefined || countOutsideQuotes(row, delimiter) === countOutsideQuotes(header, delimiter);
  return { ...told(isConsistent ? delimiter : usual, usual), skippedBytes: 0 };
}

function told(delimiter: Delimiter, usual: Delimiter): Pick<TableDialect, 'delimiter' | 'note'> {
  return delimiter === usual ? { delimiter } : { delimiter, note: `its cells are separated by ${NAMES[delimiter]}` };
}

/** The first two lines that are not blank; a quoted cell may span several lines of the file. */
function linesOf(head: string): string[] {
  const lines: string[] = [];
  let isQuoted = false;
  let start = 0;
  for (let at = 0; at <= head.length && lines.length < 2; at += 1) {
    if (head[at] === '"') isQuoted = !isQuoted;
    if (at < head.length && (isQuoted || (head[at] !== '\n' && head[at] !== '\r'))) continue;
    const line = head.slice(start, at);
    start = at + 1;
    if (line.trim() !== '') lines.push(line);
  }
  return lines;
}

function countOutsideQuotes(line: string, delimiter: Delimiter): number {
  let count = 0;
  let isQuoted = false;
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === delimiter && !isQuoted) count += 1;
  }
  return count;
}
