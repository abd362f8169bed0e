import type { CampaignStatus } from '../../campaign/status.ts';
import type { AccountTotals } from '../../domain/expense.ts';
import { formatUsdExactly, type MicroUsd } from '../../domain/money.ts';
import { FULL, gauge, HALF } from './bar.ts';
import { colors } from './colors.ts';
import { formatCount, formatExactUsd } from './format.ts';
import { type Column, renderTable } from './table.ts';

const GAUGE_WIDTH = 20;
/** Of a cap; from here on it is worth a look. */
const NEARLY_ALL = 0.9;

interface MoneyRow extends AccountTotals {
  readonly account: string;
  readonly left: MicroUsd | undefined;
}

/** What is spent, set aside and left of each account. @param exact to the micro-dollar */
export function renderMoney(
  { spending, room }: Pick<CampaignStatus, 'spending' | 'room'>,
  width: number,
  exact: boolean,
): string {
  const rows: MoneyRow[] = [
    { account: 'LLM calls', ...spending.llm, left: room.llmMicroUsd },
    { account: 'labels', ...spending.labels, left: room.labelMicroUsd },
    { account: 'training', ...spending.training, left: room.trainingMicroUsd },
    { account: 'total', ...spending.total, left: room.totalMicroUsd },
  ];
  // What is left must not be rounded up.
  const money = exact ? formatExactUsd : formatUsdExactly;
  const columns: readonly Column<MoneyRow>[] = [
    { title: 'account', value: ({ account }) => account },
    { title: 'spent', value: ({ settledMicroUsd }) => money(settledMicroUsd), align: 'right' },
    { title: 'set aside', value: ({ reservedMicroUsd }) => money(reservedMicroUsd), align: 'right' },
    { title: 'left', value: ({ left }) => (left === undefined ? 'no cap' : money(left)), align: 'right' },
  ];
  return `${colors.bold('Money')}\n${renderTable(columns, rows, width)}`;
}

interface Cap {
  readonly name: string;
  readonly used: number;
  /** Awaited or under way. */
  readonly held: number;
  readonly most: number;
  readonly format: (amount: number) => string;
}

/** How much of each cap is used and set aside; undefined where nothing is capped. */
export function renderCaps(
  { spending, caps }: Pick<CampaignStatus, 'spending' | 'caps'>,
  width: number,
): string | undefined {
  const { llm, labels, training, total } = spending;
  const money = (name: string, { settledMicroUsd, reservedMicroUsd }: AccountTotals, most: MicroUsd | undefined) =>
    most === undefined ? [] : [{ name, used: settledMicroUsd, held: reservedMicroUsd, most, format: formatUsdExactly }];
  const rows: Cap[] = [
    ...(caps.labels === undefined
      ? []
      : [
          {
            name: 'labels',
            used: labels.settledLabels,
            held: labels.reservedLabels,
            most: caps.labels,
            format: formatCount,
          },
        ]),
    ...money('on LLM calls', llm, caps.llmMicroUsd),
    ...money('on labels', labels, caps.labelMicroUsd),
    ...money('on training', training, caps.trainingMicroUsd),
    ...money('in all', total, caps.totalMicroUsd),
  ];
  if (rows.length === 0) return undefined;
  const legend = rows.some(({ held }) => held > 0) ? `: ${FULL} used, ${HALF} set aside` : '';
  return `${colors.bold('Caps')}${legend}\n${renderTable(CAP_COLUMNS, rows, width)}`;
}

const CAP_COLUMNS: readonly Column<Cap>[] = [
  { title: '', value: ({ name }) => name },
  {
    title: '',
    value: ({ used, held, most }) =>
      gauge(
        [
          { share: shareOf(used, most), sign: FULL },
          { share: shareOf(held, most), sign: HALF },
        ],
        GAUGE_WIDTH,
      ),
    paint: ({ used, held, most }) => capColor(shareOf(used + held, most)),
    drops: 'last',
  },
  { title: '', value: ({ used, held, most, format }) => `${format(used + held)} of ${format(most)}`, align: 'right' },
  { title: '', value: ({ used, held, most }) => percent(used + held, most), align: 'right' },
];

/** A cap of nothing is used up. */
function shareOf(amount: number, most: number): number {
  return most === 0 ? 1 : amount / most;
}

function capColor(share: number): ((text: string) => string) | undefined {
  return share >= NEARLY_ALL ? colors.yellow : undefined;
}

/** Rounded down, so that only what is used up says so. */
function percent(amount: number, most: number): string {
  return `${most === 0 ? 100 : Math.floor((100 * amount) / most)} %`;
}
