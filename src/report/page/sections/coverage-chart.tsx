import { areaY, dot, line, type PlotOptions, pointerX, ruleY, tip } from '@observablehq/plot';
import { useCallback } from 'preact/hooks';
import type { CoverageFigures, CoveragePoint, RandomCoveragePoint } from '../../pool-figures.ts';
import { Chart } from '../components/chart.tsx';
import { countTicks } from '../components/count-ticks.ts';
import { CHART_MARGINS } from '../components/round-axis.ts';
import type { Series } from '../components/series.ts';
import { count, decimal, NONE, plainly, plural } from '../components/wording.ts';

const CHOSEN: Series = { name: 'labels as picked', color: 'var(--series-1)', symbol: 'circle' };
const RANDOM: Series = { name: 'random choices', color: 'var(--series-7)', dash: '6 4' };

const PLACES = 3;

/** One measure of coverage against the number of labels. */
export function CoverageChart({
  figures: { labels, random },
  measure,
  title,
  axis,
  says,
  most,
}: {
  figures: CoverageFigures;
  measure: 'radius' | 'meanDistance' | 'categories';
  title: string;
  axis: string;
  says: string;
  /** What it cannot exceed; drawn where given. */
  most?: number;
}) {
  const write = useCallback(
    (value: number) => (measure === 'categories' ? plainly(value) : decimal(value, PLACES)),
    [measure],
  );
  const byChance = useCallback(
    (size: number) => {
      const point = random.find((one) => one.count === size);
      if (point === undefined) return NONE;
      const { mean, low, high } = point[measure];
      return `${write(mean)} (${write(low)} to ${write(high)})`;
    },
    [random, measure, write],
  );
  const draw = useCallback((): PlotOptions => {
    const [first, last] = [labels[0]!.count, labels.at(-1)!.count];
    const spread = (edge: 'low' | 'mean' | 'high') => (point: RandomCoveragePoint) => point[measure][edge];
    return {
      ...CHART_MARGINS,
      x: { label: 'labels', ...countTicks(5, last - first) },
      y: {
        label: axis,
        grid: true,
        ...(most === undefined ? { ticks: 5, nice: true } : { ...countTicks(5, most), nice: false, domain: [0, most] }),
      },
      marks: [
        ...(most === undefined ? [] : [ruleY([most], { stroke: 'var(--muted)', strokeDasharray: '1 3' })]),
        areaY(random, { x: 'count', y1: spread('low'), y2: spread('high'), fill: RANDOM.color, fillOpacity: 0.25 }),
        line(random, {
          x: 'count',
          y: spread('mean'),
          stroke: RANDOM.color,
          strokeWidth: 2,
          strokeDasharray: RANDOM.dash,
        }),
        line(labels, { x: 'count', y: measure, stroke: CHOSEN.color, strokeWidth: 2 }),
        dot(labels, { x: 'count', y: measure, fill: CHOSEN.color, symbol: CHOSEN.symbol, r: 3 }),
        tip(
          labels,
          pointerX({
            x: 'count',
            y: measure,
            title: (point: CoveragePoint) =>
              `${plural(point.count, 'label')}: ${write(point[measure])}\nby chance ${byChance(point.count).replace(' (', '\n(')}`,
          }),
        ),
      ],
    };
  }, [labels, random, measure, axis, most, write, byChance]);
  return (
    <Chart
      title={title}
      says={says}
      draw={draw}
      series={[CHOSEN, RANDOM]}
      rows={labels}
      columns={[
        { title: 'Labels', cell: (point) => count(point.count), isNumber: true },
        { title: 'As picked', cell: (point) => write(point[measure]), isNumber: true },
        { title: 'By chance', cell: (point) => byChance(point.count), isNumber: true },
      ]}
    />
  );
}
