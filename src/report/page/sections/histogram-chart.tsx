import { type PlotOptions, pointerX, rectY, ruleX, ruleY, tip } from '@observablehq/plot';
import { useCallback, useMemo } from 'preact/hooks';
import { Chart } from '../components/chart.tsx';
import { countTicks } from '../components/count-ticks.ts';
import { CHART_MARGINS } from '../components/round-axis.ts';
import { count, plainly } from '../components/wording.ts';

/** Pixels for the label of a tick. */
const TICK_ROOM = 85;

/** How many items have which score: bins of equal width, and the threshold where there is one. */
export function HistogramChart({
  title,
  says,
  axis,
  noun,
  from,
  to,
  bins,
  threshold,
}: {
  title: string;
  says: string;
  /** What is scored, with its unit. */
  axis: string;
  /** What is counted. */
  noun: string;
  from: number;
  to: number;
  bins: readonly number[];
  threshold: number | null;
}) {
  const rows = useMemo(() => {
    const width = (to - from) / bins.length;
    return bins.map((items, index) => ({ items, low: from + index * width, high: from + (index + 1) * width }));
  }, [from, to, bins]);
  const draw = useCallback(
    (width: number): PlotOptions => ({
      ...CHART_MARGINS,
      height: 220,
      x: { label: axis, domain: [from, to], ticks: Math.min(6, Math.floor(width / TICK_ROOM)) },
      y: { label: noun, grid: true, ...countTicks(4, Math.max(...bins)) },
      marks: [
        rectY(rows, { x1: 'low', x2: 'high', y: 'items', fill: 'var(--series-1)', insetLeft: 1, insetRight: 1 }),
        ruleY([0], { stroke: 'var(--muted)' }),
        ...(threshold === null
          ? []
          : [ruleX([threshold], { stroke: 'var(--series-2)', strokeWidth: 2, strokeDasharray: '5 3' })]),
        tip(
          rows,
          pointerX({
            x: ({ low, high }: (typeof rows)[number]) => (low + high) / 2,
            y: 'items',
            title: ({ low, high, items }: (typeof rows)[number]) =>
              `${plainly(low)} to ${plainly(high)}: ${count(items)}`,
          }),
        ),
      ],
    }),
    [rows, bins, axis, noun, from, to, threshold],
  );
  return (
    <Chart
      title={title}
      says={says}
      draw={draw}
      rows={rows}
      columns={[
        { title: 'From', cell: ({ low }) => plainly(low), isNumber: true },
        { title: 'To', cell: ({ high }) => plainly(high), isNumber: true },
        { title: noun, cell: ({ items }) => count(items), isNumber: true },
      ]}
    />
  );
}
