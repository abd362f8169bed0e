/**
 * p-values of m comparisons made together, adjusted so that rejecting those ≤ α wrongly rejects any at all
 * with probability ≤ α: Holm's step-down method, valid however the comparisons depend on each other.
 * O(m log m).
 * Source: Holm 1979.
 * @returns in the order given, each ≥ its p-value and at most 1; equal p-values stay equal
 * @throws RangeError when a p-value is outside [0, 1]
 */
export function holm(pValues: readonly number[]): number[] {
  const impossible = pValues.find((value) => !(value >= 0 && value <= 1));
  if (impossible !== undefined) throw new RangeError(`A p-value lies between 0 and 1, but one is ${impossible}.`);
  const order = Array.from(pValues.keys()).sort((left, right) => pValues[left]! - pValues[right]!);
  const adjusted = new Array<number>(pValues.length).fill(0);
  let largest = 0;
  for (const [rank, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, pValues[index]! * (pValues.length - rank)));
    adjusted[index] = largest;
  }
  return adjusted;
}
