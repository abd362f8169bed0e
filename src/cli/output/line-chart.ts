import { scaleLinear, scaleLog } from 'd3-scale';
import { BrailleCanvas, type Paint } from './braille-canvas.ts';
import { safeLine } from './safe-text.ts';
import { widestOf } from './text-width.ts';

export interface ChartLine {
  readonly name: string;
  readonly mark: string;
  readonly paint: Paint;
  /** By ascending x, which is > 0; at least one. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const INDENT = '  ';
const LEAST_ROWS = 12;
const LONGEST_NAME = 26;
const NARROWEST_PLOT = 20;
/** Between the axes and the first and last point, in characters, so that marks beside them have room. */
const SIDE = 2;

/**
 * Lines over a logarithmic x axis, in braille dots with a mark on every point; marks that would hide each other stand
 * side by side. Each line is named where it ends. No library does this: those that draw lines in a terminal draw
 * steps, without marks, so that only color distinguishes nearby lines, which a log does not have.
 * @param width columns of the terminal
 */
export function renderLineChart(lines: readonly ChartLine[], width: number): string {
  const names = lines.map(({ name, mark }) => `${mark} ${safeLine(name, LONGEST_NAME)}`);
  const nameWidth = widestOf(names);
  const rows = Math.max(LEAST_ROWS, lines.length);
  const values = lines.flatMap(({ points }) => points.map(({ y }) => y));
  const places = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const y = scaleLinear(roomy(Math.min(...values), Math.max(...values)), [rows - 0.5, 0.5]);
  const ticks = y.ticks(Math.ceil(rows / 3));
  const format = y.tickFormat(Math.ceil(rows / 3));
  const tickWidth = Math.max(...ticks.map((tick) => format(tick).length));
  const columns = Math.max(NARROWEST_PLOT, width - INDENT.length - tickWidth - nameWidth - 4);
  const x = scaleLog([places[0]!, places.at(-1)!], [SIDE + 0.5, columns - SIDE - 0.5]);
  const plot = draw(lines, new BrailleCanvas(columns, rows), (point) => [x(point.x), y(point.y)]);
  const tickAt = new Map(ticks.map((tick) => [Math.floor(y(tick)), format(tick)]));
  const nameAt = spread(
    lines.map(({ points }) => y(points.at(-1)!.y)),
    rows,
  );
  const body = plot.lines().map((line, row) => {
    const index = nameAt.indexOf(row);
    const name = index < 0 ? '' : ` ${lines[index]!.paint(names[index]!)}`;
    const tick = tickAt.get(row);
    return `${INDENT}${(tick ?? '').padStart(tickWidth)} ${tick === undefined ? '│' : '┤'}${line}${name}`;
  });
  const left = `${INDENT}${' '.repeat(tickWidth)} `;
  const axis = axisLabels(places, (place) => Math.floor(x(place)), columns);
  return [...body, `${left}└${axis.line}`, `${left} ${axis.labels} labels`].map((line) => line.trimEnd()).join('\n');
}

/** Equal values stand in the middle. */
function roomy(low: number, high: number): [number, number] {
  const room = high > low ? 0 : Math.max(Math.abs(high) / 10, 0.01);
  return [low - room, high + room];
}

type Place = (point: { readonly x: number; readonly y: number }) => [number, number];

/** All lines first, for a mark is worth more than a dot. The first line goes on top. */
function draw(lines: readonly ChartLine[], canvas: BrailleCanvas, place: Place): BrailleCanvas {
  for (const { points, paint } of lines.toReversed()) {
    for (const [index, point] of points.slice(1).entries()) canvas.drawLine(place(points[index]!), place(point), paint);
  }
  for (const { points, mark, paint } of lines) for (const point of points) canvas.drawMark(place(point), mark, paint);
  return canvas;
}

/**
 * Rows for names, one each, as near to where they want to be as there is room, in the order of what they want.
 * @returns in the order given
 */
function spread(wanted: readonly number[], rows: number): number[] {
  const order = [...wanted.keys()].sort((a, b) => wanted[a]! - wanted[b]! || a - b);
  const taken = new Array<number>(wanted.length).fill(0);
  let next = 0;
  for (const [position, index] of order.entries()) {
    const last = rows - (order.length - position);
    taken[index] = Math.min(last, Math.max(next, Math.floor(wanted[index]!)));
    next = taken[index]! + 1;
  }
  return taken;
}

/** Labels that would touch the next one on their right are left out. */
function axisLabels(places: readonly number[], columnOf: (place: number) => number, columns: number) {
  const line = new Array<string>(columns).fill('─');
  const labels = new Array<string>(columns + 4).fill(' ');
  let free = columns + 4;
  for (const place of places.toReversed()) {
    const column = columnOf(place);
    line[column] = '┬';
    const label = String(place);
    const start = Math.max(0, column - Math.floor(label.length / 2));
    if (start + label.length >= free) continue;
    labels.splice(start, label.length, ...label);
    free = start;
  }
  return { line: line.join(''), labels: labels.join('').trimEnd() };
}
