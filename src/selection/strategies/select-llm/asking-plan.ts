import type { Query } from '../../../domain/selection.ts';
import { NO_CALLS, sumCallCosts } from '../../../domain/usage.ts';
import type { Asker } from '../../../models/asker.ts';
import type { LlmRequest } from '../../../models/providers/llm-client.ts';
import type { AskingPlan, StrategyContext } from '../strategy.ts';
import { choiceForm } from './choice-forms.ts';
import { chooseRequest, type PromptLayout } from './choose-request.ts';
import { costOfReasons, type ReasonsOptions } from './give-reasons.ts';
import type { PartitionName } from './partition.ts';

/** One a query. */
export type Estimates = readonly ReturnType<Asker['estimate']>[];

type Context = Pick<StrategyContext, 'instructions' | 'seed' | 'journal'>;

/** What a query asks first: the first vote. */
export function firstRequest(query: Query, { instructions, seed }: Context, layout: PromptLayout): LlmRequest {
  return chooseRequest(instructions, query, { seed, vote: 0, generation: 0 }, layout).request;
}

/** What the queries without an answer will take, and the reasons that are still to be asked for. */
export function askingPlan(
  queries: readonly Query[],
  context: Context,
  options: { readonly partition: PartitionName; readonly votes: number },
  {
    layout,
    estimates,
    reasons,
  }: { readonly layout: PromptLayout; readonly estimates: Estimates; readonly reasons: ReasonsOptions | undefined },
): AskingPlan {
  const results = queries.map(({ number }) => context.journal.loadResult(number));
  const { perPick, beside } = choiceForm(layout.template).outputTokens.expected;
  const choosing = queries.flatMap(({ picks }, index) => {
    if (results[index] !== undefined) return [];
    const estimate = estimates[index]!;
    const output = beside + perPick * picks;
    const votes = (expected: number, worstCase: number) => ({
      expected: expected * options.votes,
      worstCase: worstCase * options.votes,
    });
    return {
      calls: votes(1, estimate.worstCaseCalls),
      tokens: votes(estimate.inputTokens + output, estimate.worstCaseTokens),
      costMicroUsd: votes(estimate.expectedMicroUsd(output), estimate.worstCaseMicroUsd),
    };
  });
  const explaining = queries.map((query, index) =>
    reasons === undefined ? NO_CALLS : costOfReasons(query, results[index], reasons),
  );
  const inputTokens = estimates.map((estimate) => estimate.inputTokens);
  const sample = firstRequest(queries[0]!, context, layout);
  return {
    partition: options.partition,
    queries: queries.length,
    itemsPerQuery: range(queries.map(({ positions }) => positions.length)),
    picksPerQuery: range(queries.map(({ picks }) => picks)),
    votes: options.votes,
    inputTokensPerQuery: {
      mean: Math.round(inputTokens.reduce((sum, tokens) => sum + tokens, 0) / queries.length),
      max: range(inputTokens)[1],
    },
    queriesAnswered: results.filter((result) => result !== undefined).length,
    ...sumCallCosts([...choosing, ...explaining]),
    samplePrompt: { system: sample.system, user: sample.messages[0]!.content },
  };
}

function range(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}
