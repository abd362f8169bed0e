import type { CampaignContext } from '../campaign/campaign-context.ts';
import { expenseOrigin } from '../campaign/expense-names.ts';
import type { ItemLabel } from '../campaign/label-views.ts';
import { labelingState } from '../campaign/labeling-state.ts';
import { type CampaignStatus, campaignStatus } from '../campaign/status.ts';
import { testItems } from '../campaign/test-set.ts';
import type { LedgerEntry } from '../domain/expense.ts';
import type { Instruction } from '../domain/instruction.ts';
import type { Evaluation, RoundPlan } from '../domain/round.ts';
import type { StoredPick } from '../store/round-store.ts';
import type { PickLine } from './report-data.ts';

/** The state of a campaign at one moment, read once for all sections of a report. */
export interface ReportFacts {
  readonly status: CampaignStatus;
  /** By position. */
  readonly instructions: readonly Instruction[];
  readonly plans: readonly RoundPlan[];
  /** When each round was planned. */
  readonly plannedAtMs: ReadonlyMap<number, number>;
  /** In order of round and rank, including withdrawn picks. */
  readonly picks: readonly PickFacts[];
  /** By position. */
  readonly labels: ReadonlyMap<number, ItemLabel>;
  /** By round: the last evaluation of each item. Empty for a round without a model. */
  readonly evaluations: ReadonlyMap<number, readonly Evaluation[]>;
  /** Of the test set. */
  readonly testPositions: ReadonlySet<number>;
  /** Every call and expense. */
  readonly entries: readonly EntryFacts[];
}

/** A ledger entry with what it was for. */
export interface EntryFacts extends LedgerEntry {
  /** The round that an expense names; null for calls and extra work. */
  readonly round: number | null;
  /** The item with more answers than planned; null for anything but extra work. */
  readonly position: number | null;
}

export interface PickFacts extends StoredPick {
  readonly state: PickLine['state'];
}

export async function gatherFacts(context: CampaignContext): Promise<ReportFacts> {
  const { state, config } = context;
  const { labels } = labelingState(state, config.labels);
  const plans = state.rounds.plans();
  return {
    status: await campaignStatus(context),
    instructions: context.instructions(),
    plans,
    plannedAtMs: state.rounds.planTimes(),
    picks: picksOf(context, labels),
    labels,
    evaluations: new Map(plans.map(({ number }) => [number, state.models.evaluations(number)])),
    testPositions: new Set(testItems(state).keys()),
    entries: state.ledger.entries().map((entry) => ({ ...entry, ...originOf(entry, context) })),
  };
}

function originOf({ key }: LedgerEntry, { state }: CampaignContext): Pick<EntryFacts, 'round' | 'position'> {
  if (key === null) return { round: null, position: null };
  const origin = expenseOrigin(key);
  if ('round' in origin) return { round: origin.round, position: null };
  if ('action' in origin) return { round: null, position: state.lead.action(origin.action)?.position ?? null };
  return { round: null, position: state.labels.positionOf(origin.annotationKey) ?? null };
}

/** The label of an item that was picked again belongs to the later pick. */
function picksOf({ state }: CampaignContext, labels: ReadonlyMap<number, ItemLabel>): PickFacts[] {
  const picks = state.rounds.picks();
  const lastRound = new Map(picks.map(({ position, round }) => [position, round]));
  const withdrawn = new Set(state.rounds.withdrawn().map(({ round, position }) => `${round} ${position}`));
  return picks.map((pick) => {
    const { round, position } = pick;
    const label = lastRound.get(position) === round ? labels.get(position) : undefined;
    return { ...pick, state: label?.state ?? (withdrawn.has(`${round} ${position}`) ? 'withdrawn' : 'awaited') };
  });
}

/** The useful labels, in the order they were picked: those to train on or to hold out. */
export function labeledPicks({ picks }: Pick<ReportFacts, 'picks'>): PickFacts[] {
  return picks.filter(({ state }) => state === 'labeled');
}

/** Those that cover the pool: the test set is not trained on. */
export function coveringPicks(facts: Pick<ReportFacts, 'picks' | 'testPositions'>): PickFacts[] {
  return labeledPicks(facts).filter(({ position }) => !facts.testPositions.has(position));
}

/** How many of these picks were withdrawn. */
export function countWithdrawn(picks: readonly PickFacts[]): number {
  return picks.filter(({ state }) => state === 'withdrawn').length;
}
