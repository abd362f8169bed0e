import { WinnowError } from '../domain/winnow-error.ts';

/**
 * Positions of the `count` largest values among those `eligible`, largest first, ties → the lowest
 * position; fewer where fewer are eligible. O(n + count·changes): meant for a count far below n.
 */
export function largestPositions(
  values: ArrayLike<number>,
  count: number,
  eligible: (position: number) => boolean,
): number[] {
  const positions: number[] = [];
  for (let position = 0; position < values.length; position += 1) {
    const value = values[position]!;
    if (positions.length === count && !(value > values[positions.at(-1)!]!)) continue;
    if (count === 0 || !eligible(position)) continue;
    let index = positions.length;
    while (index > 0 && values[positions[index - 1]!]! < value) index -= 1;
    positions.splice(index, 0, position);
    if (positions.length > count) positions.pop();
  }
  return positions;
}

/**
 * @param what what is asked for, in the plural: "clusters"
 * @throws WinnowError `COUNT_OUT_OF_RANGE` unless `count` is a whole number in [minimum, rows]
 */
export function assertCount(what: string, count: number, minimum: number, rows: number): void {
  if (Number.isInteger(count) && count >= minimum && count <= rows) return;
  throw new WinnowError('COUNT_OUT_OF_RANGE', `Asked for ${count} ${what}, but there are ${rows} rows.`, {
    hint: `Ask for a whole number from ${minimum} to ${rows}, or give more rows.`,
  });
}
