import { type PlotOptions, pointerX, rectY, ruleX, ruleY, tip } from '@observablehq/plot';
import { useCallback, useMemo } from 'preact/hooks';
import { CHART_MARGINS, countAxis } from '../components/axes.ts';
import { Chart } from '../components/chart.tsx';
import { count, trimmed } from '../components/format.ts';

/** Pixels a tick label needs. */
const TICK_WIDTH = 85;

/** How many items have which score, with the threshold if there is one. */
export function HistogramChart({
  title,
  caption,
  axis,
  noun,
  from,
  to,
  bins,
  threshold,
}: {
  title: string;
  caption: string;
  /** Label of the x axis. */
  axis: string;
  /** What is counted, in the plural. */
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
      x: { label: axis, domain: [from, to], ticks: Math.min(6, Math.floor(width / TICK_WIDTH)) },
      y: { label: noun.toLowerCase(), grid: true, ...countAxis(4, Math.max(...bins)) },
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
              `${trimmed(low)} to ${trimmed(high)}: ${count(items)}`,
          }),
        ),
      ],
    }),
    [rows, bins, axis, noun, from, to, threshold],
  );
  return (
    <Chart
      title={title}
      caption={caption}
      draw={draw}
      rows={rows}
      columns={[
        { title: 'From', cell: ({ low }) => trimmed(low), isNumber: true },
        { title: 'To', cell: ({ high }) => trimmed(high), isNumber: true },
        { title: noun, cell: ({ items }) => count(items), isNumber: true },
      ]}
    />
  );
}
