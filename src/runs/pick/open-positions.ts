import type { Pool } from '../../domain/pool.ts';
import type { Wording } from '../../domain/wording.ts';
import { excludedPositions, isWanted, unknownIdsNotes } from '../../selection/constraints/constraints.ts';
import { fixedPositions } from '../../selection/constraints/prepare-constrained.ts';
import { onePerConversation } from '../../selection/one-per-conversation.ts';
import type { PickRun } from './open-pick-run.ts';

/** Positions of the items that must be included. @throws NotEnoughError for an id that cannot be picked */
export function includedPositions(run: PickRun): number[] {
  const { pool, settings } = run;
  const { mustInclude } = settings.constraints;
  if (mustInclude.length === 0) return [];
  const open = new Set(openPositions(run));
  return fixedPositions(mustInclude, finderOf(pool, mustInclude), (position) => open.has(position));
}

/** Finds the positions of some ids, also of those whose records were merged into others. */
function finderOf(pool: Pool, ids: readonly string[]): (id: string) => number | undefined {
  const wanted = new Set(ids);
  const positions = new Map(pool.mergedIds);
  for (const [position, { id }] of pool.instructions.entries()) if (wanted.has(id)) positions.set(id, position);
  return (id) => positions.get(id);
}

/** Of each conversation one turn, unless several may be picked. */
export function unlabeledPositions(run: PickRun): readonly number[] {
  const { pool, labeled, settings } = run;
  const open = openPositions(run);
  const limitsConversations = settings.constraints.atMost.some(({ field }) => field === 'conversation');
  return settings.severalPerConversation || limitsConversations || !pool.hasConversations
    ? open
    : onePerConversation(open, pool.instructions, labeled.positions, settings.seed);
}

/** Of each conversation all turns. */
export function openPositions({ pool, labeled, heldOut, settings }: PickRun): readonly number[] {
  const taken = new Set(labeled.positions);
  const { where, excludeIds } = settings.constraints;
  const excluded = excludeIds.length === 0 ? undefined : excludedPositions(excludeIds, finderOf(pool, excludeIds));
  return [...pool.instructions.keys()].filter(
    (position) =>
      !taken.has(position) &&
      !heldOut.has(position) &&
      !excluded?.has(position) &&
      (where.length === 0 || isWanted(pool.instructions[position]!, where)),
  );
}

/** Ids of `excludeIds` that are not in the pool. */
export function excludedNotes({ pool, settings }: PickRun): Wording[] {
  const { excludeIds } = settings.constraints;
  return excludeIds.length === 0 ? [] : unknownIdsNotes('excludeIds', excludeIds, finderOf(pool, excludeIds));
}
