import type { DecidedJudgment } from '../selection/judges/judge-calibration.ts';
import type { CampaignContext } from './campaign-context.ts';
import { hidesReasons } from './hidden-reason.ts';
import { type ItemLabel, labelsByPosition } from './label-views.ts';

type Decided = Pick<CampaignContext, 'state' | 'config'>;

/** What people decided on: items they answered or rejected, not those they skipped. */
export function decidedLabels({ state, config }: Decided): ItemLabel[] {
  const labels = labelsByPosition(state.labels.annotations(), config.labels.winner).values();
  return [...labels].filter((label) => label.state !== 'skipped');
}

/**
 * The answers that went to people as drafts, by judge: those of the model before the round that handed the item out. An
 * answer counts as approved where people kept it word for word, and as not approved where they edited or rejected it.
 */
export function decidedAnswers(context: Decided): ReadonlyMap<string, readonly DecidedJudgment[]> {
  const { state } = context;
  const byJudge = new Map<string, DecidedJudgment[]>();
  // What was handed out again belongs to the later round.
  const roundOf = new Map(state.rounds.handedOut().map(({ position, round }) => [position, round]));
  const byId = new Map(decidedLabels(context).map((label) => [state.items.idOf(label.position), label]));
  for (const plan of state.rounds.plans()) {
    if (plan.number === 1) continue;
    for (const { subset, itemId, answer, judge, score } of state.models.evaluations(plan.number - 1)) {
      const label = byId.get(itemId);
      if (subset !== 'pool' || score === null || !label) continue;
      // Answers that reached the threshold are drafts only in rounds with items drawn at random.
      if (score >= plan.threshold && !hidesReasons(plan)) continue;
      if (roundOf.get(label.position) !== plan.number) continue;
      const approved = label.state === 'labeled' && label.winner.response?.trim() === answer.trim();
      const decided = byJudge.get(judge) ?? [];
      decided.push({ score, length: answer.length, approved });
      byJudge.set(judge, decided);
    }
  }
  return byJudge;
}
