import type { StoredAnnotation } from '../../store/label-store.ts';

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
