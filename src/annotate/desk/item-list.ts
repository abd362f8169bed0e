import type { Instruction } from '../../domain/instruction.ts';
import type { DeskEntry, DeskRound } from './desk-index.ts';
import { ITEM_FILTERS, type ItemFilter, type ItemList, type ItemState } from './desk-views.ts';
import { itemExcerpt } from './item-excerpt.ts';
import type { Standpoint } from './standpoint.ts';

export interface ListQuery {
  /** Default: the last one. */
  readonly round?: number | undefined;
  readonly filter: ItemFilter;
  /** Letter case aside, part of the instruction, the input or the id; empty for all. */
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

/** The lines of a round that a filter and a search leave, in order of rank. O(characters) where something is searched for. */
export function itemList(
  { plan, entries }: DeskRound,
  { filter, search, offset, limit }: ListQuery,
  standpoint: Standpoint,
  instructionAt: (position: number) => Instruction,
): ItemList {
  const counts = { all: 0, open: 0, mine: 0, skipped: 0, done: 0 };
  const matches = matcher(search);
  const found: { entry: DeskEntry; state: ItemState }[] = [];
  for (const entry of entries) {
    const state = standpoint.stateOf(entry);
    const filters = ITEM_FILTERS.filter((one) => passes(one, state, standpoint.hasBegun(entry)));
    for (const one of filters) counts[one] += 1;
    if (filters.includes(filter) && matches(instructionAt(entry.position))) found.push({ entry, state });
  }
  return {
    round: plan.number,
    items: found.slice(offset, offset + limit).map(({ entry, state }) => ({
      number: entry.position,
      rank: entry.rank,
      excerpt: itemExcerpt(instructionAt(entry.position)),
      state,
      heldBy: standpoint.heldBy(entry),
    })),
    total: found.length,
    offset,
    counts,
  };
}

function passes(filter: ItemFilter, state: ItemState, hasBegun: boolean): boolean {
  const isDone = state === 'answered' || state === 'rejected';
  switch (filter) {
    case 'all':
      return true;
    case 'open':
      return state === 'open' || state === 'begun';
    case 'mine':
      return isDone || state === 'skipped' || hasBegun;
    case 'skipped':
      return state === 'skipped';
    case 'done':
      return isDone;
  }
}

function matcher(search: string): (instruction: Instruction) => boolean {
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return () => true;
  const holds = (text: string) => text.toLowerCase().includes(wanted);
  return ({ id, instruction, input }) => holds(instruction) || holds(id) || (input !== undefined && holds(input));
}
