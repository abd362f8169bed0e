import type { PairAgreement } from './desk-views.ts';
import type { PairLikeness } from './likeness.ts';

/** How alike each two people answer what both answered, those with most in common first. Whom no tool names is left out. */
export function pairAgreements(pairs: Iterable<PairLikeness>): PairAgreement[] {
  const sums = new Map<string, { readonly people: readonly [string, string]; items: number; sum: number }>();
  for (const { people, wordF1 } of pairs) {
    const [one, other] = people;
    if (one === null || other === null) continue;
    const [first, second] = one < other ? [one, other] : [other, one];
    const key = JSON.stringify([first, second]);
    const sum = sums.get(key) ?? { people: [first, second] as const, items: 0, sum: 0 };
    sum.items += 1;
    sum.sum += wordF1;
    sums.set(key, sum);
  }
  return [...sums.entries()]
    .sort(([a, one], [b, other]) => other.items - one.items || (a < b ? -1 : 1))
    .map(([, { people, items, sum }]) => ({ people, items, wordF1: sum / items }));
}
