import type { z } from 'zod';
import type { CampaignState } from '../store/campaign-state.ts';

/**
 * A result that takes long to compute, stored with the campaign: it is computed only the first time.
 * @param name identifies the result and everything it depends on. The pool only grows, so its size identifies it.
 */
export async function computedOnce<Figure extends object>(
  { figures }: Pick<CampaignState, 'figures'>,
  name: string,
  shape: z.ZodType<Figure>,
  compute: () => Promise<Figure>,
): Promise<Figure> {
  const stored = figures.find(name, shape);
  if (stored !== undefined) return stored;
  const figure = await compute();
  figures.save(name, figure);
  return figure;
}
