import { z } from 'zod';
import { UsageError } from '../../../domain/errors.ts';
import type { Query } from '../../../domain/selection.ts';
import { option, sentence } from '../../../domain/wording.ts';
import { relativeWeights } from '../../../math/relative-weights.ts';
import type { Asker } from '../../../models/asker.ts';
import { defineStrategy, type StrategyContext } from '../strategy.ts';
import { choice, count } from '../strategy-options.ts';
import { askQueries, rankPicks } from './ask-queries.ts';
import { askingPlan, type Estimates, firstRequest } from './asking-plan.ts';
import type { QuerySizes } from './choice-form.ts';
import { choiceForm } from './choice-forms.ts';
import type { PromptLayout } from './choose-request.ts';
import { giveReasons, REASONS_PROMPT } from './give-reasons.ts';
import { EARLIER_SIZES } from './json-lines.ts';
import { PARTITIONS } from './partition.ts';
import { CANDIDATES_PER_PICK, plainLines, USUAL_CANDIDATES } from './plain-lines.ts';
import { planQueries, type QueryLayout, queryCapacity } from './plan-queries.ts';
import { PoolCoverage } from './pool-coverage.ts';

const FEWEST_ITEM_TOKENS = 32;

const selectLlmOptions = z.object({
  partition: choice(PARTITIONS)
    .default('diverse')
    .describe('how candidates are split into queries')
    .meta({ value: 'name' }),
  perQuery: count
    .max(50, 'must be at most 50')
    .optional()
    .describe('picks per query')
    .meta({ value: 'm', defaultWords: 'a quarter of the candidates' }),
  itemsPerQuery: count
    .min(2, 'must be at least 2')
    .max(200, 'must be at most 200')
    .optional()
    .describe('candidates per query')
    .meta({
      value: 'k',
      defaultWords: `${CANDIDATES_PER_PICK} for each pick, ${USUAL_CANDIDATES} where neither is given`,
    }),
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
  reasons: z
    .boolean()
    .optional()
    .describe('whether to ask why each pick is worth it: one more call a query, over its picks alone')
    .meta({ explains: true }),
});
type SelectLlmOptions = z.output<typeof selectLlmOptions>;
type SelectLlmContext = StrategyContext<SelectLlmOptions>;

const CHOOSE_PROMPT = { id: 'select', variables: ['count', 'total', 'candidates'] } as const;

/** With the sizes of queries: as given, else as the prompt's layout has them. */
type Sized = SelectLlmOptions & QueryLayout;

/**
 * SelectLLM: the pool is split into queries that each span its topics, and an LLM chooses the most valuable instructions
 * of each. ceil(N / perQuery) × votes calls, and as many again (of one vote) for reasons.
 * Source: Parkar et al., SelectLLM (arXiv 2401.16553) §3. Different from the paper: opaque shuffled ids instead of numbers
 * in cluster order (position bias became topic bias), checked replies that are requested again instead of replaced,
 * several votes merged by Borda count, ids alone as answers (reasons are asked for separately, on request), and a coreset for pools larger than the prompts. Weights count in the coreset and
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
  prompts: [CHOOSE_PROMPT, REASONS_PROMPT],
  earlierDefaults: EARLIER_SIZES,
  checkOptions: (given) => checkSizes(plainLines.sizes(given)),
  prepare: async (context) => {
    const asker = context.asker!;
    const { sizes } = choiceForm(context.prompts.get(CHOOSE_PROMPT.id)!);
    const options: Sized = { ...context.options, ...sizes(context.options) };
    checkSizes(options);
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
        asking: askingPlan(queries, context, options, {
          layout,
          estimates,
          reasons: options.reasons ? reasonsOptions(context, layout) : undefined,
        }),
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
        const { queries: explained, withoutReason } = options.reasons
          ? await giveReasons(answered, reasonsOptions(context, layout))
          : { queries: answered, withoutReason: 0 };
        return {
          picks: rankPicks(explained, weightsByPosition(context)),
          asked: { ...asked, ...(withoutReason > 0 ? { withoutReason } : {}) },
        };
      },
    };
  },
});

function checkSizes({ perQuery, itemsPerQuery }: QuerySizes): void {
  if (perQuery <= itemsPerQuery) return;
  throw new UsageError(
    sentence`${option('perQuery', perQuery)} is more than the ${itemsPerQuery} candidates of a query.`,
    sentence`Lower ${option('perQuery')} or raise ${option('itemsPerQuery')}.`,
  );
}

function reasonsOptions({ instructions, asker, prompts, seed, signal }: SelectLlmContext, layout: PromptLayout) {
  return { instructions, asker: asker!, prompt: prompts.get(REASONS_PROMPT.id)!, layout, seed, signal };
}

function weightsByPosition({ candidates, weights }: SelectLlmContext): Map<number, number> | undefined {
  const relative = relativeWeights(weights, candidates.length);
  return relative && new Map(candidates.map((position, index) => [position, relative[index]!]));
}

/** Gives every candidate the requested tokens, or fewer when the model's context would not hold them. */
function fitLayout(
  queries: readonly Query[],
  context: SelectLlmContext,
  options: Sized,
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
    const estimates = queries.map((query) => asker.estimate(firstRequest(query, context, layout)));
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

function notes({ candidates }: SelectLlmContext, capacity: number, options: Sized, layout: PromptLayout): string[] {
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
