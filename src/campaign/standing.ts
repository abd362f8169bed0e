import { embeddingText } from '../domain/instruction.ts';
import type { HandedOut } from '../domain/round.ts';
import type { CampaignState } from '../store/campaign-state.ts';
import type { CampaignContext } from './campaign-context.ts';
import { peopleFor } from './label-price.ts';
import { type ItemLabel, labelsByPosition, type WinnerRule } from './label-views.ts';

/** Where every item that was ever handed out stands. */
export interface Standing {
  /** In order of round and rank, withdrawn ones among them. */
  readonly handedOut: readonly HandedOut[];
  readonly labels: ReadonlyMap<number, ItemLabel>;
  /** Positions that must not be chosen: awaited, or somebody said something of them. */
  readonly taken: ReadonlySet<number>;
  /** Handed out by a round, not withdrawn, and not everybody who is to answer has. */
  awaited(round: number): readonly HandedOut[];
}

export function standingOf(
  state: Pick<CampaignState, 'rounds' | 'labels'>,
  { winner, ...people }: { readonly winner: WinnerRule; readonly annotators: number; readonly overlap: number },
): Standing {
  const handedOut = state.rounds.handedOut();
  const labels = labelsByPosition(state.labels.annotations(), winner);
  const withdrawn = new Set(state.rounds.withdrawn().map(({ round, position }) => `${round} ${position}`));
  const standing = handedOut.filter(({ round, position }) => !withdrawn.has(`${round} ${position}`));
  return {
    handedOut,
    labels,
    taken: new Set([...standing.map(({ position }) => position), ...labels.keys()]),
    awaited: (round) =>
      standing.filter(
        (item) =>
          item.round === round && (labels.get(item.position)?.byPerson.length ?? 0) < peopleFor(people, item.rank),
      ),
  };
}

/**
 * Positions that may be chosen, ascending: nobody has them, they are good enough where quality is judged, and they are
 * none of the texts models are tested with. Near-duplicates are not looked for.
 */
export async function eligiblePositions(context: CampaignContext): Promise<number[]> {
  const { state, config } = context;
  const { taken } = standingOf(state, config.labels);
  const kept = await keptPositions(context);
  const tested = new Set((await context.testExamples()).map(embeddingText));
  return [...context.instructions().entries()]
    .filter(([position, item]) => !taken.has(position) && kept(position) && !tested.has(embeddingText(item)))
    .map(([position]) => position);
}

/**
 * By the judge's ratings; what could not be judged is not kept. What was never judged is: between rounds there is none,
 * and where quality or its judge is changed within a round, the change counts from the next one.
 */
async function keptPositions(context: CampaignContext): Promise<(position: number) => boolean> {
  const { quality } = context.config;
  if (quality === undefined) return () => true;
  const judge = await context.qualityJudge();
  const ratings = judge === undefined ? [] : context.state.models.ratings(judge);
  const leftOut = new Set(
    ratings.filter(({ score }) => score === null || score < quality.threshold).map(({ position }) => position),
  );
  return (position) => !leftOut.has(position);
}
