import { barY, type PlotOptions, pointer, stackY, text, tip } from '@observablehq/plot';
import { useCallback, useMemo } from 'preact/hooks';
import type { SpendingFigures } from '../../report-data.ts';
import { costCaption, kindName, totalsByKind } from '../captions/spending-captions.ts';
import { CHART_MARGINS } from '../components/axes.ts';
import { Chart } from '../components/chart.tsx';
import type { Column } from '../components/data-table.tsx';
import { count, dollars, NONE, plural } from '../components/format.ts';
import { SERIES_COLORS } from '../components/series-legend.tsx';
import { Money } from '../components/values.tsx';

/** A part of a bar is named if it has at least this share of the highest bar. */
const NAMED_FROM = 0.09;
const LETTER_WIDTH = 7.5;
/** Share of a round's width that is left blank. */
const PADDING = 0.25;
const LEFT = 68;

/** The cost, calls and tokens of each kind in each round. */
export const COST_COLUMNS: readonly Column<SpendingFigures['byKindAndRound'][number]>[] = [
  { title: 'Round', cell: ({ round }) => roundName(round) },
  { title: 'Kind', cell: ({ kind }) => kindName(kind) },
  { title: 'Spent', cell: ({ settledMicroUsd }) => <Money amount={settledMicroUsd} />, isNumber: true },
  { title: 'Set aside', cell: ({ reservedMicroUsd }) => <Money amount={reservedMicroUsd} />, isNumber: true },
  { title: 'Calls', cell: ({ calls }) => countOrNone(calls), isNumber: true },
  { title: 'Input tokens', cell: ({ inputTokens }) => countOrNone(inputTokens), isNumber: true },
  { title: 'Output tokens', cell: ({ outputTokens }) => countOrNone(outputTokens), isNumber: true },
];

/** What was spent or set aside in each round, stacked by kind. */
export function CostChart({ spending }: { spending: SpendingFigures }) {
  const rows = useMemo(
    () => spending.byKindAndRound.map((row) => ({ ...row, microUsd: row.settledMicroUsd + row.reservedMicroUsd })),
    [spending],
  );
  const kinds = useMemo(
    () =>
      totalsByKind(spending)
        .filter(({ microUsd }) => microUsd > 0)
        .map(({ kind }) => kind),
    [spending],
  );
  const series = kinds.map((kind, index) => ({
    name: kindName(kind),
    color: SERIES_COLORS[index % SERIES_COLORS.length]!,
  }));
  const draw = useCallback(
    (width: number): PlotOptions => {
      const paid = rows.filter(({ microUsd }) => microUsd > 0);
      const rounds = [...new Set(paid.map(({ round }) => round))].sort((a, b) => a - b);
      const highest = Math.max(0, ...rounds.map((round) => sum(paid.filter((row) => row.round === round))));
      const barWidth = ((width - LEFT - CHART_MARGINS.marginRight) / rounds.length) * (1 - PADDING);
      const nameOf = ({ kind, microUsd }: (typeof rows)[number]) => {
        const name = kindName(kind);
        return microUsd > NAMED_FROM * highest && name.length * LETTER_WIDTH < barWidth ? name : '';
      };
      const kindOrder = (row: (typeof rows)[number]) => kinds.indexOf(row.kind);
      const stacked = { x: 'round', y: 'microUsd', order: kindOrder } as const;
      return {
        ...CHART_MARGINS,
        marginLeft: LEFT,
        x: { type: 'band', label: 'round', domain: rounds, tickFormat: roundName, padding: PADDING },
        y: { label: 'US dollars', grid: true, nice: 5, ticks: 5, tickFormat: (microUsd: number) => dollars(microUsd) },
        color: { domain: kinds, range: series.map(({ color }) => color) },
        marks: [
          barY(paid, stackY({ ...stacked, fill: 'kind', stroke: 'var(--ground)', strokeWidth: 1 })),
          text(
            paid,
            stackY({
              ...stacked,
              text: nameOf,
              fill: 'var(--ground)',
              fontWeight: 600,
            }),
          ),
          tip(paid, pointer(stackY({ ...stacked, title: describe }))),
        ],
      };
    },
    [rows, kinds, series],
  );
  return (
    <Chart
      title="Cost by kind and round"
      caption={costCaption(spending)}
      draw={draw}
      series={series}
      rows={rows}
      columns={COST_COLUMNS}
    />
  );
}

function describe({
  round,
  kind,
  microUsd,
  calls,
}: {
  round: number;
  kind: string;
  microUsd: number;
  calls: number;
}): string {
  const called = calls > 0 ? `, ${plural(calls, 'call')}` : '';
  return `${round === 0 ? 'before round 1' : `round ${round}`}, ${kindName(kind)}\n${dollars(microUsd)}${called}`;
}

function roundName(round: number): string {
  return round === 0 ? 'before' : String(round);
}

function countOrNone(value: number): string {
  return value === 0 ? NONE : count(value);
}

function sum(rows: readonly { readonly microUsd: number }[]): number {
  return rows.reduce((total, { microUsd }) => total + microUsd, 0);
}
