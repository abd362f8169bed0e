import type { DeskEntry } from './desk-index.ts';

/**
 * Which item a person is to be shown next: where they come from nowhere, the first that is open and that they are at
 * work on already; else the first that is open, from the one they come from onwards, wrapping round to it.
 * @param entries of a round, in order of rank
 * @param after position they come from
 */
export function nextItem(
  entries: readonly DeskEntry[],
  {
    after,
    isOpen,
    isUnderWay,
  }: {
    readonly after?: number | undefined;
    readonly isOpen: (entry: DeskEntry) => boolean;
    readonly isUnderWay: (entry: DeskEntry) => boolean;
  },
): DeskEntry | undefined {
  const from = after === undefined ? -1 : entries.findIndex(({ position }) => position === after);
  if (from < 0) return entries.find((entry) => isUnderWay(entry) && isOpen(entry)) ?? entries.find(isOpen);
  return entries.slice(from + 1).find(isOpen) ?? entries.slice(0, from + 1).find(isOpen);
}
