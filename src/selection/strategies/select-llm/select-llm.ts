import { z } from 'zod';
import { UsageError } from '../../../domain/errors.ts';
import type { Query } from '../../../domain/selection.ts';
import { option, sentence } from '../../../domain/wording.ts';
import { relativeWeights } from '../../../math/relative-weights.ts';
import type { Asker } from '../../../models/asker.ts';
import { type AskingPlan, defineStrategy, type StrategyContext } from '../strategy.ts';
import { choice, count } from '../strategy-options.ts';
import { askQueries, rankPicks } from './ask-queries.ts';
import { chooseRequest, type PromptLayout } from './choose-request.ts';
import { PARTITIONS } from './partition.ts';
import { planQueries, queryCapacity } from './plan-queries.ts';
import { PoolCoverage } from './pool-coverage.ts';

const FEWEST_ITEM_TOKENS = 32;

const selectLlmOptions = z.object({
  partition: choice(PARTITIONS)
    .default('diverse')
    .describe('how candidates are split into queries')
    .meta({ value: 'name' }),
  perQuery: count.max(50, 'must be at most 50').default(4).describe('picks per query').meta({ value: 'm' }),
  itemsPerQuery: count
    .min(2, 'must be at least 2')
    .max(200, 'must be at most 200')
    .default(20)
    .describe('candidates per query')
    .meta({ value: 'k' }),
  itemTokens: count
    .min(FEWEST_ITEM_TOKENS, `must be at least ${FEWEST_ITEM_TOKENS}`)
    .default(400)
    .describe('longest candidate, in tokens; longer ones are shortened')
    .meta({ value: 'n' }),
  votes: count
    .max(25, 'must be at most 25')
    .default(1)
    .describe('times to ask each query, in different orders; the answers are merged')
    .meta({ value: 'v' }),
});
type SelectLlmOptions = z.output<typeof selectLlmOptions>;
type SelectLlmContext = StrategyContext<SelectLlmOptions>;

const CHOOSE_PROMPT = { id: 'select', variables: ['count', 'total', 'candidates'] } as const;
/** For an id, a reason of 15 words and the JSON around them. */
const EXPECTED_OUTPUT_TOKENS_PER_PICK = 36;
const EXPECTED_OUTPUT_TOKENS_BESIDE = 10;

/**
 * SelectLLM: the pool is split into queries that each span its topics, and an LLM chooses the most valuable instructions
 * of each. ceil(N / perQuery) × votes calls.
 * Source: Parkar et al., SelectLLM (arXiv 2401.16553) §3. Different from the paper: opaque shuffled ids instead of numbers
 * in cluster order (position bias became topic bias), checked replies that are requested again instead of replaced,
 * several votes merged by Borda count, and a coreset for pools larger than the prompts. Weights count in the coreset and
 * in the final order: the score of a pick is its Borda share times its weight, where the largest weight is 1. The LLM
 * does not see them. The offline stand-in is also told what each candidate would add to the coverage of the whole pool,
 * and its coreset is made by facility location.
 */
export const selectLlmStrategy = defineStrategy({
  name: 'selectllm',
  summary: 'an LLM chooses the most valuable instructions of each query',
  source: 'Parkar et al., SelectLLM (arXiv 2401.16553).',
  needs: { embeddings: 'instructions', llm: true },
  options: selectLlmOptions,
  nested: () => false,
  measures: () => [],
  prompts: [CHOOSE_PROMPT],
  checkOptions: ({ perQuery, itemsPerQuery }) => {
    if (perQuery > itemsPerQuery) {
      throw new UsageError(
        sentence`${option('perQuery', perQuery)} is more than the ${itemsPerQuery} candidates of a query.`,
        sentence`Lower ${option('perQuery')} or raise ${option('itemsPerQuery')}.`,
      );
    }
  },
  prepare: async (context) => {
    const { options } = context;
    const asker = context.asker!;
    let queries = context.journal.loadQueries();
    if (!queries) {
      queries = await planQueries(context, options, asker.usesCoverage ? 'facility-location' : 'k-means');
      context.journal.saveQueries(queries);
    }
    const { layout, estimates } = fitLayout(queries, context, options, asker);
    const capacity = queryCapacity(context.count, options).candidates;
    return {
      plan: {
        notes: notes(context, capacity, options, layout),
        asking: askingPlan(queries, context, options, layout, estimates),
      },
      select: async () => {
        const { answered, asked } = await askQueries(queries, {
          instructions: context.instructions,
          asker,
          journal: context.journal,
          layout,
          votes: options.votes,
          seed: context.seed,
          coverage: asker.usesCoverage ? await PoolCoverage.open(context) : undefined,
          signal: context.signal,
          onAnswered: (done) => context.onProgress?.({ phase: 'choose', done, total: queries.length }),
        });
        return { picks: rankPicks(answered, weightsByPosition(context)), asked };
      },
    };
  },
});

function weightsByPosition({ candidates, weights }: SelectLlmContext): Map<number, number> | undefined {
  const relative = relativeWeights(weights, candidates.length);
  return relative && new Map(candidates.map((position, index) => [position, relative[index]!]));
}

type Estimates = ReturnType<Asker['estimate']>[];

/** Gives every candidate the requested tokens, or fewer when the model's context would not hold them. */
function fitLayout(
  queries: readonly Query[],
  context: SelectLlmContext,
  options: SelectLlmOptions,
  asker: Asker,
): { layout: PromptLayout; estimates: Estimates } {
  const template = context.prompts.get(CHOOSE_PROMPT.id)!;
  for (let itemTokens = options.itemTokens; ; itemTokens = Math.floor(itemTokens * 0.8)) {
    const layout: PromptLayout = {
      template,
      itemTokens,
      countTokens: (text) => asker.countTokens(text),
      reasoningTokens: asker.reasoningTokens,
    };
    const estimates = queries.map((query) => asker.estimate(firstRequest(query, context, layout).request));
    if (estimates.every(({ largestRequestTokens }) => largestRequestTokens <= asker.contextTokens)) {
      return { layout, estimates };
    }
    if (itemTokens <= FEWEST_ITEM_TOKENS) {
      throw new UsageError(
        `${options.itemsPerQuery} candidates do not fit into the ${asker.contextTokens} tokens of ${asker.model}, even shortened to ${FEWEST_ITEM_TOKENS} tokens each.`,
        sentence`Lower ${option('itemsPerQuery')}, or use a model with a larger context.`,
      );
    }
  }
}

function firstRequest(query: Query, { instructions, seed }: SelectLlmContext, layout: PromptLayout) {
  return chooseRequest(instructions, query, { seed, vote: 0, generation: 0 }, layout);
}

function notes(
  { candidates }: SelectLlmContext,
  capacity: number,
  options: SelectLlmOptions,
  layout: PromptLayout,
): string[] {
  const list: string[] = [];
  if (candidates.length > capacity) {
    const [shown, all] = [capacity, candidates.length].map((count) => count.toLocaleString('en-US'));
    list.push(
      `The prompts can show ${shown} candidates, so the ${all} of the pool are reduced to ${shown} that cover it.`,
    );
  }
  if (layout.itemTokens < options.itemTokens) {
    list.push(`Candidates are shortened to ${layout.itemTokens} tokens each to fit the model's context.`);
  }
  return list;
}

function askingPlan(
  queries: readonly Query[],
  context: SelectLlmContext,
  options: SelectLlmOptions,
  layout: PromptLayout,
  estimates: Estimates,
): AskingPlan {
  const open = queries.map(({ number }) => context.journal.loadResult(number) === undefined);
  const sumOpen = (value: (index: number) => number) =>
    queries.reduce((sum, _, index) => sum + (open[index] ? value(index) * options.votes : 0), 0);
  const outputTokens = (index: number) =>
    EXPECTED_OUTPUT_TOKENS_BESIDE + EXPECTED_OUTPUT_TOKENS_PER_PICK * queries[index]!.picks;
  const inputTokens = estimates.map((estimate) => estimate.inputTokens);
  const sample = firstRequest(queries[0]!, context, layout).request;
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
    queriesAnswered: open.filter((isOpen) => !isOpen).length,
    calls: { expected: sumOpen(() => 1), worstCase: sumOpen((index) => estimates[index]!.worstCaseCalls) },
    tokens: {
      expected: sumOpen((index) => inputTokens[index]! + outputTokens(index)),
      worstCase: sumOpen((index) => estimates[index]!.worstCaseTokens),
    },
    costMicroUsd: {
      expected: sumOpen((index) => estimates[index]!.expectedMicroUsd(outputTokens(index))),
      worstCase: sumOpen((index) => estimates[index]!.worstCaseMicroUsd),
    },
    samplePrompt: { system: sample.system, user: sample.messages[0]!.content },
  };
}

function range(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}
