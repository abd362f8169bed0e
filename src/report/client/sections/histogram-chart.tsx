import { type PlotOptions, pointerX, rectY, ruleX, ruleY, tip } from '@observablehq/plot';
import { useCallback, useMemo } from 'preact/hooks';
import { Chart } from '../parts/chart.tsx';
import { CHART_MARGINS } from '../parts/round-axis.ts';
import { count, figure } from '../parts/wording.ts';

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
      y: { label: noun, grid: true, ticks: 4, tickFormat: 'd' },
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
              `${figure(low)} to ${figure(high)}: ${count(items)}`,
          }),
        ),
      ],
    }),
    [rows, axis, noun, from, to, threshold],
  );
  return (
    <Chart
      title={title}
      says={says}
      draw={draw}
      rows={rows}
      columns={[
        { title: 'From', cell: ({ low }) => figure(low), isNumber: true },
        { title: 'To', cell: ({ high }) => figure(high), isNumber: true },
        { title: noun, cell: ({ items }) => count(items), isNumber: true },
      ]}
    />
  );
}
