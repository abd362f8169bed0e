import { wordF1 } from '../campaign/agreement.ts';
import type { ItemLabel } from '../campaign/label-views.ts';
import type { PairAgreement } from './desk-views.ts';

/** How alike each two people answer what both answered, those with most in common first. Whom no tool names is left out. */
export function pairAgreements(labels: Iterable<ItemLabel>): PairAgreement[] {
  const pairs = new Map<string, { people: readonly [string, string]; items: number; sum: number }>();
  for (const { byPerson } of labels) {
    const answers = byPerson.flatMap(({ verdict, annotator, response }) =>
      verdict === 'accepted' && annotator !== null ? [{ annotator, response: response ?? '' }] : [],
    );
    for (const [index, one] of answers.entries()) {
      for (const other of answers.slice(index + 1)) {
        const people =
          one.annotator < other.annotator ? [one.annotator, other.annotator] : [other.annotator, one.annotator];
        const key = JSON.stringify(people);
        const pair = pairs.get(key) ?? { people: [people[0]!, people[1]!] as const, items: 0, sum: 0 };
        pair.items += 1;
        pair.sum += wordF1(one.response, other.response);
        pairs.set(key, pair);
      }
    }
  }
  return [...pairs.entries()]
    .sort(([a, one], [b, other]) => other.items - one.items || (a < b ? -1 : 1))
    .map(([, { people, items, sum }]) => ({ people, items, wordF1: sum / items }));
}
