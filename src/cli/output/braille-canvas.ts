/** Dots of a cell, as bits of its braille pattern, from top to bottom in the left and the right column. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;
const EMPTY_PATTERN = 0x2800;

export type Paint = (text: string) => string;

interface Cell {
  dots: number;
  mark: string | undefined;
  paint: Paint;
}

/** Characters of a terminal to draw on: lines of braille dots, 2 × 4 to a character, and marks, one a character. */
export class BrailleCanvas {
  readonly columns: number;
  readonly rows: number;
  readonly #cells: readonly Cell[];

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.#cells = Array.from({ length: columns * rows }, () => ({ dots: 0, mark: undefined, paint: (text) => text }));
  }

  /** A straight line; coordinates count characters, from the top left corner. A later line colors the characters it shares. */
  drawLine(from: readonly [number, number], to: readonly [number, number], paint: Paint): void {
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(to[0] - from[0]) * 2, Math.abs(to[1] - from[1]) * 4)));
    for (let step = 0; step <= steps; step += 1) {
      const at = (axis: 0 | 1) => from[axis] + ((to[axis] - from[axis]) * step) / steps;
      const x = Math.min(this.columns * 2 - 1, Math.max(0, Math.floor(at(0) * 2)));
      const y = Math.min(this.rows * 4 - 1, Math.max(0, Math.floor(at(1) * 4)));
      const cell = this.#cells[Math.floor(y / 4) * this.columns + Math.floor(x / 2)]!;
      cell.dots |= DOTS[y % 4]![x % 2]!;
      cell.paint = paint;
    }
  }

  /** Puts a mark as near as there is room in its row, so that none hides another. */
  drawMark([x, y]: readonly [number, number], mark: string, paint: Paint): void {
    const row = Math.min(this.rows - 1, Math.max(0, Math.floor(y)));
    const middle = Math.min(this.columns - 1, Math.max(0, Math.floor(x)));
    const offsets = Array.from({ length: 2 * this.columns }, (_, index) => (index % 2 ? 1 : -1) * Math.ceil(index / 2));
    const column = offsets
      .map((offset) => middle + offset)
      .find((one) => one >= 0 && one < this.columns && !this.#cells[row * this.columns + one]!.mark);
    if (column === undefined) return;
    Object.assign(this.#cells[row * this.columns + column]!, { mark, paint });
  }

  /** A line of text per row. */
  lines(): string[] {
    return Array.from({ length: this.rows }, (_, row) => {
      const cells = this.#cells.slice(row * this.columns, (row + 1) * this.columns);
      return cells
        .map(({ dots, mark, paint }) =>
          dots === 0 && !mark ? ' ' : paint(mark ?? String.fromCodePoint(EMPTY_PATTERN + dots)),
        )
        .join('');
    });
  }
}
