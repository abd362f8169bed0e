import type { HandedOut, LabelTerms } from '../domain/round.ts';
import type { CampaignState } from '../store/campaign-state.ts';
import { peopleFor, termsByRound } from './label-price.ts';
import { type ItemLabel, labelsByPosition, peopleDone, type WinnerRule } from './label-views.ts';
import { type LeadDecisions, leadDecisions, openRequests } from './lead-decisions.ts';

/** The state of every item that was assigned to annotators. */
export interface LabelingState {
  /** In order of round and rank, withdrawn ones among them. */
  readonly handedOut: readonly HandedOut[];
  readonly labels: ReadonlyMap<number, ItemLabel>;
  /** Positions that must not be chosen: awaited, or with an annotation. */
  readonly taken: ReadonlySet<number>;
  /** Assigned by a round, not withdrawn, and with answers still missing or sent back. */
  awaited(round: number): readonly HandedOut[];
}

export function labelingState(
  state: Pick<CampaignState, 'rounds' | 'labels' | 'lead'>,
  { winner, ...now }: LabelTerms & { readonly winner: WinnerRule },
): LabelingState {
  const handedOut = state.rounds.handedOut();
  const terms = termsByRound(state.rounds.plans(), now);
  const annotations = state.labels.annotations();
  const decisions = leadDecisions(state.lead.actions());
  const labels = labelsByPosition(annotations, winner, decisions);
  const done = peopleDone(annotations, decisions);
  const isAwaited = ({ round, rank, position }: HandedOut) => {
    const label = labels.get(position);
    if (label?.isDecided) return false;
    if (openRequests(position, label?.byPerson ?? [], decisions).length > 0) return true;
    return (done.get(position)?.size ?? 0) < peopleWanted({ rank, position }, terms(round), decisions);
  };
  const withdrawn = new Set(state.rounds.withdrawn().map(({ round, position }) => `${round} ${position}`));
  const open = handedOut.filter(({ round, position }) => !withdrawn.has(`${round} ${position}`));
  return {
    handedOut,
    labels,
    taken: new Set([...open.map(({ position }) => position), ...labels.keys(), ...done.keys()]),
    awaited: (round) => open.filter((item) => item.round === round && isAwaited(item)),
  };
}

/** How many people are to answer an item: as planned, or more where a lead asked for them. */
export function peopleWanted(
  { rank, position }: Pick<HandedOut, 'rank' | 'position'>,
  terms: LabelTerms,
  { reopened }: LeadDecisions,
): number {
  return Math.max(peopleFor(terms, rank), reopened.get(position)?.details.people ?? 0);
}
