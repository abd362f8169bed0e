import { z } from 'zod';
import { askOffers, askRoute, besideApi, openForOffers } from './ask-offers.ts';
import type { OfferedModel } from './offered-models.ts';
import type { ClientSettings } from './provider-definition.ts';
import type { Service } from './request-target.ts';

const propsSchema = z.object({ default_generation_settings: z.object({ n_ctx: z.int().positive() }) });

/** llama.cpp serves one model under any name, and says in /props how many tokens each of its slots holds. */
export async function llamaCppOffers(
  service: Service,
  settings: ClientSettings,
): Promise<readonly OfferedModel[] | undefined> {
  const api = openForOffers(service, settings);
  const [offered, props] = await Promise.all([
    askOffers(service, { ...settings, model: undefined }),
    askRoute(api, besideApi(api, '/props')),
  ]);
  const contextTokens = propsSchema.safeParse(props).data?.default_generation_settings.n_ctx;
  const { model } = settings;
  if (offered?.length !== 1) {
    return model === undefined ? offered : offered?.filter(({ name }) => name === model);
  }
  return [{ ...offered[0]!, ...(model === undefined ? {} : { name: model }), contextTokens }];
}
