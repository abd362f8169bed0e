import { z } from 'zod';
import { sendRequest } from '../metering/request-failure.ts';
import { anthropicApi } from './anthropic-api.ts';
import type { OfferedModel } from './offered-models.ts';
import type { ClientSettings, ProviderDefinition } from './provider-definition.ts';

const supported = z.object({ supported: z.boolean() }).optional().catch(undefined);
const listSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      lifecycle: z.string().optional().catch(undefined),
      max_input_tokens: z.int().positive().nullish().catch(undefined),
      capabilities: z.object({ batch: supported, structured_outputs: supported }).nullish().catch(undefined),
    }),
  ),
});

/** Anthropic's list of models, without retired ones. */
export async function anthropicOffers(
  provider: ProviderDefinition,
  settings: ClientSettings,
): Promise<readonly OfferedModel[] | undefined> {
  const { sdk, target } = anthropicApi(provider, { ...settings, model: settings.model ?? 'any' });
  const received = await sendRequest(target, undefined, (signal) =>
    sdk.get<unknown>('/v1/models?limit=1000', { signal }),
  );
  return listSchema
    .safeParse(received)
    .data?.data.filter(({ id, lifecycle }) => lifecycle !== 'retired' && (settings.model ?? id) === id)
    .map(({ id, max_input_tokens, capabilities }) => ({
      name: id,
      contextTokens: max_input_tokens ?? undefined,
      structured: capabilities?.structured_outputs?.supported,
      logprobs: false,
      batches: capabilities?.batch?.supported,
    }));
}
