import { UsageError } from '../../domain/errors.ts';
import type { PreparedSelection, Selection, Strategy, StrategyContext } from './strategy.ts';

/**
 * A prepared selection whose picks are checked when they come: a strategy of a user's own may be wrong, and its error
 * should name it instead of surfacing in a database.
 */
export function withCheckedPicks(
  { name }: Pick<Strategy, 'name'>,
  prepared: PreparedSelection,
  { instructions, count }: Pick<StrategyContext, 'instructions' | 'count'>,
): PreparedSelection {
  return {
    plan: prepared.plan,
    select: async () => {
      const selection = await prepared.select();
      const problem = problemOf(selection, instructions.length, count);
      if (problem === undefined) return selection;
      throw new UsageError(`The strategy "${name}" made an invalid selection: ${problem}.`, 'Correct its plugin.');
    },
  };
}

/** Candidates are not checked: a selection that is resumed may have asked about items that were labeled meanwhile. */
function problemOf({ picks }: Selection, poolSize: number, count: number): string | undefined {
  const taken = new Set<number>();
  if (picks.length > count) return `${picks.length} picks, but ${count} were asked for`;
  for (const [index, { position, rank, reason, strategy, costMicroUsd, ...pick }] of picks.entries()) {
    const place = `pick ${index + 1}`;
    if (!(position >= 0 && position < poolSize))
      return `${place} is position ${position}, which the pool does not have`;
    if (taken.has(position)) return `${place} is position ${position}, which is taken already`;
    taken.add(position);
    if (rank !== index + 1) return `${place} has rank ${rank}, not ${index + 1}`;
    if (typeof reason !== 'string') return `${place} has no reason`;
    if (typeof strategy !== 'string') return `${place} does not name its strategy`;
    if (!Number.isSafeInteger(costMicroUsd) || costMicroUsd < 0) return `${place} has no costMicroUsd`;
    for (const field of ['score', 'query', 'model'] as const) {
      if (pick[field] === undefined) return `${place} has no ${field}; null says that there is none`;
    }
  }
  return undefined;
}
