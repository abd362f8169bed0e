import { type Agreement, agreementOf, wordF1 } from '../../campaign/agreement.ts';
import type { ItemLabel } from '../../campaign/label-views.ts';
import type { PairAgreement } from './desk-views.ts';

/** How alike two people answered one item. */
export interface PairLikeness {
  /** Null whom their tool does not name. */
  readonly people: readonly [string | null, string | null];
  /** Of their words, 0–1. */
  readonly wordF1: number;
}

/** How alike people answered one item. */
export interface Likeness {
  /** Every two who answered. */
  readonly pairs: readonly PairLikeness[];
  /** Undefined where fewer than two said something. */
  readonly agreement: Agreement | undefined;
}

/** O(words of the answers · people). */
export function likenessOf(label: ItemLabel): Likeness {
  const answers = label.byPerson.filter(({ verdict }) => verdict === 'accepted');
  const pairs = answers.flatMap((one, index) =>
    answers.slice(index + 1).map(
      (other): PairLikeness => ({
        people: [one.annotator, other.annotator],
        wordF1: wordF1(one.response ?? '', other.response ?? ''),
      }),
    ),
  );
  return { pairs, agreement: agreementOf([label]) };
}

/** What `agreementOf` says of all the items together; null where no item has two people's word. */
export function jointAgreement(likenesses: readonly Likeness[]): Agreement | null {
  let [items, sum, disputed, isKnown] = [0, 0, 0, false];
  for (const { agreement } of likenesses) {
    if (agreement === undefined) continue;
    isKnown = true;
    items += agreement.items;
    sum += agreement.items * agreement.wordF1;
    disputed += agreement.disputed;
  }
  return isKnown ? { items, wordF1: items === 0 ? 0 : sum / items, disputed } : null;
}

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
