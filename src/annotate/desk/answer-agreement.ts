import { wordF1 } from '../../campaign/agreement.ts';
import type { ItemLabel } from '../../campaign/label-views.ts';
import type { PairAgreement } from './desk-views.ts';

/** How similarly two people answered one item. */
export interface PairSimilarity {
  /** Null where the tool gave no name. */
  readonly people: readonly [string | null, string | null];
  /** F1 of the words of the two answers, 0–1. */
  readonly wordF1: number;
}

/** How similarly people answered one item. */
export interface ItemSimilarity {
  /** Every pair of people who answered. */
  readonly pairs: readonly PairSimilarity[];
}

/** O(words of the answers · people). */
export function itemSimilarity(label: ItemLabel): ItemSimilarity {
  const answers = label.byPerson.filter(({ verdict }) => verdict === 'accepted');
  const pairs = answers.flatMap((one, index) =>
    answers.slice(index + 1).map(
      (other): PairSimilarity => ({
        people: [one.annotator, other.annotator],
        wordF1: wordF1(one.response ?? '', other.response ?? ''),
      }),
    ),
  );
  return { pairs };
}

/** The agreement of each pair of people, the pairs with most items first. Leaves out people without a name. */
export function pairAgreements(pairs: Iterable<PairSimilarity>): PairAgreement[] {
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
