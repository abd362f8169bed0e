import type { CorrectionDecision } from '../domain/label.ts';
import type { Evaluation } from '../domain/round.ts';
import type { DecidedJudgment } from '../selection/judges/judge-calibration.ts';
import type { CampaignContext } from './campaign-context.ts';
import { hidesReasons } from './hidden-reason.ts';
import { currentLabels, type ItemLabel } from './label-views.ts';

type Decided = Pick<CampaignContext, 'state' | 'config'>;

/** What people decided on: items they answered or rejected, not those they skipped. */
export function decidedLabels({ state, config }: Decided): ItemLabel[] {
  const labels = currentLabels(state, config.labels.winner).values();
  return [...labels].filter((label) => label.state !== 'skipped');
}

/** An answer of a seed model that a person got as a draft, and what became of it. */
export interface DecidedDraft {
  readonly label: ItemLabel;
  readonly evaluation: Evaluation & { readonly score: number };
  /** Which round handed it out. */
  readonly round: number;
}

/** The answers that went to people as drafts: those of the model before the round that handed the item out. */
export function decidedDrafts(context: Decided): DecidedDraft[] {
  const { state } = context;
  // What was handed out again belongs to the later round.
  const roundOf = new Map(state.rounds.handedOut().map(({ position, round }) => [position, round]));
  const byId = new Map(decidedLabels(context).map((label) => [state.items.idOf(label.position), label]));
  return state.rounds.plans().flatMap((plan) => {
    if (plan.number === 1) return [];
    return state.models.evaluations(plan.number - 1).flatMap((evaluation) => {
      const { subset, itemId, score } = evaluation;
      const label = byId.get(itemId);
      if (subset !== 'pool' || score === null || !label) return [];
      // Answers that reached the threshold are drafts only in rounds with items drawn at random.
      if (score >= plan.threshold && !hidesReasons(plan)) return [];
      if (roundOf.get(label.position) !== plan.number) return [];
      return [{ label, evaluation: { ...evaluation, score }, round: plan.number }];
    });
  });
}

/** What a person did to a draft: kept it word for word, edited it, or rejected the instruction with it. */
export function decisionOn({ label, evaluation }: DecidedDraft): CorrectionDecision {
  if (label.state !== 'labeled') return 'rejected';
  return label.winner.response?.trim() === evaluation.answer.trim() ? 'kept' : 'edited';
}

/** The same, by judge. An answer counts as approved where people kept it, and as not approved where they did not. */
export function decidedAnswers(context: Decided): ReadonlyMap<string, readonly DecidedJudgment[]> {
  const byJudge = new Map<string, DecidedJudgment[]>();
  for (const draft of decidedDrafts(context)) {
    const { judge, score, answer } = draft.evaluation;
    const decided = byJudge.get(judge) ?? [];
    decided.push({ score, length: answer.length, approved: decisionOn(draft) === 'kept' });
    byJudge.set(judge, decided);
  }
  return byJudge;
}
