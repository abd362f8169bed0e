import { dot, line, type PlotOptions, pointerX, ruleX, ruleY, tip } from '@observablehq/plot';
import { useCallback, useMemo } from 'preact/hooks';
import type { RoundFigures } from '../../report-data.ts';
import { areComparable, type FailureRate, failureCaption, failureRates, INTERVAL } from '../captions/round-captions.ts';
import { CHART_MARGINS, roundAxis } from '../components/axes.ts';
import { Chart } from '../components/chart.tsx';
import { count, NONE, percent, trimmed } from '../components/format.ts';

const COLOR = 'var(--series-2)';

/** The failure rate of each round's model, with intervals: on the test set, else on the pool. */
export function FailureChart({ rounds }: { rounds: readonly RoundFigures[] }) {
  const rates = useMemo(() => failureRates(rounds), [rounds]);
  const draw = useCallback((): PlotOptions => {
    const rows = rates.map((rate) => ({ ...rate, ...rate.interval, number: rate.round }));
    return {
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
        ...(areComparable(rates) ? [line(rows, { x: 'number', y: 'rate', stroke: COLOR, strokeWidth: 2 })] : []),
        ruleX(
          rows.filter(({ interval }) => interval !== null),
          { x: 'number', y1: 'low', y2: 'high', stroke: COLOR, strokeWidth: 1.5 },
        ),
        dot(rows, { x: 'number', y: 'rate', fill: COLOR, r: 5, symbol: 'square' }),
        tip(rows, pointerX({ x: 'number', y: 'rate', title: describe })),
      ],
    };
  }, [rates]);
  return (
    <Chart
      title="Failure rate by round"
      caption={failureCaption(rounds)}
      draw={draw}
      rows={rates}
      columns={[
        { title: 'Round', cell: ({ round }) => round, isNumber: true },
        {
          title: rates[0]!.on === 'test' ? 'Test items' : 'Answers',
          cell: (rate) => count(rate.count),
          isNumber: true,
        },
        { title: 'Failure rate', cell: ({ rate }) => percent(rate), isNumber: true },
        { title: INTERVAL, cell: rangeOf, isNumber: true },
        {
          title: 'Threshold',
          cell: ({ threshold }) => (threshold === null ? NONE : trimmed(threshold)),
          isNumber: true,
        },
      ]}
    />
  );
}

function describe(rate: FailureRate): string {
  const items = rate.on === 'test' ? 'test items' : 'answers';
  return `round ${rate.round}: ${percent(rate.rate)} of ${count(rate.count)} ${items}\n${INTERVAL}: ${rangeOf(rate)}`;
}

function rangeOf({ interval }: FailureRate): string {
  return interval === null ? NONE : `${percent(interval.low)} to ${percent(interval.high)}`;
}
