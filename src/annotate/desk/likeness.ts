import { type Agreement, agreementOf, wordF1 } from '../../campaign/agreement.ts';
import type { ItemLabel } from '../../campaign/label-views.ts';

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
