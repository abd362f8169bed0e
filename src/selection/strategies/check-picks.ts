import { UsageError } from '../../domain/errors.ts';
import type { PreparedSelection, Selection, Strategy, StrategyContext } from './strategy.ts';

/**
 * A prepared selection whose picks are checked when they come: a strategy of a user's own may be wrong, and its error
 * should name it instead of surfacing in a database.
 */
export function withCheckedPicks(
  { name }: Pick<Strategy, 'name'>,
  prepared: PreparedSelection,
  { candidates, count }: Pick<StrategyContext, 'candidates' | 'count'>,
): PreparedSelection {
  return {
    plan: prepared.plan,
    select: async () => {
      const selection = await prepared.select();
      const problem = problemOf(selection, new Set(candidates), count);
      if (problem === undefined) return selection;
      throw new UsageError(`The strategy "${name}" made an invalid selection: ${problem}.`, 'Correct its plugin.');
    },
  };
}

function problemOf({ picks }: Selection, candidates: Set<number>, count: number): string | undefined {
  if (picks.length > count) return `${picks.length} picks, but ${count} were asked for`;
  for (const [index, { position, rank, reason, strategy, costMicroUsd, ...pick }] of picks.entries()) {
    const place = `pick ${index + 1}`;
    if (!candidates.delete(position)) return `${place} is position ${position}, which is no candidate or taken already`;
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
