import { dot, line, type PlotOptions, pointerX, ruleX, ruleY, tip } from '@observablehq/plot';
import { useCallback, useMemo } from 'preact/hooks';
import { type EvaluatedRound, failureCaption, INTERVAL } from '../captions/round-captions.ts';
import { CHART_MARGINS, roundAxis } from '../components/axes.ts';
import { Chart } from '../components/chart.tsx';
import { count, NONE, percent, trimmed } from '../components/format.ts';

const COLOR = 'var(--series-2)';

/** The failure rate of each round's model on the pool, with intervals. */
export function FailureChart({ rounds }: { rounds: readonly EvaluatedRound[] }) {
  const rows = useMemo(() => rounds.map((round) => ({ ...round, ...round.failureInterval })), [rounds]);
  const draw = useCallback(
    (): PlotOptions => ({
      ...CHART_MARGINS,
      x: roundAxis(rows),
      y: {
        label: 'failures, % of answers',
        domain: [0, 1],
        tickFormat: (share: number) => `${Math.round(100 * share)}`,
        grid: true,
        ticks: 5,
      },
      marks: [
        ruleY([0], { stroke: 'var(--line)' }),
        line(rows, { x: 'number', y: 'failureRate', stroke: COLOR, strokeWidth: 2 }),
        ruleX(rows, { x: 'number', y1: 'low', y2: 'high', stroke: COLOR, strokeWidth: 1.5 }),
        dot(rows, { x: 'number', y: 'failureRate', fill: COLOR, r: 5, symbol: 'square' }),
        tip(rows, pointerX({ x: 'number', y: 'failureRate', title: describe })),
      ],
    }),
    [rows],
  );
  return (
    <Chart
      title="Failure rate by round"
      caption={failureCaption(rounds)}
      draw={draw}
      rows={rows}
      columns={[
        { title: 'Round', cell: ({ number }) => number, isNumber: true },
        { title: 'Answers', cell: ({ evaluated }) => count(evaluated), isNumber: true },
        { title: 'Failures', cell: ({ failures }) => count(failures), isNumber: true },
        { title: 'Failure rate', cell: ({ failureRate }) => percent(failureRate), isNumber: true },
        {
          title: INTERVAL,
          cell: ({ low, high }) => `${percent(low)} to ${percent(high)}`,
          isNumber: true,
        },
        {
          title: 'Threshold',
          cell: ({ threshold }) => (threshold === null ? NONE : trimmed(threshold)),
          isNumber: true,
        },
      ]}
    />
  );
}

function describe({
  number,
  failureRate,
  failures,
  evaluated,
  low,
  high,
}: EvaluatedRound & { low: number; high: number }): string {
  return `round ${number}: ${percent(failureRate)}\n${count(failures)} of ${count(evaluated)} answers\n${INTERVAL}: ${percent(low)} to ${percent(high)}`;
}
