import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale';
import { area, line, symbol } from 'd3-shape';
import type { ArmStyle } from './arm-styles.ts';
import type { ArmMean, MetricComparison } from './compare-arms.ts';
import { METRIC_RANGES, METRIC_TITLES, METRIC_UNITS } from './metric-words.ts';
import type { Metric } from './simulation-result.ts';
import { element, textElement } from './svg-markup.ts';

export const PANEL_HEIGHT = 310;
const MARGIN = { left: 62, right: 18, top: 34, bottom: 48 } as const;
const INK = '#222222';
const FAINT = '#E3E3E3';
const Y_TICKS = 5;
/** Labels of budgets stand at least so far apart, in pixels. */
const NARROWEST_TICKS = 30;
const MARKER_AREA = 52;

interface Point extends ArmMean {
  readonly budget: number;
}
type Scale = ScaleContinuousNumeric<number, number>;

/**
 * The curves of one metric: the mean over seeds by budget, with the 95 % interval as a band. The budgets lie on
 * a logarithmic scale.
 * @param place.id of the panel, unique in its document
 */
export function curvePanel(
  comparison: MetricComparison,
  styles: ReadonlyMap<string, ArmStyle>,
  { id, width }: { readonly id: string; readonly width: number },
): string {
  const frame = frameOf(width);
  const points = comparison.budgets.flatMap(({ budget, means }) =>
    means.map((mean): Point => ({ ...mean, budget: budget! })),
  );
  const budgets = comparison.budgets.map(({ budget }) => budget!).sort((a, b) => a - b);
  const x = budgetScale(budgets, frame);
  const y = valueScale(points, comparison.metric, frame);
  const curves = [...styles].flatMap(([arm, style]) => {
    const own = points.filter((point) => point.arm === arm).sort((a, b) => a.budget - b.budget);
    return own.length === 0 ? [] : [{ own, style, arm }];
  });
  const opacity = Math.min(0.15, 0.7 / curves.length);
  const dodge = budgets.length > 1 ? () => 0 : (index: number) => (index - (curves.length - 1) / 2) * 22;
  return [
    textElement(METRIC_TITLES[comparison.metric], {
      x: MARGIN.left,
      y: 20,
      'font-size': 14,
      'font-weight': 600,
      fill: INK,
    }),
    axes(x, y, budgets, comparison, frame),
    element('clipPath', { id }, element('rect', { ...frame })),
    element(
      'g',
      { 'clip-path': `url(#${id})` },
      ...curves.map(({ own, style }, index) => spread(own, { ...style, opacity }, x, y, dodge(index))),
    ),
    ...curves.map(({ own, style, arm }, index) => curve(own, style, x, y, dodge(index), arm)),
  ].join('\n');
}

interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function frameOf(panelWidth: number): Frame {
  const width = panelWidth - MARGIN.left - MARGIN.right;
  return { x: MARGIN.left, y: MARGIN.top, width, height: PANEL_HEIGHT - MARGIN.top - MARGIN.bottom };
}

function budgetScale(budgets: readonly number[], { x, width }: Frame): Scale {
  const [least, most] = [budgets[0]!, budgets.at(-1)!];
  // A single budget stands in the middle.
  const domain = least === most ? [least / 2, most * 2] : [least, most];
  return scaleLog(domain, [x + 14, x + width - 14]);
}

/**
 * Intervals far wider than the curves themselves, as of two seeds, are cut rather than flatten the curves, and so is
 * what no value can reach.
 */
function valueScale(points: readonly Point[], metric: Metric, { y, height }: Frame): Scale {
  const means = points.map(({ mean }) => mean);
  const [lowest, highest] = [Math.min(...means), Math.max(...means)];
  const low = Math.min(...points.map(({ interval, mean }) => interval?.low ?? mean));
  const high = Math.max(...points.map(({ interval, mean }) => interval?.high ?? mean));
  const room = highest > lowest ? highest - lowest : Math.max(high - low, Math.abs(highest) / 10, 0.01);
  const wanted =
    low < high ? [Math.max(low, lowest - room), Math.min(high, highest + room)] : [low - room, high + room];
  const scale = scaleLinear(wanted, [y + height, y]).nice(Y_TICKS);
  const [from = 0, to = 1] = scale.domain();
  const [least, most] = METRIC_RANGES[metric];
  // Values outside, if there were any, are still shown.
  return scale.domain([Math.max(from, Math.min(least, lowest)), Math.min(to, Math.max(most, highest))]);
}

function axes(
  x: Scale,
  y: Scale,
  budgets: readonly number[],
  { metric }: MetricComparison,
  { x: left, y: top, width, height }: Frame,
): string {
  const bottom = top + height;
  const format = y.tickFormat(Y_TICKS);
  const rows = y
    .ticks(Y_TICKS)
    .flatMap((tick) => [
      element('path', { d: `M${left} ${y(tick).toFixed(1)}h${width}`, stroke: FAINT }),
      textElement(format(tick), { x: left - 8, y: y(tick) + 4, 'text-anchor': 'end', fill: INK }),
    ]);
  const columns = apart(budgets, x).flatMap((budget) => [
    element('path', { d: `M${x(budget).toFixed(1)} ${bottom}v5`, stroke: INK }),
    textElement(budget.toLocaleString('en-US'), {
      x: x(budget),
      y: bottom + 19,
      'text-anchor': 'middle',
      fill: INK,
    }),
  ]);
  const titles = [
    textElement(budgets.length > 1 ? 'labels (log scale)' : 'labels', {
      x: left + width / 2,
      y: bottom + 38,
      'text-anchor': 'middle',
      fill: INK,
    }),
    textElement(METRIC_UNITS[metric], {
      transform: `translate(14 ${top + height / 2}) rotate(-90)`,
      'text-anchor': 'middle',
      fill: INK,
    }),
  ];
  return [...rows, element('path', { d: `M${left} ${bottom}h${width}`, stroke: INK }), ...columns, ...titles].join(
    '\n',
  );
}

/** The budgets whose labels have room, the largest first. */
function apart(budgets: readonly number[], x: Scale): number[] {
  let next = Number.POSITIVE_INFINITY;
  return budgets
    .toReversed()
    .filter((budget) => {
      const fits = next - x(budget) >= NARROWEST_TICKS;
      if (fits) next = x(budget);
      return fits;
    })
    .toReversed();
}

/** The interval: a band along the curve; of a lone point a bar. */
function spread(
  points: readonly Point[],
  { color, opacity }: ArmStyle & { readonly opacity: number },
  x: Scale,
  y: Scale,
  shift: number,
): string {
  const known = points.filter(({ interval }) => interval !== null);
  if (known.length === 1) {
    const { budget, interval } = known[0]!;
    const [from, to] = [y(interval!.low), y(interval!.high)];
    const at = x(budget) + shift;
    const d = `M${at} ${from}V${to}M${at - 4} ${from}h8M${at - 4} ${to}h8`;
    return element('path', { d, stroke: color, 'stroke-width': 1.5, fill: 'none' });
  }
  const band = area<Point>()
    .x(({ budget }) => x(budget))
    .y0(({ interval }) => y(interval!.low))
    .y1(({ interval }) => y(interval!.high))
    .digits(1);
  return element('path', { d: band(known) ?? '', fill: color, 'fill-opacity': opacity });
}

function curve(
  points: readonly Point[],
  { color, marker, dashes }: ArmStyle,
  x: Scale,
  y: Scale,
  shift: number,
  arm: string,
): string {
  const path = line<Point>()
    .x(({ budget }) => x(budget))
    .y(({ mean }) => y(mean))
    .digits(1);
  const through = { fill: 'none', stroke: color, 'stroke-width': 2, 'stroke-dasharray': dashes };
  const shape = symbol(marker, MARKER_AREA).digits(2)() ?? '';
  const marks = points.map(({ budget, mean }) =>
    element('path', {
      d: shape,
      transform: `translate(${(x(budget) + shift).toFixed(1)} ${y(mean).toFixed(1)})`,
      fill: color,
      stroke: '#FFFFFF',
      'stroke-width': 0.8,
    }),
  );
  return element(
    'g',
    { 'data-arm': arm },
    points.length > 1 ? element('path', { d: path(points) ?? '', ...through }) : '',
    ...marks,
  );
}
