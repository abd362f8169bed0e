import type { MicroUsd } from '../../domain/money.ts';
import type { StoredAnnotation } from '../../store/label-store.ts';
import type { Standpoint } from './annotator-view.ts';
import type { DeskIndex } from './desk-index.ts';
import type { DeskProgress } from './desk-views.ts';

/** Money on labels, of the whole campaign. */
export interface LabelMoney {
  readonly spentMicroUsd: MicroUsd;
  readonly reservedMicroUsd: MicroUsd;
  readonly capMicroUsd: MicroUsd | null;
}

/** How far a round is, and the person's share in it. O(items of the round). */
export function deskProgress(
  index: DeskIndex,
  round: number,
  standpoint: Standpoint,
  { money, atWork }: { readonly money: LabelMoney; readonly atWork: readonly string[] },
): DeskProgress {
  const { plan, entries, isWaiting } = index.round(round);
  const mine = { answered: 0, rejected: 0, skipped: 0 };
  let [complete, leftForMe, wordsLeft] = [0, 0, 0];
  for (const entry of entries) {
    const said = index.wordsOn(entry).length;
    if (said >= entry.peopleWanted) complete += 1;
    else if (isWaiting) wordsLeft += entry.peopleWanted - said;
    if (standpoint.isOpen(entry)) leftForMe += 1;
    const own = standpoint.ownWord(entry)?.verdict;
    if (own !== undefined) mine[own === 'accepted' ? 'answered' : own] += 1;
  }
  const pace = itemsPerHour(index.annotations, (one) => index.labels.get(one.position)!.byPerson.includes(one));
  return {
    round,
    kind: plan.kind,
    strategy: plan.strategy,
    items: entries.length,
    complete,
    leftForMe,
    mine,
    ...money,
    itemsPerHour: pace,
    hoursLeft: pace === null ? null : wordsLeft / pace / Math.max(1, atWork.length),
    atWork,
    isWaiting,
  };
}

/** Enough that one long item does not sway it, few enough that it follows as people get quicker. */
const LATEST = 50;
/** Fewer tell nothing. */
const FEWEST = 3;

/**
 * Items a person does in an hour of work, by the latest of which the time is known; null while there are too few.
 * @param annotations in the order they were taken in
 * @param isLastWord whether the person has said nothing else of the item since
 */
export function itemsPerHour(
  annotations: readonly StoredAnnotation[],
  isLastWord: (annotation: StoredAnnotation) => boolean,
): number | null {
  let [items, seconds] = [0, 0];
  for (let at = annotations.length - 1; at >= 0 && items < LATEST; at -= 1) {
    const annotation = annotations[at]!;
    if (annotation.seconds === null || !isLastWord(annotation)) continue;
    items += 1;
    seconds += annotation.seconds;
  }
  return items < FEWEST || seconds === 0 ? null : (items * 3600) / seconds;
}
