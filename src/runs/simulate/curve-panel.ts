import { areaY, axisX, dot, line, type Markish, type PlotOptions, ruleX, ruleY, scale, text } from '@observablehq/plot';
import type { ArmStyle } from './arm-styles.ts';
import type { ArmMean, MetricComparison } from './compare-arms.ts';
import { formatMetric, METRIC_RANGES, METRIC_TITLES, METRIC_UNITS } from './metric-words.ts';
import type { Metric } from './simulation-result.ts';

export const PANEL_HEIGHT = 310;
const MARGINS = { marginLeft: 62, marginRight: 18, marginTop: 34, marginBottom: 48 } as const;
/** Pixels between the frame and the first and last budget. */
const INSET = 14;
const Y_TICKS = 5;
/** The least distance between tick labels of budgets, in pixels. */
const LEAST_TICK_DISTANCE = 30;
/** The distance between arms if there is only one budget, in pixels. */
const DODGE = 22;

interface Point extends ArmMean {
  readonly budget: number;
  /** Ends of the interval; the mean if there is none. */
  readonly low: number;
  readonly high: number;
}

/**
 * A chart of one metric: the mean over seeds by budget, with the 95 % interval as a band. Budgets are on a log scale.
 * A single budget has its arms next to each other, with the intervals as bars.
 */
export function curvePanel(
  { metric, budgets: comparisons }: MetricComparison,
  styles: ReadonlyMap<string, ArmStyle>,
  width: number,
): PlotOptions {
  const points = comparisons.flatMap(({ budget, means }) =>
    means.map((one): Point => {
      const { low, high } = one.interval ?? { low: one.mean, high: one.mean };
      return { ...one, budget: budget!, low, high };
    }),
  );
  const budgets = comparisons.map(({ budget }) => budget!).sort((a, b) => a - b);
  const isSingle = budgets.length === 1;
  const [least, most] = [budgets[0]!, budgets.at(-1)!];
  const curves = [...styles].flatMap(([arm, style]) => {
    const own = points.filter((point) => point.arm === arm).sort((a, b) => a.budget - b.budget);
    return own.length === 0 ? [] : [{ arm, style, points: own }];
  });
  const opacity = Math.min(0.15, 0.7 / curves.length);
  const dodge = (index: number) => (isSingle ? (index - (curves.length - 1) / 2) * DODGE : 0);
  const axis = { labelAnchor: 'center', labelArrow: 'none' } as const;
  const domain = valueDomain(points, metric);
  return {
    ...MARGINS,
    width,
    height: PANEL_HEIGHT,
    // A single budget is in the middle.
    x: { type: 'log', domain: isSingle ? [least / 2, most * 2] : [least, most], inset: INSET },
    y: {
      ...axis,
      domain,
      // Wide intervals end at the frame.
      clamp: true,
      grid: true,
      ticks: Y_TICKS,
      tickSize: 0,
      label: METRIC_UNITS[metric],
    },
    marks: [
      text([METRIC_TITLES[metric]], { frameAnchor: 'top-left', dy: -26, fontSize: 14, fontWeight: 600 }),
      ruleY([domain[0]]),
      axisX(spacedBudgets(budgets, width), {
        ...axis,
        label: isSingle ? 'labels' : 'labels (log scale)',
        labelOffset: 38,
        // The tick format of a log axis would leave out some labels.
        text: (budget: number) => budget.toLocaleString('en-US'),
      }),
      ...curves.map(({ points: own, style }, index) => interval(own, style, opacity, dodge(index))),
      ...curves.flatMap(({ points: own, arm, style }, index) => curve(own, arm, style, dodge(index))),
    ],
  };
}

/** The range of the y axis. Intervals much wider than the curves are cut, and so are impossible values. */
function valueDomain(points: readonly Point[], metric: Metric): [number, number] {
  const means = points.map(({ mean }) => mean);
  const [lowest, highest] = [Math.min(...means), Math.max(...means)];
  const low = Math.min(...points.map((point) => point.low));
  const high = Math.max(...points.map((point) => point.high));
  const margin = highest > lowest ? highest - lowest : Math.max(high - low, Math.abs(highest) / 10, 0.01);
  const domain =
    low < high ? [Math.max(low, lowest - margin), Math.min(high, highest + margin)] : [low - margin, high + margin];
  const [from, to] = scale({ y: { domain, nice: Y_TICKS } }).domain as [number, number];
  const [least, most] = METRIC_RANGES[metric];
  // Means are always within the range.
  return [Math.max(from, Math.min(least, lowest)), Math.min(to, Math.max(most, highest))];
}

/** The budgets whose tick labels do not overlap, the largest first. */
function spacedBudgets(budgets: readonly number[], width: number): number[] {
  const axisWidth = width - MARGINS.marginLeft - MARGINS.marginRight - 2 * INSET;
  const range = Math.log(budgets.at(-1)! / budgets[0]!) || 1;
  let last = Number.POSITIVE_INFINITY;
  return budgets.toReversed().filter((budget) => {
    const at = (Math.log(budget / budgets[0]!) / range) * axisWidth;
    const fits = last - at >= LEAST_TICK_DISTANCE;
    if (fits) last = at;
    return fits;
  });
}

/** The interval as a band along the curve, or as a bar for a single point. */
function interval(points: readonly Point[], { color }: ArmStyle, opacity: number, dx: number): Markish {
  const known = points.filter((point) => point.interval !== null);
  const range = { x: 'budget', y1: 'low', y2: 'high' } as const;
  return known.length === 1
    ? ruleX(known, { ...range, stroke: color, strokeWidth: 1.5, dx })
    : areaY(known, { ...range, fill: color, fillOpacity: opacity });
}

function curve(points: readonly Point[], arm: string, { color, symbol, dash }: ArmStyle, dx: number): Markish[] {
  const position = { x: 'budget', y: 'mean' } as const;
  const title = ({ budget, mean }: Point) => `${arm}, ${budget.toLocaleString('en-US')} labels: ${formatMetric(mean)}`;
  const dots = dot(points, { ...position, symbol, r: 4, fill: color, stroke: '#ffffff', strokeWidth: 0.8, dx, title });
  if (points.length === 1) return [dots];
  return [
    line(points, { ...position, stroke: color, strokeWidth: 2, strokeDasharray: dash, ariaLabel: () => arm }),
    dots,
  ];
}
