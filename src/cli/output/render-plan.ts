import type { BudgetCaps } from '../../domain/ledger.ts';
import { formatUsd, type MicroUsd, type Range } from '../../domain/money.ts';
import type { PickPlan, PoolFacts } from '../../runs/pick/pick-plan.ts';
import type { PlannedWay } from '../../runs/planned-ways.ts';
import { colors } from './colors.ts';
import { formatCount, formatDuration, formatPairs, plural } from './format.ts';
import { noteLines } from './render-run.ts';
import { safeBlock, safeLine, safeName } from './safe-text.ts';

/** What a run will do and cost, with one real prompt unless only the figures are wanted. */
export function renderPlan(plan: PickPlan, { prompt }: { prompt: boolean }): string {
  const { asking } = plan.selection;
  const sections = [
    colors.bold(`Plan: pick ${plural(plan.count, 'instruction')} by ${safeName(plan.strategy)}`),
    overview(plan),
  ];
  const notes = [
    ...(plan.estimated
      ? [
          'The embeddings are not paid for yet, so near-duplicates are unknown and only the size of the prompt below is right.',
        ]
      : []),
    ...plan.selection.notes,
    ...plan.notes,
  ];
  if (notes.length > 0) sections.push(noteLines(notes).join('\n'));
  if (asking && prompt) {
    const { system, user } = asking.samplePrompt;
    sections.push(
      colors.bold('The first prompt'),
      colors.dim(safeBlock(`${system}\n\n${user}`).replace(/^/gm, '  │ ')),
    );
  }
  return `${sections.join('\n\n')}\n`;
}

function overview(plan: PickPlan): string {
  const { asking } = plan.selection;
  const pairs: [string, string][] = [['pool', describePool(plan.pool)]];
  if (plan.embedding) {
    const { model, texts, calls, tokens, costMicroUsd } = plan.embedding;
    pairs.push([
      'embedding',
      `${plural(texts, 'text')} by ${safeName(model)}: ${plural(calls, 'call')}, ${plural(tokens.expected, 'token')}, ${formatUsd(costMicroUsd.expected)}`,
    ]);
  }
  if (asking) {
    pairs.push(
      [
        'chooser',
        plan.provider === 'offline'
          ? 'the offline ranker (no key, no cost)'
          : safeName(`${plan.provider} ${plan.model}`),
      ],
      [
        'queries',
        `${formatCount(asking.queries)} (${asking.partition}), each ${span(asking.picksPerQuery)} of ${span(asking.itemsPerQuery)} candidates` +
          (asking.votes > 1 ? `, ${asking.votes} votes` : '') +
          (asking.queriesAnswered > 0 ? `; ${asking.queriesAnswered} already answered` : ''),
      ],
      [
        'per query',
        `${formatCount(asking.inputTokensPerQuery.mean)} input tokens, at most ${formatCount(asking.inputTokensPerQuery.max)}`,
      ],
    );
  }
  for (const { measure, shortName, items, calls } of plan.selection.measuring ?? []) {
    const asked = calls.expected > 0 ? `, ${plural(calls.expected, 'call')}` : '';
    pairs.push([measure, `of ${plural(items, 'candidate')} by ${safeLine(shortName, 120)}${asked}`]);
  }
  const { calls, tokens, costMicroUsd } = plan.total;
  pairs.push(
    ['calls', expectedAndWorst(calls, formatCount)],
    ['tokens', expectedAndWorst(tokens, formatCount)],
    ['cost', expectedCost(costMicroUsd, plan.worstCaseWithRetriesMicroUsd)],
  );
  const budget = describeBudget(plan.caps, plan.spent.settledMicroUsd + plan.spent.lostMicroUsd);
  if (budget !== '') pairs.push(['budget', budget]);
  pairs.push(...timePairs(plan));
  return formatPairs(pairs);
}

const BY_HAND = 'as long as your own run of each batch file takes';

/** How long it takes, and what the other way to make the calls costs and takes. */
export function timePairs({ expectedSeconds, ways }: Pick<PickPlan, 'expectedSeconds' | 'ways'>): [string, string][] {
  const ofCalls = `about ${formatDuration(expectedSeconds * 1000)} of calls (estimate)`;
  const ofBatches = ways?.batch.seconds === null ? BY_HAND : 'usually within an hour, at most 24 hours (each batch)';
  if (ways === null || expectedSeconds === 0) return expectedSeconds > 0 ? [['time', ofCalls]] : [];
  const cost = ({ costMicroUsd }: PlannedWay) => expectedAndWorst(costMicroUsd, formatUsd);
  return ways.used === 'live'
    ? [
        ['time', ofCalls],
        ['or --batch', `${cost(ways.batch)}; ${ofBatches}`],
      ]
    : [
        ['time', ofBatches],
        ['or live', `${cost(ways.live)}; ${ofCalls}`],
      ];
}

/** Caps, and what was spent under them; empty where there is neither. */
export function describeBudget(caps: BudgetCaps, used: MicroUsd): string {
  const limits = [
    ...(caps.maxMicroUsd === undefined ? [] : [formatUsd(caps.maxMicroUsd)]),
    ...(caps.maxCalls === undefined ? [] : [plural(caps.maxCalls, 'call')]),
    ...(caps.maxTokens === undefined ? [] : [plural(caps.maxTokens, 'token')]),
  ];
  const parts = limits.length > 0 ? [`at most ${limits.join(', ')}`] : [];
  if (used > 0) parts.push(`${formatUsd(used)} already spent`);
  return parts.join('; ');
}

export function describePool(pool: PoolFacts): string {
  const left = [
    ...(pool.badRecords > 0 ? [`${formatCount(pool.badRecords)} bad`] : []),
    ...(pool.exactDuplicates > 0 ? [plural(pool.exactDuplicates, 'exact duplicate')] : []),
    ...(pool.labeled > 0 ? [`${formatCount(pool.labeled)} labeled`] : []),
    ...(pool.heldOut ? [`${formatCount(pool.heldOut)} held out`] : []),
    ...(pool.withoutVector ? [`${formatCount(pool.withoutVector)} without a usable vector`] : []),
    ...(pool.nearDuplicates ? [plural(pool.nearDuplicates, 'near-duplicate')] : []),
  ];
  const outside = pool.labeledOutside > 0 ? `; ${plural(pool.labeledOutside, 'labeled item')} outside the pool` : '';
  const read = plural(pool.records + pool.badRecords, 'record');
  const less = left.length > 0 ? `, less ${left.join(', ')}` : '';
  return `${read}${less}: ${plural(pool.candidates, 'candidate')}${outside}`;
}

function span([low, high]: readonly [number, number]): string {
  return low === high ? String(low) : `${low}–${high}`;
}

/** "$0.02 expected, $0.08 at worst; $0.48 if every request is lost and sent again". */
export function expectedCost(cost: Range, withRetriesMicroUsd: MicroUsd): string {
  if (cost.worstCase === 0) return formatUsd(0);
  return `${expectedAndWorst(cost, formatUsd)}; ${formatUsd(withRetriesMicroUsd)} if every request is lost and sent again`;
}

/** "1,200 expected, 3,000 at worst". */
export function expectedAndWorst({ expected, worstCase }: Range, format: (value: number) => string): string {
  return worstCase === 0 ? format(0) : `${format(expected)} expected, ${format(worstCase)} at worst`;
}
