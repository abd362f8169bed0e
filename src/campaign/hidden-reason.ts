import type { RoundPlan } from '../domain/round.ts';

/** Whether people are not told why an item of a round was picked: some of its items were drawn at random. */
export function hidesReasons({ control = 0, test = 0 }: Pick<RoundPlan, 'control' | 'test'>): boolean {
  return control + test > 0;
}

/** What people are told of every item of such a round. */
export const HIDDEN_REASON = 'Picked for this round';
