import type { RoundPlan, Stop } from '../domain/round.ts';

/** The steps of a campaign. Those of a round come in this order; the first two come before any round, as needed. */
export const STEPS = [
  'add-pool',
  'judge-quality',
  'plan-round',
  'select',
  'export',
  'wait-for-labels',
  'train',
  'evaluate',
  'find-failures',
] as const;
export type StepName = (typeof STEPS)[number];

/** How far a campaign is: everything that decides what comes next. */
export interface CampaignProgress {
  /** Pool files that are new or have changed, or whose vectors are still to be bought. */
  readonly poolPending: boolean;
  /** Instructions whose quality is still to be judged. */
  readonly qualityPending: number;
  /** The last round that was planned. */
  readonly round: { readonly plan: RoundPlan; readonly done: ReadonlySet<string> } | undefined;
  /** Whether there is any label to train on. */
  readonly isTrainable: boolean;
  /** Why no further round is planned, by the rules as configured now. */
  readonly stop: Stop | undefined;
}

export type NextStep =
  | { readonly step: StepName; readonly round: number }
  | { readonly step: 'stop'; readonly round: number; readonly stop: Stop };

const ROUND_STEPS = STEPS.slice(STEPS.indexOf('select'));
/** They need a model. */
const MODEL_STEPS: ReadonlySet<StepName> = new Set<StepName>(['train', 'evaluate', 'find-failures']);

/**
 * What comes next. A round that was started is finished, even if files or settings changed meanwhile; new pool files,
 * judging and the stopping rules apply between rounds. If people gave no label at all, the round ends there and another
 * one is planned.
 */
export function nextStep(position: CampaignProgress): NextStep {
  const { poolPending, qualityPending, round, stop } = position;
  const open = openStep(position);
  if (round && open) return { step: open, round: round.plan.number };
  const number = (round?.plan.number ?? 0) + 1;
  if (poolPending) return { step: 'add-pool', round: number };
  if (qualityPending > 0) return { step: 'judge-quality', round: number };
  // A stop belongs to the round before it.
  return stop ? { step: 'stop', round: number - 1, stop } : { step: 'plan-round', round: number };
}

/** The first step of the last round that is not done and can be; undefined between rounds. */
export function openStep({
  round,
  isTrainable,
}: Pick<CampaignProgress, 'round' | 'isTrainable'>): StepName | undefined {
  const open = firstOpen(round);
  return needsModel(open) && !isTrainable ? undefined : open;
}

export function firstOpen(round: CampaignProgress['round']): StepName | undefined {
  return round && ROUND_STEPS.find((step) => !round.done.has(step));
}

export function needsModel(step: StepName | undefined): boolean {
  return step !== undefined && MODEL_STEPS.has(step);
}
