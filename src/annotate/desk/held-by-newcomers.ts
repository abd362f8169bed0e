import type { Hold } from '../../store/desk-store.ts';
import { HOLD_MS } from './item-work.ts';

/** How long after their last activity a newcomer's item stays reserved where another person has nothing else to do. */
export const NEWCOMER_HOLD_MS = 2 * 60_000;

/**
 * The reserved items that a person may get instead where nothing else is open for them. An item that another person does
 * not see yet is no loss to them. Names cost nothing: one person
 * could reserve a whole round under many of them. So until a name has submitted a label, its items stay reserved for two
 * minutes after its last activity, and longer only while no one else needs them. Texts are kept.
 * @param holds of all people, only those that have not expired
 * @param hasLabels whether a name has submitted a label in this campaign
 * @returns those not seen yet, then the longest without activity first; ties by position, then by name
 */
export function heldByNewcomers(
  holds: readonly Hold[],
  { annotator, nowMs }: { readonly annotator: string; readonly nowMs: number },
  hasLabels: (annotator: string) => boolean,
): Hold[] {
  return holds
    .filter((hold) => hold.annotator !== annotator && (hold.ahead || !hasLabels(hold.annotator)))
    .filter(({ untilMs, ahead }) => ahead || untilMs - HOLD_MS + NEWCOMER_HOLD_MS <= nowMs)
    .sort(
      (a, b) =>
        Number(b.ahead) - Number(a.ahead) ||
        a.untilMs - b.untilMs ||
        a.position - b.position ||
        (a.annotator < b.annotator ? -1 : 1),
    );
}
