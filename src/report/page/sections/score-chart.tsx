import { dot, line, type PlotOptions, pointerX, ruleX, tip } from '@observablehq/plot';
import { useCallback, useMemo } from 'preact/hooks';
import type { RoundFigures } from '../../report-data.ts';
import { INTERVAL, scoreCaption, usefulInterval } from '../captions/round-captions.ts';
import { CHART_MARGINS, roundAxis } from '../components/axes.ts';
import { Chart } from '../components/chart.tsx';
import { decimal, NONE, signed } from '../components/format.ts';
import type { Series } from '../components/series-legend.tsx';

const SUBSETS: readonly (Series & { readonly key: 'heldOutScore' | 'testScore' | 'poolScore' })[] = [
  { key: 'testScore', name: 'test set', color: 'var(--series-1)', symbol: 'circle' },
  { key: 'heldOutScore', name: 'held-out labels', color: 'var(--series-3)', symbol: 'triangle', dash: '7 4' },
  { key: 'poolScore', name: 'pool', color: 'var(--series-2)', symbol: 'square', dash: '2 3' },
];

/** The judge's mean score of each round's model: on the test set, else on held-out labels, else on the pool. */
export function ScoreChart({ rounds }: { rounds: readonly RoundFigures[] }) {
  // One of them only: means of different items do not compare.
  const series = useMemo(
    () => SUBSETS.filter(({ key }) => rounds.some((round) => round[key] !== null)).slice(0, 1),
    [rounds],
  );
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
            stroke: series[0]?.color,
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
        ...series.map(({ key, name }) => ({
          title: `Score, ${name}`,
          cell: (round: RoundFigures) => decimal(round[key]),
          isNumber: true,
        })),
        { title: INTERVAL, cell: describeInterval, isNumber: true },
        { title: 'Gain', cell: ({ gain }) => (gain === null ? NONE : signed(gain)), isNumber: true },
      ]}
    />
  );
}

function describeInterval(round: RoundFigures): string {
  const interval = usefulInterval(round);
  if (interval !== null) return `${decimal(interval.low)} to ${decimal(interval.high)}`;
  return round.test === null ? NONE : 'too few labels';
}
