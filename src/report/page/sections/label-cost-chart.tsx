import { barY, type PlotOptions, ruleY, text } from '@observablehq/plot';
import { useCallback } from 'preact/hooks';
import type { SpendingFigures } from '../../report-data.ts';
import { labelCostCaption } from '../captions/spending-captions.ts';
import { CHART_MARGINS } from '../components/axes.ts';
import { Chart } from '../components/chart.tsx';
import { count, dollars } from '../components/format.ts';
import { Money } from '../components/values.tsx';

/** What one label to train on cost at the end of each round, all costs included. */
export function LabelCostChart({ spending }: { spending: SpendingFigures }) {
  const rows = spending.perUsefulLabel;
  const draw = useCallback((): PlotOptions => {
    const priced = rows.filter(({ microUsdPerLabel }) => microUsdPerLabel !== null);
    const prices = { x: 'round', y: 'microUsdPerLabel' } as const;
    return {
      ...CHART_MARGINS,
      marginLeft: 68,
      x: { type: 'band', label: 'end of round', domain: priced.map(({ round }) => round), padding: 0.35 },
      y: {
        label: 'US dollars per label',
        grid: true,
        insetTop: 20,
        ticks: 5,
        tickFormat: (microUsd: number) => dollars(microUsd),
      },
      marks: [
        barY(priced, { ...prices, fill: 'var(--series-1)' }),
        text(priced, {
          ...prices,
          text: ({ microUsdPerLabel }: (typeof rows)[number]) => dollars(microUsdPerLabel),
          dy: -8,
          fill: 'var(--text)',
        }),
        ruleY([0], { stroke: 'var(--muted)' }),
      ],
    };
  }, [rows]);
  return (
    <Chart
      title="Cost per useful label"
      caption={labelCostCaption(spending)}
      draw={draw}
      rows={rows}
      columns={[
        { title: 'End of round', cell: ({ round }) => round, isNumber: true },
        { title: 'Spent', cell: ({ spentMicroUsd }) => <Money amount={spentMicroUsd} />, isNumber: true },
        { title: 'Useful labels', cell: ({ usefulLabels }) => count(usefulLabels), isNumber: true },
        { title: 'Per label', cell: ({ microUsdPerLabel }) => <Money amount={microUsdPerLabel} />, isNumber: true },
      ]}
    />
  );
}
