import { NotEnoughError } from '../../domain/errors.ts';
import { seededRandom } from '../../math/random.ts';
import type { Cell } from './allocate.ts';

/** Draws before several limits are said not to hold together. */
const MOST_DRAWS = 24;

/** At most so many of each value of a field. */
export interface GroupLimit {
  readonly limit: { readonly field: string; readonly count: number };
  /** Names an item's group; undefined for items without one, which all stay. */
  readonly groupOf: (position: number) => string | undefined;
  /** How many of each group are picked already. */
  readonly used: ReadonlyMap<string, number>;
}

/**
 * Leaves few items of each group for every limit, so that each cell can still fill its count. Limits are applied one
 * after another. What one leaves may be too little for the next, so up to 24 draws are tried, in changing order. Where the
 * groups of one limit lie within those of the other (conversations of users) and nothing else limits the picks, one of the
 * first two finds a choice if there is one.
 * @throws NotEnoughError where no draw keeps to all limits; with several, a choice that does may exist
 */
export function leaveFew(cells: readonly Cell[], limits: readonly GroupLimit[], seed: number): readonly Cell[] {
  for (let draw = 0; draw < (limits.length > 1 ? MOST_DRAWS : 1); draw += 1) {
    const ordered = draw % 2 === 0 ? limits : limits.toReversed();
    let left = cells;
    try {
      for (const { limit, groupOf, used } of ordered) {
        left = leaveFewPerGroup(left, limit, groupOf, used, seed + Math.floor(draw / 2));
      }
      return left;
    } catch (error) {
      // Where one limit alone leaves too few, its own message says more.
      if (!(error instanceof NotEnoughError) || left === cells) throw error;
    }
  }
  const named = limits.map(({ limit: { field, count } }) => `at most ${count} per ${field}`);
  const wanted = cells.reduce((sum, { count }) => sum + count, 0);
  throw new NotEnoughError(
    `No choice of ${wanted} items was found that has ${named.join(' and ')}.`,
    'Raise one of these limits, pick fewer, or add to the pool.',
  );
}

/** Items of one user, say, by the cells they are in. */
interface Group {
  room: number;
  /** By cell: how many it has, and how many of its places the cell may use. */
  readonly items: Map<number, number[]>;
  readonly places: Int32Array;
}

/**
 * Leaves at most a number of items of each group, spread over the cells so that each cell can still fill its count: any
 * choice of a cell's count from what is left keeps to the limit. Which items stay is drawn at random, and which cell may
 * use a group's places is found by augmenting paths. O(count · groups · cells) at worst.
 *
 * Source: Ford & Fulkerson 1956.
 * @param groupOf names an item's group; undefined for items without one, which all stay
 * @param used how many of each group are picked already
 * @throws NotEnoughError where no choice keeps to the limit
 */
export function leaveFewPerGroup(
  cells: readonly Cell[],
  { field, count }: { readonly field: string; readonly count: number },
  groupOf: (position: number) => string | undefined,
  used: ReadonlyMap<string, number>,
  seed: number,
): Cell[] {
  const groups = new Map<string, Group>();
  const free = cells.map((): number[] => []);
  for (const [cell, { positions }] of cells.entries()) {
    for (const position of positions) {
      const name = groupOf(position);
      if (name === undefined) {
        free[cell]!.push(position);
        continue;
      }
      const group = groups.get(name) ?? {
        room: Math.max(0, count - (used.get(name) ?? 0)),
        items: new Map<number, number[]>(),
        places: new Int32Array(cells.length),
      };
      groups.set(name, group);
      group.items.set(cell, [...(group.items.get(cell) ?? []), position]);
    }
  }
  const all = [...groups.values()];
  for (const [cell, { count: wanted, name }] of cells.entries()) {
    const needed = wanted - free[cell]!.length;
    for (let found = 0; found < needed; found += 1) {
      if (!augment(all, cell, new Set())) {
        throw new NotEnoughError(
          `At most ${count} per ${field} leaves ${found + free[cell]!.length} of ${wanted} items${cells.length > 1 ? ` with ${name}` : ''}.`,
          `Allow more per ${field}, pick fewer, or add to the pool.`,
          found + free[cell]!.length,
        );
      }
    }
  }
  const random = seededRandom(seed, 'at most', field);
  const left = free.map((positions) => [...positions]);
  for (const { items, places, room } of all) {
    let spare = room;
    const others: [number, number][] = [];
    for (const [cell, positions] of items) {
      const shuffled = random.shuffle(positions);
      left[cell]!.push(...shuffled.slice(0, places[cell]));
      others.push(...shuffled.slice(places[cell]).map((position): [number, number] => [cell, position]));
    }
    for (const [cell, position] of random.shuffle(others)) {
      if (spare === 0) break;
      left[cell]!.push(position);
      spare -= 1;
    }
  }
  return cells.map((cell, index) => ({ ...cell, positions: left[index]!.sort((a, b) => a - b) }));
}

/** Gives a cell one more place, from a group with room or by moving another cell's place. */
function augment(groups: readonly Group[], cell: number, tried: Set<number>): boolean {
  tried.add(cell);
  const open = groups.filter(({ items, places }) => (items.get(cell)?.length ?? 0) > places[cell]!);
  const roomy = open.find(({ room }) => room > 0);
  if (roomy) {
    roomy.places[cell]! += 1;
    roomy.room -= 1;
    return true;
  }
  for (const { places } of open) {
    for (const [other, taken] of places.entries()) {
      if (taken === 0 || tried.has(other)) continue;
      if (!augment(groups, other, tried)) continue;
      places[other]! -= 1;
      places[cell]! += 1;
      return true;
    }
  }
  return false;
}
