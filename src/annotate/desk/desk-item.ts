import type { Instruction } from '../../domain/instruction.ts';
import type { DeskEntry, DeskIndex } from './desk-index.ts';
import type { DeskItem, FailingAnswer, Writing } from './desk-views.ts';
import type { Standpoint } from './standpoint.ts';

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
