import type { RoundFigures } from '../../report-data.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Moment } from '../parts/moment.tsx';
import { PoolText } from '../parts/pool-text.tsx';
import { Absent } from '../parts/section.tsx';
import { count, decimal, NONE, percent } from '../parts/wording.ts';
import { isEvaluated } from '../says/say-rounds.ts';
import { FailureChart } from './failure-chart.tsx';
import { ScoreChart } from './score-chart.tsx';

/** What each round did and how good its model was. */
export function Rounds({ rounds }: { rounds: readonly RoundFigures[] }) {
  if (rounds.length === 0) return <Absent>No round has been planned yet.</Absent>;
  const evaluated = rounds.filter(isEvaluated);
  const scored = rounds.filter(
    (round) => round.poolScore !== null || round.heldOutScore !== null || round.testScore !== null,
  );
  return (
    <>
      {evaluated.length === 0 && scored.length === 0 ? (
        <Absent>No model has been evaluated yet, so there is no failure rate and no score.</Absent>
      ) : (
        <div class="charts">
          {evaluated.length > 0 ? <FailureChart rounds={evaluated} /> : null}
          {scored.length > 0 ? <ScoreChart rounds={scored} /> : null}
        </div>
      )}
      <DataTable
        label="Rounds"
        rows={rounds}
        columns={[
          { title: 'Round', cell: ({ number }) => number, isNumber: true },
          { title: 'Kind', cell: ({ kind }) => kind },
          { title: 'Strategy', cell: ({ strategy }) => strategy },
          { title: 'Planned', cell: ({ plannedAtMs }) => <Moment at={plannedAtMs} isDay /> },
          { title: 'Picked', cell: ({ picked }) => count(picked), isNumber: true },
          { title: 'Labeled', cell: ({ labeled }) => count(labeled), isNumber: true },
          { title: 'Rejected', cell: ({ rejected }) => count(rejected), isNumber: true },
          { title: 'Skipped', cell: ({ skipped }) => count(skipped), isNumber: true },
          { title: 'Awaited', cell: ({ awaited }) => count(awaited), isNumber: true },
          { title: 'Fails at', cell: describeFailures, isNumber: true },
          { title: 'Pool score', cell: ({ poolScore }) => decimal(poolScore), isNumber: true },
          { title: 'Held-out score', cell: ({ heldOutScore }) => decimal(heldOutScore), isNumber: true },
          { title: 'Test score', cell: ({ testScore }) => decimal(testScore), isNumber: true },
          {
            title: 'Model',
            cell: ({ model }) => (model === null ? NONE : <PoolText>{model}</PoolText>),
          },
        ]}
      />
    </>
  );
}

function describeFailures(round: RoundFigures): string {
  return isEvaluated(round) ? percent(round.failureRate) : NONE;
}
