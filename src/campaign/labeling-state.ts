import type { HandedOut, LabelTerms } from '../domain/round.ts';
import type { CampaignState } from '../store/campaign-state.ts';
import { peopleFor, termsByRound } from './label-price.ts';
import { type ItemLabel, labelsByPosition, type WinnerRule } from './label-views.ts';

/** The state of every item that was assigned to annotators. */
export interface LabelingState {
  /** In order of round and rank, withdrawn ones among them. */
  readonly handedOut: readonly HandedOut[];
  readonly labels: ReadonlyMap<number, ItemLabel>;
  /** Positions that must not be chosen: awaited, or with an annotation. */
  readonly taken: ReadonlySet<number>;
  /** Assigned by a round, not withdrawn, and with answers still missing. */
  awaited(round: number): readonly HandedOut[];
}

export function labelingState(
  state: Pick<CampaignState, 'rounds' | 'labels'>,
  { winner, ...now }: LabelTerms & { readonly winner: WinnerRule },
): LabelingState {
  const handedOut = state.rounds.handedOut();
  const terms = termsByRound(state.rounds.plans(), now);
  const labels = labelsByPosition(state.labels.annotations(), winner);
  const withdrawn = new Set(state.rounds.withdrawn().map(({ round, position }) => `${round} ${position}`));
  const open = handedOut.filter(({ round, position }) => !withdrawn.has(`${round} ${position}`));
  return {
    handedOut,
    labels,
    taken: new Set([...open.map(({ position }) => position), ...labels.keys()]),
    awaited: (round) =>
      open.filter(
        (item) =>
          item.round === round &&
          (labels.get(item.position)?.byPerson.length ?? 0) < peopleFor(terms(round), item.rank),
      ),
  };
}
