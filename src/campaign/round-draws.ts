import type { DrawnItem, RoundPlan } from '../domain/round.ts';
import type { Pick } from '../domain/selection.ts';
import type { Candidates } from '../selection/find-candidates.ts';
import type { CampaignContext } from './campaign-context.ts';
import { candidatesOf, embedPool } from './candidates.ts';
import { eligiblePositions } from './eligible-positions.ts';
import { controlCount } from './planned-draws.ts';
import { controlOrder, drawTestItems, mixIn } from './random-draws.ts';

/**
 * What a round draws at random: the test set from all instructions that may be chosen, then controls from the rest.
 * @param candidates of the round, which are distinct; those of a seed round are all there are
 */
export async function drawItems(
  context: CampaignContext,
  plan: RoundPlan,
  candidates: readonly number[],
): Promise<readonly DrawnItem[]> {
  const { control = 0, test = 0, from } = plan;
  if (control + test === 0) return [];
  const pool = from === 'pool' ? candidates : await eligiblePositions(context);
  const items = test === 0 ? [] : await drawTest(context, plan, pool);
  const taken = new Set(items.map(({ position }) => position));
  const left = pool.filter((position) => !taken.has(position));
  return [...items, ...(await drawControls(context, plan, left))];
}

async function drawTest(
  context: CampaignContext,
  { number, test = 0 }: RoundPlan,
  positions: readonly number[],
): Promise<DrawnItem[]> {
  const { config, tools, signal } = context;
  return drawTestItems({
    round: number,
    seed: config.seed,
    count: Math.min(test, positions.length - 1),
    positions,
    instructions: context.instructions(),
    by: config.labels.testBy,
    embeddings: await embedPool(context),
    kernel: await tools.kernel(),
    signal,
  });
}

/** Looks for near-duplicates only among as many as are needed, since a pool may be large. */
async function drawControls(
  context: CampaignContext,
  { number, control = 0 }: RoundPlan,
  positions: readonly number[],
): Promise<DrawnItem[]> {
  const order = controlOrder(positions, context.config.seed, number);
  for (let tried = 2 * control; ; tried *= 2) {
    const first = order.slice(0, tried);
    const { positions: distinct } = await candidatesOf(
      context,
      first.toSorted((a, b) => a - b),
    );
    const isDistinct = new Set(distinct);
    const drawn = first.filter((position) => isDistinct.has(position)).slice(0, control);
    if (drawn.length < control && tried < order.length) continue;
    return drawn.map((position) => ({
      round: number,
      position,
      purpose: 'control',
      stratum: 'all',
      stratumSize: positions.length,
    }));
  }
}

/** The controls of the next round, as far as they can be known: they are evaluated, to compare with what is selected. */
export function nextControls({ config }: CampaignContext, round: number, positions: readonly number[]): number[] {
  const count = controlCount(config, config.rounds.necessity.count);
  return count === 0 ? [] : controlOrder(positions, config.seed, round + 1).slice(0, count);
}

/** Candidates without the items that were drawn. */
export function withoutDrawn<C extends Candidates>(candidates: C, drawn: readonly DrawnItem[]): C {
  if (drawn.length === 0) return candidates;
  const isDrawn = new Set(drawn.map(({ position }) => position));
  const isOpen = (position: number) => !isDrawn.has(position);
  const copies = new Map([...candidates.copies].filter(([position]) => isOpen(position)));
  return { ...candidates, positions: candidates.positions.filter(isOpen), copies };
}

const REASONS: Readonly<Record<DrawnItem['purpose'], string>> = {
  test: 'Drawn at random for the test set',
  control: 'Drawn at random to compare with the selected items',
};

/** The picks of a round with what was drawn at random among them, ranked again: people see no difference. */
export function withDrawn(picks: readonly Pick[], drawn: readonly DrawnItem[], seed: number): readonly Pick[] {
  if (drawn.length === 0) return picks;
  const asPicks = drawn.map(
    ({ position, purpose }): Pick => ({
      position,
      rank: 0,
      score: null,
      reason: REASONS[purpose],
      strategy: 'random',
      query: null,
      model: null,
      costMicroUsd: 0,
    }),
  );
  return mixIn(picks, asPicks, seed).map((pick, index) => ({ ...pick, rank: index + 1 }));
}
