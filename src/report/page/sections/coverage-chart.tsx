import { areaY, dot, line, type PlotOptions, pointerX, ruleY, tip } from '@observablehq/plot';
import { useCallback } from 'preact/hooks';
import type { CoverageFigures, CoveragePoint, RandomCoveragePoint } from '../../pool-figures.ts';
import { CHART_MARGINS, countAxis } from '../components/axes.ts';
import { Chart } from '../components/chart.tsx';
import { count, decimal, NONE, plural, trimmed } from '../components/format.ts';
import type { Series } from '../components/series-legend.tsx';

const PICKED: Series = { name: 'labels as picked', color: 'var(--series-1)', symbol: 'circle' };
const RANDOM: Series = { name: 'random picks', color: 'var(--series-7)', dash: '6 4' };

const PLACES = 3;

/** One measure of coverage by number of labels. */
export function CoverageChart({
  figures: { labels, random },
  measure,
  title,
  axis,
  caption,
  limit,
}: {
  figures: CoverageFigures;
  measure: 'radius' | 'meanDistance' | 'categories';
  title: string;
  axis: string;
  caption: string;
  /** The largest possible value, drawn as a line. */
  limit?: number;
}) {
  const format = useCallback(
    (value: number) => (measure === 'categories' ? trimmed(value) : decimal(value, PLACES)),
    [measure],
  );
  const randomRange = useCallback(
    (size: number) => {
      const point = random.find((one) => one.count === size);
      if (point === undefined) return NONE;
      const { mean, low, high } = point[measure];
      return `${format(mean)} (${format(low)} to ${format(high)})`;
    },
    [random, measure, format],
  );
  const draw = useCallback((): PlotOptions => {
    const [first, last] = [labels[0]!.count, labels.at(-1)!.count];
    const spread = (edge: 'low' | 'mean' | 'high') => (point: RandomCoveragePoint) => point[measure][edge];
    return {
      ...CHART_MARGINS,
      x: { label: 'labels', ...countAxis(5, last - first) },
      y: {
        label: axis,
        grid: true,
        ...(limit === undefined
          ? { ticks: 5, nice: true }
          : { ...countAxis(5, limit), nice: false, domain: [0, limit] }),
      },
      marks: [
        ...(limit === undefined ? [] : [ruleY([limit], { stroke: 'var(--muted)', strokeDasharray: '1 3' })]),
        areaY(random, { x: 'count', y1: spread('low'), y2: spread('high'), fill: RANDOM.color, fillOpacity: 0.25 }),
        line(random, {
          x: 'count',
          y: spread('mean'),
          stroke: RANDOM.color,
          strokeWidth: 2,
          strokeDasharray: RANDOM.dash,
        }),
        line(labels, { x: 'count', y: measure, stroke: PICKED.color, strokeWidth: 2 }),
        dot(labels, { x: 'count', y: measure, fill: PICKED.color, symbol: PICKED.symbol, r: 3 }),
        tip(
          labels,
          pointerX({
            x: 'count',
            y: measure,
            title: (point: CoveragePoint) =>
              `${plural(point.count, 'label')}: ${format(point[measure])}\nrandom: ${randomRange(point.count).replace(' (', '\n(')}`,
          }),
        ),
      ],
    };
  }, [labels, random, measure, axis, limit, format, randomRange]);
  return (
    <Chart
      title={title}
      caption={caption}
      draw={draw}
      series={[PICKED, RANDOM]}
      rows={labels}
      columns={[
        { title: 'Labels', cell: (point) => count(point.count), isNumber: true },
        { title: 'As picked', cell: (point) => format(point[measure]), isNumber: true },
        { title: 'Random picks', cell: (point) => randomRange(point.count), isNumber: true },
      ]}
    />
  );
}
