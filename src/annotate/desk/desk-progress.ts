import type { MicroUsd } from '../../domain/money.ts';
import type { StoredAnnotation } from '../../store/label-store.ts';
import type { AnnotatorView } from './annotator-view.ts';
import type { DeskIndex } from './desk-index.ts';
import type { DeskProgress } from './desk-views.ts';

/** Money for labels, over the whole campaign. */
export interface LabelMoney {
  readonly spentMicroUsd: MicroUsd;
  readonly reservedMicroUsd: MicroUsd;
  readonly capMicroUsd: MicroUsd | null;
}

/** The progress of a round and one person's share of it. O(items of the round). */
export function deskProgress(
  index: DeskIndex,
  round: number,
  view: AnnotatorView,
  {
    money,
    atWork,
    guidelines,
  }: { readonly money: LabelMoney; readonly atWork: readonly string[]; readonly guidelines: string | null },
): DeskProgress {
  const { plan, entries, isWaiting } = index.round(round);
  const mine = { answered: 0, rejected: 0, skipped: 0 };
  let [complete, leftForMe, labelsLeft] = [0, 0, 0];
  for (const entry of entries) {
    if (index.isComplete(entry)) complete += 1;
    else if (isWaiting) labelsLeft += entry.peopleWanted - index.answeredBy(entry).length;
    if (view.isOpen(entry)) leftForMe += 1;
    const verdict = view.ownLabel(entry)?.verdict;
    if (verdict !== undefined) mine[verdict === 'accepted' ? 'answered' : verdict] += 1;
  }
  const pace = itemsPerHour(
    index.annotations,
    (one) => index.labels.get(one.position)?.byPerson.includes(one) ?? false,
  );
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
    hoursLeft: pace === null ? null : labelsLeft / pace / Math.max(1, atWork.length),
    atWork,
    isWaiting,
    guidelines,
  };
}

/** Enough items that one long item hardly changes the pace, few enough that it follows as people get faster. */
const LATEST = 50;
/** Fewer items give no reliable pace. */
const FEWEST = 3;

/**
 * Items per hour of work, from the latest items with a known time; null while there are too few.
 * @param annotations in the order they were stored
 * @param isLatest whether the person has not changed this label since
 */
export function itemsPerHour(
  annotations: readonly StoredAnnotation[],
  isLatest: (annotation: StoredAnnotation) => boolean,
): number | null {
  let [items, seconds] = [0, 0];
  for (let at = annotations.length - 1; at >= 0 && items < LATEST; at -= 1) {
    const annotation = annotations[at]!;
    if (annotation.seconds === null || !isLatest(annotation)) continue;
    items += 1;
    seconds += annotation.seconds;
  }
  return items < FEWEST || seconds === 0 ? null : (items * 3600) / seconds;
}
