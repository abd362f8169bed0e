import type { CampaignStatus } from '../../campaign/status.ts';
import type { BudgetCaps, Spending } from '../../domain/ledger.ts';
import { formatUsd, formatUsdExactly, type MicroUsd } from '../../domain/money.ts';
import type { SimulationResult } from '../../runs/simulate/simulation-result.ts';
import { plural } from './format.ts';

/** How every command that may cost money ends: what is spent, what is set aside, why and until when, and what is left. */
type MoneyLines = [['spent', string], ['set aside', string], ['left', string]];

/** Of a run over a pool. @param spent what the settled calls cost, with their number and tokens */
export function runMoney(spent: string, spending: Spending, { maxMicroUsd }: BudgetCaps): MoneyLines {
  const { settledMicroUsd, lostMicroUsd, lostCalls, reservedMicroUsd, reservedCalls } = spending;
  const lost = `${plural(lostCalls, 'call')} may have been billed without an answer; it counts as spent from now on`;
  const asides = [
    ...(reservedCalls === 0 ? [] : [`${formatUsd(reservedMicroUsd)} ${inBatches(reservedCalls)}`]),
    ...(lostCalls === 0 ? [] : [`${formatUsd(lostMicroUsd)}: ${lost}`]),
  ];
  return [
    ['spent', spent],
    ['set aside', asides.length === 0 ? 'nothing' : asides.join('; ')],
    ['left', left(maxMicroUsd, settledMicroUsd + lostMicroUsd + reservedMicroUsd)],
  ];
}

/** Of a simulation. */
export function simulationMoney({ spentMicroUsd, setAsideMicroUsd, maxMicroUsd }: SimulationResult): MoneyLines {
  const why = 'calls and trainings that may have been billed without a result; it counts as spent from now on';
  return [
    ['spent', formatUsd(spentMicroUsd - setAsideMicroUsd)],
    ['set aside', setAsideMicroUsd === 0 ? 'nothing' : `${formatUsd(setAsideMicroUsd)}: ${why}`],
    ['left', left(maxMicroUsd ?? undefined, spentMicroUsd)],
  ];
}

/** Of a campaign, over all its accounts. */
export function campaignMoney({ spending, room }: Pick<CampaignStatus, 'spending' | 'room'>): MoneyLines {
  const { llm, labels, training, total } = spending;
  const { awaited = { calls: 0, microUsd: 0 } } = llm;
  const aside = (amount: MicroUsd, why: string) => (amount === 0 ? [] : [`${formatUsd(amount)} ${why}`]);
  const asides = [
    ...aside(labels.reservedMicroUsd, `for ${plural(labels.reservedLabels, 'label')}, until they come in`),
    ...aside(training.reservedMicroUsd, 'for a training, until its result is taken in'),
    ...aside(awaited.microUsd, inBatches(awaited.calls)),
    ...aside(
      llm.reservedMicroUsd - awaited.microUsd,
      'for calls that may have been billed without an answer; it counts as spent from now on',
    ),
  ];
  const rest = room.totalMicroUsd ?? Number.POSITIVE_INFINITY;
  // A cap on all bounds every account.
  const cap = (amount: MicroUsd | undefined, of: string) =>
    amount === undefined || amount >= rest ? [] : [`${formatUsdExactly(Math.max(0, amount))} ${of}`];
  const capped = [
    ...cap(room.llmMicroUsd, 'for LLM calls'),
    ...cap(room.labelMicroUsd, 'for labels'),
    ...cap(room.trainingMicroUsd, 'for training'),
    ...(room.totalMicroUsd === undefined ? [] : [`${formatUsdExactly(Math.max(0, rest))} in all`]),
  ];
  return [
    ['spent', formatUsd(total.settledMicroUsd)],
    ['set aside', asides.length === 0 ? 'nothing' : asides.join('; ')],
    ['left', capped.length === 0 ? 'no cap, set one under budget in winnow.yaml' : capped.join(', ')],
  ];
}

function inBatches(calls: number): string {
  return `for ${plural(calls, 'call')} in batches, until they are answered`;
}

/** What is left must not be rounded up. */
function left(most: MicroUsd | undefined, used: MicroUsd): string {
  if (most === undefined) return 'no cap, set one with --max-usd';
  return `${formatUsdExactly(Math.max(0, most - used))} of ${formatUsdExactly(most)}`;
}
