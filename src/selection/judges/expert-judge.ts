import { z } from 'zod';
import { NO_CALLS } from '../../domain/usage.ts';
import { type Criterion, NECESSITY } from './criteria.ts';
import type { ExpertScorer } from './expert/expert-scorer.ts';
import { loadExpertScorer, shippedExpertScorer } from './expert/scorer-file.ts';
import type { Judge, JudgeKind } from './judge.ts';

/** Changes whenever features or spelling change, like a model snapshot. */
const EXPERT_MODEL = 'expert-scorer-2';
/** Judgments are immediate, so a higher number brings nothing. */
const CONCURRENCY = 16;

/**
 * Judges responses by how similar they are to experts' revisions of drafts. Needs no key, costs nothing, judges
 * thousands a second, and always gives the same score. The score is the share of the responses that the scorer was
 * fitted to (drafts and revisions) that score lower, on the criterion's scale: 4.5 of 5 means better than 90 % of them.
 * All criteria give the same ranking. Only an empty response gets the lowest score.
 *
 * The scorer reads wording and layout. It does not understand the text or check facts: see data/expert-scorer.md.
 * @param options.model by default the scorer that ships with winnow
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
  // Revisions do not distinguish the criteria of responses. Necessity has a scale of its own.
  judges: (criterion) => criterion.of === 'response' && criterion.name !== NECESSITY.name,
  prompts: () => [],
  open: async (criterion, { scorer }) =>
    expertJudge(criterion, typeof scorer === 'string' ? { model: loadExpertScorer(scorer) } : {}),
};
