/** Longer words are not typing slips. */
const LONGEST = 40;

/**
 * The word a person probably meant: the one with the fewest slips (a letter more, less or different, or two swapped).
 * Case, `-` and `_` do not count. Ties go to the first.
 * @returns undefined when none is near: more than a third of its letters would have to change
 */
export function nearestWord(typed: string, words: readonly string[]): string | undefined {
  if (typed.length > LONGEST) return undefined;
  let nearest: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const word of words) {
    const slips = countSlips(plain(typed), plain(word));
    if (slips < fewest && slips <= Math.max(1, Math.floor(word.length / 3))) [nearest, fewest] = [word, slips];
  }
  return nearest;
}

/** Whether two names differ in nothing but case, `-` and `_`. */
export function sameWord(a: string, b: string): boolean {
  return plain(a) === plain(b);
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[-_\s]/g, '');
}

/** Optimal string alignment distance, one row of the table at a time. O(a·b). */
function countSlips(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const fewest = Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1);
      current.push(swapped ? Math.min(fewest, beforePrevious[column - 2]! + 1) : fewest);
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous[b.length]!;
}
