import type { Pick } from '../../../domain/selection.ts';
import type { AnsweredQuery } from './ask-queries.ts';

/**
 * Orders the picks of all queries: by score, so that what queries chose first comes first; ties by
 * query, then by the order within it. The picks of a query share its cost to the micro-dollar.
 * @param weightOf in (0, 1], by position: what the score of a pick is multiplied by; absent: nothing
 */
export function rankPicks(queries: readonly AnsweredQuery[], weightOf?: ReadonlyMap<number, number>): Pick[] {
  return queries
    .flatMap(({ number, choice }) =>
      choice.picks.map((pick, index) => ({
        ...pick,
        score: pick.score * (weightOf?.get(pick.position) ?? 1),
        strategy: 'selectllm',
        query: number,
        model: choice.model,
        costMicroUsd: share(choice.costMicroUsd, choice.picks.length, index),
      })),
    )
    .sort((a, b) => b.score - a.score)
    .map((pick, index) => ({ ...pick, rank: index + 1 }));
}

/** The index-th of `parts` whole shares; the first ones carry the remainder. */
function share(amount: number, parts: number, index: number): number {
  return Math.floor(amount / parts) + (index < amount % parts ? 1 : 0);
}
