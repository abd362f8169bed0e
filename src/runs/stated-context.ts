import { ProviderError } from '../domain/errors.ts';
import type { CallLedger } from '../domain/ledger.ts';
import type { Llm } from '../models/providers/open-llm.ts';

/** How many tokens a model holds: as the run began, else as its server says; one that is down may say it later. */
export async function statedContext(
  { client, contextTokens, askContext }: Llm,
  memory: CallLedger['contexts'],
): Promise<number> {
  if (askContext === undefined) return contextTokens;
  try {
    const known = memory?.find(client);
    if (known !== undefined) return known.contextTokens ?? contextTokens;
    const stated = await askContext();
    memory?.keep(client, stated);
    return stated ?? contextTokens;
  } catch (error) {
    if (error instanceof ProviderError) return contextTokens;
    throw error;
  }
}
