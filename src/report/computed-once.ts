import type { JsonObject } from '../domain/instruction.ts';
import type { CampaignState } from '../store/campaign-state.ts';

/** Before any round. */
const NO_ROUND = 0;

/**
 * A result that takes long to compute, stored with the campaign: it is computed only the first time.
 * @param name identifies the result and everything it depends on. The pool only grows, so its size identifies it.
 */
export async function computedOnce<Figure extends object>(
  { rounds, transaction }: Pick<CampaignState, 'rounds' | 'transaction'>,
  name: string,
  compute: () => Promise<Figure>,
): Promise<Figure> {
  const key = `report: ${name}`;
  const kept = rounds.step(NO_ROUND, key);
  if (kept !== undefined) return kept as unknown as Figure;
  const figure = await compute();
  // Another process may have stored it first.
  transaction(() => {
    if (rounds.step(NO_ROUND, key) === undefined) rounds.finishStep(NO_ROUND, key, figure as unknown as JsonObject);
  });
  return figure;
}
