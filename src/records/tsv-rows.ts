const [TAB, LINE_FEED, CARRIAGE_RETURN, QUOTE] = [0x09, 0x0a, 0x0d, 0x22];
/** How far a quoted cell that spans lines is followed. */
const MOST_LINES_OF_CELL = 1_000;

/**
 * Splits TSV into rows of cells. Tab-separated files are mostly written without quoting, so a quote is an ordinary
 * character unless the whole cell is quoted as RFC 4180 says: then its quotes are taken off, and it may span lines. Where
 * each of those lines would be a whole row by itself, they are rows, and the quote is a character; not below a header of
 * quoted names, as winnow writes it where a cell has lines.
 * Memory: one chunk and the lines of one quoted cell. O(bytes), and O(lines²) only within such a cell.
 * @param bytes in which lines end at LF, CR LF or CR
 */
export async function* readTsvRows(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer[]> {
  const lines = linesOf(bytes)[Symbol.asyncIterator]();
  const ahead: Line[] = [];
  let width: number | undefined;
  let isQuoted = false;
  const lineAt = async (index: number): Promise<Line | undefined> => {
    while (ahead.length <= index) {
      const next = await lines.next();
      if (next.done === true) return undefined;
      ahead.push(next.value);
    }
    return ahead[index];
  };
  for (let first = await lineAt(0); first !== undefined; first = await lineAt(0)) {
    if (width === undefined && first.text.length > 0) isQuoted = cellsOf(first.text).every(isQuotedCell);
    const row = hasOpeningQuote(first.text) ? await quotedRow(lineAt, width, isQuoted) : undefined;
    ahead.splice(0, row?.lines ?? 1);
    if (first.text.length === 0) continue;
    const cells = row?.cells ?? cellsOf(first.text);
    width ??= cells.length;
    yield cells;
  }
}

/** The row that begins with the first line, if quoting gives it the width it must have; undefined if quotes are characters. */
async function quotedRow(
  lineAt: (index: number) => Promise<Line | undefined>,
  width: number | undefined,
  isQuoted: boolean,
): Promise<{ readonly cells: Buffer[]; readonly lines: number } | undefined> {
  let { text, end } = (await lineAt(0))!;
  // A mark alone in a cell is rather the end of a quoted one.
  const isWhole = (line: Buffer) => {
    const cells = cellsOf(line);
    return width !== undefined && width > 1 && cells.length === width && !cells.some(isQuoteAlone);
  };
  let allWhole = isWhole(text);
  for (let lines = 1; lines <= MOST_LINES_OF_CELL; lines += 1) {
    const cells = unquoted(text);
    if (cells === 'broken') return undefined;
    if (cells !== 'open') {
      const fits = width === undefined || cells.length === width;
      return fits && (lines === 1 || isQuoted || !allWhole) ? { cells, lines } : undefined;
    }
    const next = await lineAt(lines);
    if (next === undefined) return undefined;
    allWhole &&= isWhole(next.text);
    text = Buffer.concat([text, end, next.text]);
    end = next.end;
  }
  return undefined;
}

/** A line and what ended it, which belongs to a quoted cell that goes on. */
interface Line {
  readonly text: Buffer;
  readonly end: Buffer;
}

/** Cells with their quotes taken off; `open` when the last is not closed, `broken` when text follows a closing quote. */
function unquoted(line: Buffer): Buffer[] | 'open' | 'broken' {
  const cells: Buffer[] = [];
  let start = 0;
  for (;;) {
    if (line[start] !== QUOTE) {
      const end = line.indexOf(TAB, start);
      cells.push(line.subarray(start, end === -1 ? line.length : end));
      if (end === -1) return cells;
      start = end + 1;
      continue;
    }
    let end = start + 1;
    let isDoubled = false;
    for (;;) {
      end = line.indexOf(QUOTE, end);
      if (end === -1) return 'open';
      if (line[end + 1] !== QUOTE) break;
      isDoubled = true;
      end += 2;
    }
    const after = line[end + 1];
    if (after !== undefined && after !== TAB) return 'broken';
    const cell = line.subarray(start + 1, end);
    cells.push(isDoubled ? Buffer.from(cell.toString('latin1').replaceAll('""', '"'), 'latin1') : cell);
    if (after === undefined) return cells;
    start = end + 2;
  }
}

function cellsOf(line: Buffer): Buffer[] {
  const cells: Buffer[] = [];
  let start = 0;
  for (let end = line.indexOf(TAB); end !== -1; end = line.indexOf(TAB, start)) {
    cells.push(line.subarray(start, end));
    start = end + 1;
  }
  cells.push(line.subarray(start));
  return cells;
}

function isQuotedCell(cell: Buffer): boolean {
  return cell.length >= 2 && cell[0] === QUOTE && cell.at(-1) === QUOTE;
}

function isQuoteAlone(cell: Buffer): boolean {
  return cell.length === 1 && cell[0] === QUOTE;
}

function hasOpeningQuote(line: Buffer): boolean {
  for (let at = line.indexOf(QUOTE); at !== -1; at = line.indexOf(QUOTE, at + 1)) {
    if (at === 0 || line[at - 1] === TAB) return true;
  }
  return false;
}

async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let held = Buffer.alloc(0);
  for await (const received of bytes) {
    let chunk = held.length === 0 ? received : Buffer.concat([held, received]);
    // Perhaps the first half of a CR LF.
    held = chunk.at(-1) === CARRIAGE_RETURN ? Buffer.from([CARRIAGE_RETURN]) : Buffer.alloc(0);
    chunk = chunk.subarray(0, chunk.length - held.length);
    let start = 0;
    for (let end = nextEnd(chunk, start); end !== -1; end = nextEnd(chunk, start)) {
      const text = chunk.subarray(start, end);
      start = end + (chunk[end] === CARRIAGE_RETURN && chunk[end + 1] === LINE_FEED ? 2 : 1);
      yield { text: parts.length === 0 ? text : Buffer.concat([...parts, text]), end: chunk.subarray(end, start) };
      parts = [];
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  }
  if (parts.length > 0 || held.length > 0) yield { text: Buffer.concat(parts), end: held };
}

function nextEnd(chunk: Buffer, start: number): number {
  const feed = chunk.indexOf(LINE_FEED, start);
  const back = chunk.indexOf(CARRIAGE_RETURN, start);
  if (feed === -1 || back === -1) return Math.max(feed, back);
  return Math.min(feed, back);
}
