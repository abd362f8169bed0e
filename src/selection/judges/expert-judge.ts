import { z } from 'zod';
import { NO_CALLS } from '../../domain/usage.ts';
import { type Criterion, NECESSITY } from './criteria.ts';
import type { ExpertScorer } from './expert/expert-scorer.ts';
import { loadExpertScorer, shippedExpertScorer } from './expert/scorer-file.ts';
import type { Judge, JudgeKind } from './judge.ts';

/** Changes whenever features or spelling do, as a model snapshot does. */
const EXPERT_MODEL = 'expert-scorer-1';
/** Judgments are immediate; more at once gains nothing. */
const CONCURRENCY = 16;

/**
 * Judges responses by how much they are like what experts made of drafts: no key, no cost, thousands a second, the same
 * score every time. The score is the share of the responses the scorer was fitted to, drafts and revisions together,
 * that score lower, on the criterion's scale: 4.5 of 5 means better than 90 % of them. All criteria rank alike. An empty
 * response gets the lowest score, and it alone.
 *
 * It reads wording and shape, understands nothing, and knows no truth: see data/expert-scorer.md.
 * @param options.model another scorer than the one that ships with winnow
 * @throws ScorerError when the scorer that ships with winnow is missing
 */
export function expertJudge(
  criterion: Criterion,
  { model = shippedExpertScorer() }: { readonly model?: ExpertScorer } = {},
): Judge {
  const { scale } = criterion;
  return {
    criterion,
    name: `${model.name}, ${criterion.name}`,
    shortName: 'expert scorer',
    concurrency: CONCURRENCY,
    judge: async (item, { signal }) => {
      signal?.throwIfAborted();
      if (item.response === undefined) {
        throw new TypeError(`To judge ${criterion.name}, the instruction needs a response.`);
      }
      const { share, reason } = model.appraise(item);
      return { score: scale.min + share * (scale.max - scale.min), reason, model: EXPERT_MODEL, costMicroUsd: 0 };
    },
    estimate: () => NO_CALLS,
  };
}

/** The expert scorer as a kind of judge. */
export const expertJudgeKind: JudgeKind = {
  name: 'expert',
  summary: 'a scorer fitted to the revisions of experts, runs on this machine',
  source: 'The expert-aligned scorer of CaR (arXiv 2402.18191); recipe and data: data/expert-scorer.md.',
  limits: 'English responses only. It compares wording and shape, not facts.',
  needs: 'none',
  options: z.object({
    scorer: z
      .string('must be the path of a scorer')
      .min(1, 'must be the path of a scorer')
      .optional()
      .describe('a scorer of your own, made by winnow scorer train')
      .meta({ value: 'file' }),
  }),
  // All criteria of responses rank alike: revisions tell no finer. How well a seed model does has a scale of its own.
  judges: (criterion) => criterion.of === 'response' && criterion.name !== NECESSITY.name,
  prompts: () => [],
  open: async (criterion, { scorer }) =>
    expertJudge(criterion, typeof scorer === 'string' ? { model: loadExpertScorer(scorer) } : {}),
};
