import { formatUsd } from '../../domain/money.ts';
import type { ArmPlan, SimulationPlan } from '../../runs/simulate/simulation-plan.ts';
import { colors } from './colors.ts';
import { formatCount, formatPairs, plural } from './format.ts';
import { describeBudget, expectedAndWorst, expectedCost } from './render-plan.ts';
import { noteLines } from './render-run.ts';
import { describeCategories, describeData, describeSplit } from './render-simulation.ts';
import { safeLine, safeName } from './safe-text.ts';
import { type Column, renderTable } from './table.ts';

const COLUMNS: readonly Column<ArmPlan>[] = [
  { title: 'arm', value: ({ arm }) => `${arm.sawResponses ? '†' : ''}${arm.name}`, shrinksTo: 12 },
  { title: 'cells', value: ({ cells }) => formatCount(cells), align: 'right' },
  { title: 'done', value: ({ cellsMade }) => formatCount(cellsMade), align: 'right', hiddenIfAll: '0' },
  { title: 'calls', value: ({ choosing }) => formatCount(choosing.calls.expected), align: 'right', hiddenIfAll: '0' },
  {
    title: 'at worst',
    value: ({ choosing }) => formatCount(choosing.calls.worstCase),
    align: 'right',
    hiddenIfAll: '0',
  },
  {
    title: 'cost',
    value: ({ choosing }) => formatUsd(choosing.costMicroUsd.expected),
    align: 'right',
    hiddenIfAll: '$0.00',
  },
  {
    title: 'at worst',
    value: ({ choosing }) => formatUsd(choosing.costMicroUsd.worstCase),
    align: 'right',
    hiddenIfAll: '$0.00',
  },
];

/** What a simulation will do and cost, for people. */
export function renderSimulationPlan(plan: SimulationPlan, width: number): string {
  const { arms, budgets, seeds } = plan;
  const what = `${plural(arms.length, 'arm')} at ${plural(budgets.length, 'budget')} with ${plural(seeds.length, 'seed')}`;
  const notes = [
    ...(plan.estimated
      ? ['The embeddings are not paid for yet, so only the size of the prompts is known, not their text.']
      : []),
    ...plan.notes,
  ];
  return `${[
    colors.bold(`Plan: simulate ${what}`),
    formatPairs(overview(plan)),
    renderTable(COLUMNS, arms, width),
    noteLines(notes).join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n')}\n`;
}

function overview(plan: SimulationPlan): [string, string][] {
  const { data, embedding, answering, trainings, total, caps, spentMicroUsd } = plan;
  const pairs: [string, string][] = [
    ['data', describeData(data)],
    ['each seed', describeSplit(data)],
    ...describeCategories(data),
    ['budgets', plan.budgets.map(formatCount).join(', ')],
    ['seed model', safeLine(plan.trainer, 80)],
  ];
  if (embedding) {
    const { texts, model, costMicroUsd } = embedding;
    pairs.push(['embedding', `${plural(texts, 'text')} by ${model}: ${formatUsd(costMicroUsd.expected)}`]);
  }
  if (plan.provider !== null) {
    const chooser =
      plan.provider === 'offline'
        ? 'the offline stand-in (no key, no cost)'
        : safeName(`${plan.provider} ${plan.model}`);
    pairs.push(['LLM', safeLine(chooser, 80)]);
  }
  if (trainings.count > 0) {
    pairs.push([
      'trainings',
      `${formatCount(trainings.count)}, ${expectedAndWorst(trainings.costMicroUsd, formatUsd)}`,
    ]);
  }
  if (answering.calls.worstCase > 0) {
    pairs.push([
      'answering',
      `${expectedAndWorst(answering.calls, formatCount)} calls, ${expectedAndWorst(answering.costMicroUsd, formatUsd)}`,
    ]);
  }
  if (total.calls.worstCase > 0) {
    pairs.push(
      ['calls', expectedAndWorst(total.calls, formatCount)],
      ['tokens', expectedAndWorst(total.tokens, formatCount)],
    );
  }
  pairs.push(['cost', expectedCost(total.costMicroUsd, plan.worstCaseWithRetriesMicroUsd)]);
  const budget = describeBudget(caps, spentMicroUsd);
  if (budget !== '') pairs.push(['budget', budget]);
  return pairs;
}
