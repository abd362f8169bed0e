import type { Figure, RoundFigures } from '../../report-data.ts';
import { failureRates, isEvaluated } from '../captions/round-captions.ts';
import { type Column, DataTable } from '../components/data-table.tsx';
import { count, decimal, NONE, percent, plural, signed } from '../components/format.ts';
import { PoolText } from '../components/pool-text.tsx';
import { EmptyState } from '../components/section.tsx';
import { Timestamp } from '../components/values.tsx';
import { FailureChart } from './failure-chart.tsx';
import { ScoreChart } from './score-chart.tsx';

/** What each round did and how good its model was. */
export function Rounds({ rounds }: { rounds: readonly RoundFigures[] }) {
  if (rounds.length === 0) return <EmptyState>No round has been planned yet.</EmptyState>;
  const rates = failureRates(rounds);
  const scored = rounds.filter(
    (round) => round.poolScore !== null || round.heldOutScore !== null || round.testScore !== null,
  );
  const withModel = rounds.filter(({ model }) => model !== null);
  return (
    <>
      {rates.length === 0 && scored.length === 0 ? (
        <EmptyState>No model has been evaluated yet.</EmptyState>
      ) : (
        <div class="charts">
          {rates.length > 0 ? <FailureChart rounds={rounds} /> : null}
          {scored.length > 0 ? <ScoreChart rounds={scored} /> : null}
        </div>
      )}
      <h3>Picks and labels</h3>
      <RoundTable label="Picks and labels by round" rounds={rounds} columns={LABELING} />
      {withModel.length === 0 ? null : (
        <>
          <h3>Models</h3>
          <RoundTable
            label="Models by round"
            rounds={withModel}
            // Each model answers another part of the pool: beside each other only where there is no test set.
            columns={
              rates.some(({ on }) => on === 'test') ? MODELS.filter((column) => column !== POOL_FAILURES) : MODELS
            }
          />
        </>
      )}
    </>
  );
}

type RoundColumn = Column<RoundFigures> & { readonly isKnown: (round: RoundFigures) => boolean };

const LABELING: readonly RoundColumn[] = [
  always({ title: 'Round', cell: ({ number }) => number, isNumber: true }),
  always({ title: 'Kind', cell: ({ kind }) => kind }),
  always({ title: 'Strategy', cell: ({ strategy }) => strategy }),
  always({ title: 'Planned', cell: ({ plannedAtMs }) => <Timestamp at={plannedAtMs} isDay /> }),
  counted('Picked', ({ picked }) => picked),
  counted('Labeled', ({ labeled }) => labeled),
  counted('Rejected', ({ rejected }) => rejected),
  counted('Skipped', ({ skipped }) => skipped),
  counted('Awaited', ({ awaited }) => awaited),
  counted('Withdrawn', ({ withdrawn }) => withdrawn),
];

const POOL_FAILURES: RoundColumn = {
  title: 'Failure rate, pool',
  cell: describeFailures,
  isNumber: true,
  isKnown: isEvaluated,
};

const MODELS: readonly RoundColumn[] = [
  always({ title: 'Round', cell: ({ number }) => number, isNumber: true }),
  always({ title: 'Model', cell: ({ model }) => <PoolText>{model!}</PoolText> }),
  POOL_FAILURES,
  {
    title: 'Test items',
    cell: ({ test }) => (test === null ? NONE : count(test.score.count)),
    isNumber: true,
    isKnown: ({ test }) => test !== null,
  },
  tested('Failure rate, test', ({ failureRate }) => failureRate, percent),
  tested(
    'Score, test',
    ({ score }) => score,
    (value) => decimal(value),
  ),
  tested('ROUGE‑L', ({ rougeL }) => rougeL, percent),
  tested('chrF', ({ chrF }) => chrF, percent),
  tested(
    'Cosine',
    ({ cosine }) => cosine,
    (value) => decimal(value),
  ),
  { ...scored('Gain', ({ gain }) => gain), cell: describeGain },
];

function describeGain({ gain, gainFigure }: RoundFigures): string {
  if (gain === null) return NONE;
  const range = gainFigure?.interval ?? null;
  return range === null ? signed(gain) : `${signed(gain)} (${signed(range.low)} to ${signed(range.high)})`;
}

/** Columns without any value are left out. */
function RoundTable({
  label,
  rounds,
  columns,
}: {
  label: string;
  rounds: readonly RoundFigures[];
  columns: readonly RoundColumn[];
}) {
  return <DataTable label={label} rows={rounds} columns={columns.filter(({ isKnown }) => rounds.some(isKnown))} />;
}

function always(column: Column<RoundFigures>): RoundColumn {
  return { ...column, isKnown: () => true };
}

function counted(title: string, value: (round: RoundFigures) => number): RoundColumn {
  return { title, cell: (round) => count(value(round)), isNumber: true, isKnown: (round) => value(round) > 0 };
}

function scored(title: string, value: (round: RoundFigures) => number | null): RoundColumn {
  return { title, cell: (round) => decimal(value(round)), isNumber: true, isKnown: (round) => value(round) !== null };
}

function describeFailures(round: RoundFigures): string {
  if (!isEvaluated(round)) return NONE;
  const { low, high } = round.failureInterval;
  return `${percent(round.failureRate)} (${percent(low)} to ${percent(high)}; ${plural(round.evaluated, 'item')})`;
}

/** "6.02 (5.62 to 6.42)"; the number of items only where it is not that of the column `Test items`. */
function figure(
  { mean, count: items, interval }: Figure,
  testItems: number,
  format: (value: number) => string,
): string {
  const known = [
    ...(interval === null ? [] : [`${format(interval.low)} to ${format(interval.high)}`]),
    ...(items === testItems ? [] : [plural(items, 'item')]),
  ];
  return known.length === 0 ? format(mean) : `${format(mean)} (${known.join('; ')})`;
}

function tested(title: string, of: (test: Test) => Figure | null, format: (value: number) => string): RoundColumn {
  const value = ({ test }: RoundFigures) => (test === null ? null : of(test));
  return {
    title,
    cell: (round) => {
      const known = value(round);
      return known === null ? NONE : figure(known, round.test!.score.count, format);
    },
    isNumber: true,
    isKnown: (round) => value(round) !== null,
  };
}

type Test = NonNullable<RoundFigures['test']>;
