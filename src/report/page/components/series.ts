/** Colors of report.css that are told apart by everybody, in both themes, down to the ink. */
export const SERIES_COLORS = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `var(--series-${number})`);

/** One line or group of a chart. Where several are drawn, each has a form of its own beside its color. */
export interface Series {
  readonly name: string;
  readonly color: string;
  /** Of a line's points. */
  readonly symbol?: 'circle' | 'square' | 'triangle';
  /** Of a line, as SVG has it. */
  readonly dash?: string;
}
