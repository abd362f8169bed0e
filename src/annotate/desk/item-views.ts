import type { Instruction } from '../../domain/instruction.ts';
import { excerpt } from '../../text/excerpt.ts';
import type { Standpoint } from './annotator-view.ts';
import type { DeskEntry, DeskIndex, DeskRound } from './desk-index.ts';
import {
  type DeskItem,
  type FailingAnswer,
  ITEM_FILTERS,
  type ItemFilter,
  type ItemList,
  type ItemState,
  type Writing,
} from './desk-views.ts';

/** One item, whole, as one person sees it. */
export function deskItem(
  index: DeskIndex,
  entry: DeskEntry,
  standpoint: Standpoint,
  about: {
    readonly instruction: Instruction;
    readonly failingAnswer: FailingAnswer | null;
    readonly writing: Writing;
    readonly heldUntilMs: number | null;
  },
): DeskItem {
  const { entries, handedOut } = index.round(entry.round);
  const { instruction, ...rest } = about;
  const place = entries.indexOf(entry);
  const peopleDone = index.wordsOn(entry).length;
  return {
    number: entry.position,
    id: instruction.id,
    round: entry.round,
    rank: entry.rank,
    of: handedOut,
    instruction: instruction.instruction,
    input: instruction.input ?? null,
    reason: entry.reason,
    ...rest,
    state: standpoint.stateOf(entry),
    heldBy: standpoint.heldBy(entry),
    verdict: standpoint.ownWord(entry)?.verdict ?? null,
    // A round that went on waits for nobody.
    peopleWanted: index.isAwaited(entry) ? entry.peopleWanted : peopleDone,
    peopleDone,
    previous: entries[place - 1]?.position ?? null,
    next: entries[place + 1]?.position ?? null,
  };
}

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

const LONGEST = 140;

/** An item in one line of a list. */
export function itemExcerpt({ instruction }: Instruction): string {
  return excerpt(instruction, LONGEST);
}
