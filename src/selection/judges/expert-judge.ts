import { NO_CALLS } from '../../domain/usage.ts';
import type { ExpertScorer } from './expert/expert-scorer.ts';
import { shippedExpertScorer } from './expert/scorer-file.ts';
import { type Criterion, type Judge, judgesResponse, SCALES } from './judge.ts';

/** How good a response is: experts' revisions tell no finer. How well a seed model does has a scale of its own. */
export type ExpertCriterion = Exclude<Criterion, 'quality' | 'complexity' | 'necessity'>;

export function isScoredByExperts(criterion: Criterion): criterion is ExpertCriterion {
  return judgesResponse(criterion) && criterion !== 'necessity';
}

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
  criterion: ExpertCriterion,
  { model = shippedExpertScorer() }: { readonly model?: ExpertScorer } = {},
): Judge {
  const scale = SCALES[criterion];
  return {
    criterion,
    scale,
    name: `${model.name}, ${criterion}`,
    shortName: 'expert scorer',
    concurrency: CONCURRENCY,
    judge: async (item, { signal }) => {
      signal?.throwIfAborted();
      if (item.response === undefined) {
        throw new TypeError(`To judge ${criterion}, the instruction needs a response.`);
      }
      const { share, reason } = model.appraise(item);
      return { score: scale.min + share * (scale.max - scale.min), reason, model: EXPERT_MODEL, costMicroUsd: 0 };
    },
    estimate: () => NO_CALLS,
  };
}
