import { barY, type PlotOptions, pointer, stackY, text, tip } from '@observablehq/plot';
import { useCallback, useMemo } from 'preact/hooks';
import type { SpendingFigures } from '../../report-data.ts';
import { kindName, sayCosts, totalsByKind } from '../captions/say-spending.ts';
import { Chart } from '../components/chart.tsx';
import type { Column } from '../components/data-table.tsx';
import { Money } from '../components/money.tsx';
import { CHART_MARGINS } from '../components/round-axis.ts';
import { SERIES_COLORS } from '../components/series.ts';
import { count, dollars, NONE } from '../components/wording.ts';

/** The part of the highest bar from which on there is room for a name in it. */
const NAMED_FROM = 0.09;
/** Of a letter of a name, and of a round's place the part that is its bar. */
const LETTER_WIDTH = 7.5;
const PADDING = 0.25;
const LEFT = 68;

/** What came of each kind of call and expense in each round. */
export const COST_COLUMNS: readonly Column<SpendingFigures['byKindAndRound'][number]>[] = [
  { title: 'Round', cell: ({ round }) => roundName(round) },
  { title: 'Kind', cell: ({ kind }) => kindName(kind) },
  { title: 'Spent', cell: ({ settledMicroUsd }) => <Money amount={settledMicroUsd} />, isNumber: true },
  { title: 'Set aside', cell: ({ reservedMicroUsd }) => <Money amount={reservedMicroUsd} />, isNumber: true },
  { title: 'Calls', cell: ({ calls }) => counted(calls), isNumber: true },
  { title: 'Input tokens', cell: ({ inputTokens }) => counted(inputTokens), isNumber: true },
  { title: 'Output tokens', cell: ({ outputTokens }) => counted(outputTokens), isNumber: true },
];

/** What was spent or set aside in each round, by kind, one upon the other. */
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
      const nameIn = ({ kind, microUsd }: (typeof rows)[number]) => {
        const name = kindName(kind);
        return microUsd > NAMED_FROM * highest && name.length * LETTER_WIDTH < barWidth ? name : '';
      };
      const place = (row: (typeof rows)[number]) => kinds.indexOf(row.kind);
      const stacked = { x: 'round', y: 'microUsd', order: place } as const;
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
              text: nameIn,
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
      says={sayCosts(spending)}
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
  const asked = calls > 0 ? `, ${count(calls)} calls` : '';
  return `${round === 0 ? 'before round 1' : `round ${round}`}, ${kindName(kind)}\n${dollars(microUsd)}${asked}`;
}

function roundName(round: number): string {
  return round === 0 ? 'before' : String(round);
}

function counted(value: number): string {
  return value === 0 ? NONE : count(value);
}

function sum(rows: readonly { readonly microUsd: number }[]): number {
  return rows.reduce((total, { microUsd }) => total + microUsd, 0);
}
