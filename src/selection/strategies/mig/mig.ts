import { z } from 'zod';
import { UsageError } from '../../../domain/errors.ts';
import { option, sentence } from '../../../domain/wording.ts';
import { type MeasuredCandidate, measuringPlan, selectMeasured } from '../../measures/measuring.ts';
import { TAGS } from '../../measures/tags-measure.ts';
import { scoredBy, scoringOptions } from '../scoring-options.ts';
import { defineStrategy, type StrategyContext } from '../strategy.ts';
import { choice, count } from '../strategy-options.ts';
import { broughtBy, mostInformative } from './information-gain.ts';
import { tagCandidates } from './tagged-candidates.ts';

const migOptions = z.object({
  ...scoringOptions,
  tags: choice(['clusters', 'llm'])
    .default('clusters')
    .describe('where tags come from, without a field: clusters of the pool, or an LLM')
    .meta({ value: 'source' }),
  tagField: z
    .string('must be the name of a field')
    .min(1, 'must be the name of a field')
    .optional()
    .describe('field of the records that holds the tags, as a list or separated by commas')
    .meta({ value: 'name' }),
  clusters: count
    .optional()
    .describe('how many clusters, where they are the tags')
    .meta({ value: 'k', defaultWords: '√(n/2)' }),
});
type MigOptions = z.output<typeof migOptions>;

/**
 * MIG, maximum information gain: every item brings its score to its tags and, in part, to tags at least 0.9 similar; the
 * more of a tag there is, the less more of it is worth (φ(x) = x^0.8). Greedy: always the item that adds most. So it
 * trades quality against diversity of tags. The score is complexity × response quality, or the complexity alone where
 * responses are missing. With clusters as tags, each labeled item brings the mean score to its cluster. Ties → the
 * lowest position. Weights have no effect. One judgment per score and candidate, one call more with `tags: llm`;
 * O(tags²·d + n·N).
 *
 * Source: Chen et al. 2025 (arXiv 2504.13835) §3; code yichengchen24/MIG for the constants. The paper's tags are an
 * LLM's, of a vocabulary cleaned before; here all tags count, and clusters, which the paper does not have, are the default.
 */
export const migStrategy = defineStrategy({
  name: 'mig',
  summary: 'always the one that adds most information: a high score on tags that few picks have',
  source: 'Chen et al., MIG (arXiv 2504.13835).',
  needs: { embeddings: 'instructions', llm: false },
  options: migOptions,
  checkOptions: ({ tags, tagField, clusters }) => {
    if (tagField !== undefined && tags === 'llm') throw oneOf('tagField', 'tags');
    if (clusters !== undefined && (tagField !== undefined || tags === 'llm')) {
      throw oneOf('clusters', tagField === undefined ? 'tags' : 'tagField');
    }
  },
  nested: () => true,
  prompts: [],
  measures: (options, { hasResponses }) => [
    ...scoredBy(options, hasResponses ? ['complexity', 'response-quality'] : ['complexity']),
    ...(options.tags === 'llm' ? [TAGS] : []),
  ],
  prepare: async (context) => {
    const names = [...context.measures.keys()];
    return {
      plan: { notes: [], measuring: await measuringPlan(context, names) },
      select: () => selectMeasured(context, names, (measured, count) => inform(context, measured, count)),
    };
  },
});

async function inform(context: StrategyContext<MigOptions>, measured: readonly MeasuredCandidate[], count: number) {
  const scored = [...context.measures.keys()].map((name) => name !== TAGS);
  const scores = measured.map(({ values }) =>
    values.reduce((product, value, index) => (scored[index] ? product * Math.max(0, value) : product), 1),
  );
  const { tags, names, shares, ofLabeled } = await tagCandidates(context, measured);
  const mass = new Float64Array(names.length);
  const meanScore = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  for (const own of ofLabeled) {
    for (const { tag, share } of broughtBy(own, meanScore, shares)) mass[tag]! += share;
  }
  const items = measured.map((_, row) => ({ tags: tags[row]!, score: scores[row]! }));
  const { order, gains } = mostInformative(items, shares, count, mass);
  return Array.from(order, (row, index) => {
    const { position, model, costMicroUsd } = measured[row]!;
    const own = tags[row]!.map((tag) => names[tag]!);
    return {
      position,
      rank: index + 1,
      score: gains[index]!,
      reason: `Score ${scores[row]!.toFixed(1)}; ${own.length === 0 ? 'no tags' : `tags: ${own.join(', ')}`}`,
      strategy: 'mig',
      query: null,
      model,
      costMicroUsd,
    };
  });
}

function oneOf(first: string, second: string): UsageError {
  return new UsageError(
    sentence`${option(first)} has no effect with ${option(second)}.`,
    sentence`Leave out ${option(first)} or ${option(second)}.`,
  );
}
