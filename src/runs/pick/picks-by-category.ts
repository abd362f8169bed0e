import type { Instruction } from '../../domain/instruction.ts';
import { findCategories } from '../../records/categories.ts';

/** No more are listed: a field may name thousands. */
const LISTED = 20;

export interface CategoryPicks {
  /** The field that names them. */
  readonly field: string;
  /** How many there are in the pool. */
  readonly count: number;
  /** How many of them something was picked from. */
  readonly covered: number;
  /** Picks and instructions of the pool that are in one. */
  readonly picked: number;
  readonly pool: number;
  /** Those picked from most first, of equals the larger and then the earlier one; the first of them where there are many. */
  readonly listed: readonly CategoryShare[];
}

export interface CategoryShare {
  readonly name: string;
  readonly picked: number;
  /** Instructions of the pool. */
  readonly pool: number;
}

/** How picks are spread over the categories that the pool's records name; null where they name none. @param picked positions */
export function picksByCategory(instructions: readonly Instruction[], picked: readonly number[]): CategoryPicks | null {
  const { field, of } = findCategories(instructions, undefined);
  if (field === null) return null;
  const pool = countNames(of);
  const picks = countNames(picked.map((position) => of[position]));
  const shares = [...pool].map(([name, size]): CategoryShare => ({ name, picked: picks.get(name) ?? 0, pool: size }));
  shares.sort((a, b) => b.picked - a.picked || b.pool - a.pool);
  return {
    field,
    count: pool.size,
    covered: picks.size,
    picked: sum(picks.values()),
    pool: sum(pool.values()),
    listed: shares.slice(0, LISTED),
  };
}

function countNames(names: readonly (string | undefined)[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((total, count) => total + count, 0);
}
