import { fittingThreshold } from '../selection/judges/judge-calibration.ts';
import type { CampaignContext } from './campaign-context.ts';
import { decidedAnswers } from './decided-answers.ts';

/**
 * The score below which an answer counts as a failure: as configured, or with rounds.necessity.calibrate the one that fits
 * best what people did to the answers of the latest judge. It stays as configured while they have decided on too few, and
 * where the judge agrees with them no better than length does.
 */
export function failureThreshold(context: Pick<CampaignContext, 'state' | 'config'>): number {
  const { calibrate, threshold } = context.config.rounds.necessity;
  if (!calibrate) return threshold;
  const { models } = context.state;
  const judge = models.evaluations(models.models().at(-1)?.round ?? 0).at(-1)?.judge;
  const judgments = judge === undefined ? undefined : decidedAnswers(context).get(judge);
  return fittingThreshold(judgments ?? []) ?? threshold;
}
