import type { MicroUsd } from '../../../domain/money.ts';
import type { SpendingFigures } from '../../report-data.ts';
import { type Column, DataTable } from '../components/data-table.tsx';
import { Money } from '../components/money.tsx';
import { Absent } from '../components/section.tsx';
import { COST_COLUMNS, CostChart } from './cost-chart.tsx';
import { LabelPriceChart } from './label-price-chart.tsx';

const ACCOUNTS = { llm: 'LLM calls', labels: 'labels', training: 'training', total: 'total' } as const;

/** What it cost, of what and when, and what is left. */
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
            <LabelPriceChart spending={spending} />
          ) : null}
        </div>
      ) : (
        <FreeOfCharge rows={byKindAndRound} />
      )}
    </>
  );
}

/** Calls and tokens are worth telling where they cost nothing, too. */
function FreeOfCharge({ rows }: { rows: SpendingFigures['byKindAndRound'] }) {
  const calls = rows.filter((row) => row.calls > 0);
  return (
    <>
      <Absent>Nothing has been spent or set aside.</Absent>
      {calls.length === 0 ? null : <DataTable label="Calls by kind and round" rows={calls} columns={COST_COLUMNS} />}
    </>
  );
}

/** Left out where nothing is capped. */
const CAPS: readonly Column<SpendingFigures['accounts'][number]>[] = [
  {
    title: 'Cap',
    cell: ({ capMicroUsd }) => (capMicroUsd === null ? 'none' : <Money amount={capMicroUsd} />),
    isNumber: true,
  },
  {
    title: 'Of the cap',
    cell: ({ settledMicroUsd, reservedMicroUsd, capMicroUsd }) =>
      capMicroUsd === null || capMicroUsd === 0 ? null : (
        <Used amount={settledMicroUsd + reservedMicroUsd} cap={capMicroUsd} />
      ),
  },
];

/** Rounded down as `winnow status` does, so that only what is used up says so. */
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
