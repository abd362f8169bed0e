import type { MicroUsd } from '../../../domain/money.ts';
import type { SpendingFigures } from '../../report-data.ts';
import { type Column, DataTable } from '../components/data-table.tsx';
import { EmptyState } from '../components/section.tsx';
import { Money } from '../components/values.tsx';
import { COST_COLUMNS, CostChart } from './cost-chart.tsx';
import { LabelCostChart } from './label-cost-chart.tsx';

const ACCOUNTS = { llm: 'LLM calls', labels: 'labels', training: 'training', total: 'total' } as const;

/** What was spent, on what and when, and what is left. */
export function Spending({ spending }: { spending: SpendingFigures }) {
  const { accounts, byKindAndRound, perUsefulLabel } = spending;
  const isPaid = byKindAndRound.some((row) => row.settledMicroUsd + row.reservedMicroUsd > 0);
  return (
    <>
      <DataTable
        label="Accounts"
        rows={accounts}
        columns={[
          { title: 'Account', cell: ({ account }) => ACCOUNTS[account] },
          { title: 'Spent', cell: ({ settledMicroUsd }) => <Money amount={settledMicroUsd} />, isNumber: true },
          { title: 'Set aside', cell: ({ reservedMicroUsd }) => <Money amount={reservedMicroUsd} />, isNumber: true },
          ...(accounts.some(({ capMicroUsd }) => capMicroUsd !== null) ? CAPS : []),
        ]}
      />
      {isPaid ? (
        <div class="charts">
          <CostChart spending={spending} />
          {perUsefulLabel.some(({ microUsdPerLabel }) => microUsdPerLabel !== null && microUsdPerLabel > 0) ? (
            <LabelCostChart spending={spending} />
          ) : null}
        </div>
      ) : (
        <FreeCalls rows={byKindAndRound} />
      )}
    </>
  );
}

/** Calls and tokens of a campaign that cost nothing. */
function FreeCalls({ rows }: { rows: SpendingFigures['byKindAndRound'] }) {
  const calls = rows.filter((row) => row.calls > 0);
  return (
    <>
      <EmptyState>Nothing has been spent or set aside.</EmptyState>
      {calls.length === 0 ? null : <DataTable label="Calls by kind and round" rows={calls} columns={COST_COLUMNS} />}
    </>
  );
}

/** Left out if no account has a cap. */
const CAPS: readonly Column<SpendingFigures['accounts'][number]>[] = [
  {
    title: 'Cap',
    cell: ({ capMicroUsd }) => (capMicroUsd === null ? 'none' : <Money amount={capMicroUsd} />),
    isNumber: true,
  },
  {
    title: 'Cap used',
    cell: ({ settledMicroUsd, reservedMicroUsd, capMicroUsd }) =>
      capMicroUsd === null || capMicroUsd === 0 ? null : (
        <Used amount={settledMicroUsd + reservedMicroUsd} cap={capMicroUsd} />
      ),
  },
];

/** Rounded down as in `winnow status`: 100 % means that nothing is left. */
function Used({ amount, cap }: { amount: MicroUsd; cap: MicroUsd }) {
  const percents = (100 * amount) / cap;
  return (
    <span class="used">
      <span class="used-bar" aria-hidden="true">
        <span style={{ width: `${Math.min(100, percents)}%` }} />
      </span>
      {Math.floor(percents)}&nbsp;%
    </span>
  );
}
