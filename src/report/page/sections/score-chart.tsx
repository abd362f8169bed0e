import { dot, line, type PlotOptions, pointerX, ruleX, tip } from '@observablehq/plot';
import { useCallback, useMemo } from 'preact/hooks';
import type { RoundFigures } from '../../report-data.ts';
import { INTERVAL, scoreCaption, usefulInterval } from '../captions/round-captions.ts';
import { CHART_MARGINS, roundAxis } from '../components/axes.ts';
import { Chart } from '../components/chart.tsx';
import { decimal, NONE, signed } from '../components/format.ts';
import type { Series } from '../components/series-legend.tsx';

const SUBSETS: readonly (Series & { readonly key: 'heldOutScore' | 'testScore' | 'poolScore' })[] = [
  { key: 'heldOutScore', name: 'held-out labels', color: 'var(--series-1)', symbol: 'circle' },
  { key: 'testScore', name: 'test set', color: 'var(--series-3)', symbol: 'triangle', dash: '7 4' },
  { key: 'poolScore', name: 'pool', color: 'var(--series-2)', symbol: 'square', dash: '2 3' },
];

/** The judge's mean score of each round's model, by subset. */
export function ScoreChart({ rounds }: { rounds: readonly RoundFigures[] }) {
  const series = useMemo(() => SUBSETS.filter(({ key }) => rounds.some((round) => round[key] !== null)), [rounds]);
  const draw = useCallback(
    (): PlotOptions => ({
      ...CHART_MARGINS,
      x: roundAxis(rounds),
      y: { label: 'mean score, 1 to 10', domain: [1, 10], grid: true, ticks: 5 },
      marks: [
        ruleX(
          rounds.filter((round) => usefulInterval(round) !== null),
          {
            x: 'number',
            y1: (round: RoundFigures) => usefulInterval(round)!.low,
            y2: (round: RoundFigures) => usefulInterval(round)!.high,
            stroke: 'var(--series-1)',
            strokeWidth: 1.5,
          },
        ),
        ...series.flatMap(({ key, name, color, symbol, dash }) => {
          const scored = rounds.filter((round) => round[key] !== null);
          return [
            line(scored, { x: 'number', y: key, stroke: color, strokeWidth: 2, strokeDasharray: dash }),
            dot(scored, { x: 'number', y: key, fill: color, symbol, r: 5 }),
            tip(
              scored,
              pointerX({
                x: 'number',
                y: key,
                title: (round: RoundFigures) => `round ${round.number}, ${name}: ${decimal(round[key])}`,
              }),
            ),
          ];
        }),
      ],
    }),
    [rounds, series],
  );
  return (
    <Chart
      title="Mean score by round"
      caption={scoreCaption(rounds)}
      draw={draw}
      series={series}
      rows={rounds}
      columns={[
        { title: 'Round', cell: ({ number }) => number, isNumber: true },
        { title: 'Held-out score', cell: ({ heldOutScore }) => decimal(heldOutScore), isNumber: true },
        {
          title: INTERVAL,
          cell: describeInterval,
          isNumber: true,
        },
        { title: 'Test score', cell: ({ testScore }) => decimal(testScore), isNumber: true },
        { title: 'Pool score', cell: ({ poolScore }) => decimal(poolScore), isNumber: true },
        { title: 'Gain', cell: ({ gain }) => (gain === null ? NONE : signed(gain)), isNumber: true },
      ]}
    />
  );
}

function describeInterval(round: RoundFigures): string {
  const interval = usefulInterval(round);
  if (interval !== null) return `${decimal(interval.low)} to ${decimal(interval.high)}`;
  return round.heldOutScore === null ? NONE : 'too few labels';
}
