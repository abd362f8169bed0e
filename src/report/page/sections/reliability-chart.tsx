import { dot, line, type PlotOptions, pointerX, ruleX, tip } from '@observablehq/plot';
import { useCallback } from 'preact/hooks';
import type { JudgeAgreement } from '../../report-data.ts';
import { judgeCaption } from '../captions/score-captions.ts';
import { CHART_MARGINS } from '../components/axes.ts';
import { Chart } from '../components/chart.tsx';
import { count, percent } from '../components/format.ts';

type Bin = JudgeAgreement['reliability'][number];

/** The diagonal: what a judge predicts that is always right. */
const IDEAL = [
  { expected: 0, observed: 0 },
  { expected: 1, observed: 1 },
];

/** The approval that a judge's scores predict, beside what people approved. */
export function ReliabilityChart({ judge }: { judge: JudgeAgreement }) {
  const { reliability } = judge;
  const draw = useCallback(
    (): PlotOptions => ({
      ...CHART_MARGINS,
      x: { label: 'approval predicted from the score', domain: [0, 1], tickFormat: '.0%', ticks: 5 },
      y: { label: 'approved by people', domain: [0, 1], tickFormat: '.0%', ticks: 5, grid: true },
      marks: [
        line(IDEAL, { x: 'expected', y: 'observed', stroke: 'var(--muted)', strokeDasharray: '5 3' }),
        ruleX(reliability, {
          x: 'expected',
          y1: ({ interval }: Bin) => interval.low,
          y2: ({ interval }: Bin) => interval.high,
          stroke: 'var(--series-1)',
          strokeWidth: 1.5,
        }),
        dot(reliability, { x: 'expected', y: 'observed', fill: 'var(--series-1)', r: 5 }),
        tip(
          reliability,
          pointerX({
            x: 'expected',
            y: 'observed',
            title: ({ expected, observed, judgments }: Bin) =>
              `${percent(expected)} predicted, ${percent(observed)} of ${count(judgments)} approved`,
          }),
        ),
      ],
    }),
    [reliability],
  );
  return (
    <Chart
      title={`The ${judge.judge} judge and people`}
      caption={judgeCaption(judge)}
      draw={draw}
      rows={reliability}
      columns={[
        { title: 'Predicted', cell: ({ expected }) => percent(expected), isNumber: true },
        { title: 'Approved', cell: ({ observed }) => percent(observed), isNumber: true },
        {
          title: '95 % interval',
          cell: ({ interval }) => `${percent(interval.low)} to ${percent(interval.high)}`,
          isNumber: true,
        },
        { title: 'Items', cell: ({ judgments }) => count(judgments), isNumber: true },
      ]}
    />
  );
}
