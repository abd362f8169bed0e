import { option, sentence, type Wording } from '../domain/wording.ts';
import type { Llm } from '../models/providers/open-llm.ts';

/** What to know of a price before it is relied on. */
export function priceNotes({ client, unconfirmed }: Pick<Llm, 'client' | 'unconfirmed'>): Wording[] {
  if (unconfirmed === undefined) return [];
  return [
    sentence`The price of ${client.model} comes from another source than its provider, of ${unconfirmed}. Check it; ${option('price')} overrides it.`,
  ];
}
