import { formatUsd } from '../src/index.ts';
import type { BenchmarkRow } from './compare-with-random.ts';
import type { SetResult } from './run-set.ts';
import type { LeftOut, StrategyCost } from './strategies.ts';

/** Everything the benchmark found. */
export interface BenchmarkDocument {
  readonly format: 1;
  readonly winnow: string;
  readonly embeddings: string;
  readonly sets: readonly SetResult[];
  readonly costs: {
    readonly set: string;
    readonly count: number;
    readonly model: string;
    readonly strategies: readonly StrategyCost[];
  } | null;
  readonly leftOut: readonly LeftOut[];
}

const SIGNIFICANCE = 0.05;

/** The tables of docs/internals/benchmarks.md, as Markdown. ROUGE-L × 100. */
export function benchmarkTables(
  { sets, costs, leftOut }: BenchmarkDocument,
  titles: ReadonlyMap<string, string>,
): string {
  const parts = sets.map((result) => setTable(result, titles.get(result.set) ?? result.set));
  if (costs) parts.push(costTable(costs));
  if (leftOut.length > 0) {
    parts.push(`**Not run without a key:** ${leftOut.map(({ strategy }) => `\`${strategy}\``).join(', ')}.`);
  }
  return `${parts.join('\n\n')}\n`;
}

function setTable(
  { set, model, pool, heldOut, budgets, seeds, rougeL, sawResponses, missing }: SetResult,
  title: string,
) {
  const curve = rougeL.filter(({ budget }) => budget === null).sort((a, b) => b.mean - a.mean);
  const at = (strategy: string, budget: number) =>
    rougeL.find((row) => row.strategy === strategy && row.budget === budget);
  const lines = curve.map((row) => {
    const cells = budgets.map((budget) => {
      const cell = at(row.strategy, budget);
      return cell ? points(cell.mean) : '–';
    });
    const mark = sawResponses.includes(row.strategy) ? '†' : '';
    return `| \`${row.strategy}\`${mark} | ${[...cells, points(row.mean), differenceCell(row)].join(' | ')} |`;
  });
  return [
    `### ${title}`,
    '',
    `Set \`${set}\`, seed model \`${model}\`, ${pool.toLocaleString('en-US')} to choose from, ${heldOut} held out, ${counted(seeds.length, 'seed')}.`,
    '',
    `| strategy | ${budgets.join(' | ')} | mean | from random |`,
    `|---|${'---|'.repeat(budgets.length + 2)}`,
    ...lines,
    ...missing.map(
      ({ strategy, budgets: without, because }) => `\n\`${strategy}\` at ${without.join(', ')}: ${because}.`,
    ),
  ].join('\n');
}

/** The paired difference with its 95 % interval; bold where it holds after Holm's correction. */
function differenceCell({ difference }: BenchmarkRow): string {
  if (!difference) return '–';
  const { mean, interval, adjustedPValue } = difference;
  const text = interval ? `${signed(mean)} (${signed(interval.low)} to ${signed(interval.high)})` : signed(mean);
  return adjustedPValue !== null && adjustedPValue < SIGNIFICANCE ? `**${text}**` : text;
}

function costTable({ set, count, model, strategies }: NonNullable<BenchmarkDocument['costs']>): string {
  return [
    `### What an LLM costs: ${count} picks of \`${set}\` with ${model}`,
    '',
    '| strategy | calls | tokens | expected | at most |',
    '|---|---|---|---|---|',
    ...strategies.map(
      ({ strategy, calls, tokens, expectedMicroUsd, worstCaseMicroUsd }) =>
        `| \`${strategy}\` | ${[calls, tokens].map((one) => one.toLocaleString('en-US')).join(' | ')} | ${formatUsd(expectedMicroUsd)} | ${formatUsd(worstCaseMicroUsd)} |`,
    ),
  ].join('\n');
}

const points = (value: number) => (100 * value).toFixed(2);

function signed(value: number): string {
  const text = points(value);
  return text.startsWith('-') ? text.replace('-', '−') : `+${text}`;
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
