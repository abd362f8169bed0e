import type { JsonObject } from '../domain/instruction.ts';
import type { CampaignState } from '../store/campaign-state.ts';

/** Before any round. */
const NO_ROUND = 0;

/**
 * What takes long to compute of the pool and never changes, kept with the campaign: computed the first time only.
 * @param name of the figure and of all that it depends on; a pool of one size is always the same
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
  // Another process may have been as quick.
  transaction(() => {
    if (rounds.step(NO_ROUND, key) === undefined) rounds.finishStep(NO_ROUND, key, figure as unknown as JsonObject);
  });
  return figure;
}
