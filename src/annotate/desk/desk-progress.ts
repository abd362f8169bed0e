import type { MicroUsd } from '../../domain/money.ts';
import type { DeskIndex } from './desk-index.ts';
import type { DeskProgress } from './desk-views.ts';
import { itemsPerHour } from './pace.ts';
import type { Standpoint } from './standpoint.ts';

/** Money on labels, of the whole campaign. */
export interface LabelMoney {
  readonly spentMicroUsd: MicroUsd;
  readonly reservedMicroUsd: MicroUsd;
  readonly capMicroUsd: MicroUsd | null;
}

/** How far a round is, and the person's share in it. O(items of the round). */
export function deskProgress(
  index: DeskIndex,
  round: number,
  standpoint: Standpoint,
  { money, atWork }: { readonly money: LabelMoney; readonly atWork: readonly string[] },
): DeskProgress {
  const { plan, entries, isWaiting } = index.round(round);
  const mine = { answered: 0, rejected: 0, skipped: 0 };
  let [complete, leftForMe, wordsLeft] = [0, 0, 0];
  for (const entry of entries) {
    const said = index.wordsOn(entry).length;
    if (said >= entry.peopleWanted) complete += 1;
    else if (isWaiting) wordsLeft += entry.peopleWanted - said;
    if (standpoint.isOpen(entry)) leftForMe += 1;
    const own = standpoint.ownWord(entry)?.verdict;
    if (own !== undefined) mine[own === 'accepted' ? 'answered' : own] += 1;
  }
  const pace = itemsPerHour(index.annotations, (one) => index.labels.get(one.position)!.byPerson.includes(one));
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
    hoursLeft: pace === null ? null : wordsLeft / pace / Math.max(1, atWork.length),
    atWork,
    isWaiting,
  };
}
