import type { DrawnItem } from '../domain/round.ts';
import type { Limits } from '../selection/constraints/constraints.ts';
import { type Constraints, fieldValue, limitsPicks, parseConstraints } from '../selection/constraints/constraints.ts';
import type { CampaignContext } from './campaign-context.ts';
import { labelingState } from './labeling-state.ts';

/**
 * What the selection of a round must keep to; undefined where nothing is configured. Quotas are of each round. Minimums and
 * limits are of the whole campaign, so what was assigned before counts; what is left of the minimums is chosen as far as
 * the round goes. Items drawn at random for the test set and as controls stay random: they count for the limits only.
 * @param open positions that may be chosen
 */
export function roundLimits(
  context: CampaignContext,
  count: number,
  drawn: readonly DrawnItem[],
  open: ReadonlySet<number>,
): Limits | undefined {
  const { state, config } = context;
  const constraints = parseConstraints(config.pool);
  if (!limitsPicks(constraints)) return undefined;
  const instructions = context.instructions();
  const taken = [...labelingState(state, config.labels).taken.keys(), ...drawn.map(({ position }) => position)];
  const isDrawn = new Set(drawn.map(({ position }) => position));
  const wanted = new Set(constraints.mustInclude);
  const fixed = [...open].filter((position) => !isDrawn.has(position) && wanted.has(instructions[position]!.id));
  return { constraints: { ...constraints, atLeast: leftOfMinimums(constraints, count) }, fixed, taken };

  function leftOfMinimums({ atLeast }: Constraints, most: number): Constraints['atLeast'] {
    let room = most;
    return atLeast.map((minimum) => {
      const has = (position: number) => fieldValue(instructions[position]!, minimum.field) === minimum.value;
      const left = Math.max(0, minimum.count - taken.filter(has).length);
      const now = Math.min(left, room);
      room -= now;
      return { ...minimum, count: now };
    });
  }
}
