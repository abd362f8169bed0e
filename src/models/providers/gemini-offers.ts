import { z } from 'zod';
import { askRoute, besideApi, openForOffers } from './ask-offers.ts';
import type { OfferedModel } from './offered-models.ts';
import type { ClientSettings } from './provider-definition.ts';
import type { Service } from './request-target.ts';

const listSchema = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      inputTokenLimit: z.int().positive().optional().catch(undefined),
      supportedGenerationMethods: z.array(z.string()).default([]).catch([]),
    }),
  ),
});
/** The most that one page has. */
const LIST = '/models?pageSize=1000';

/** Gemini's own list, which says more than the one in OpenAI's format. */
export async function geminiOffers(
  service: Service,
  settings: ClientSettings,
): Promise<readonly OfferedModel[] | undefined> {
  const api = openForOffers(service, settings);
  const headers = { authorization: null, 'x-goog-api-key': api.target.apiKey };
  const list = listSchema.safeParse(await askRoute(api, besideApi(api, LIST), { headers }));
  return list.data?.models
    .filter(({ supportedGenerationMethods: methods }) => methods.includes('generateContent'))
    .map(({ name, inputTokenLimit, supportedGenerationMethods: methods }) => ({
      name: name.replace(/^models\//, ''),
      contextTokens: inputTokenLimit,
      batches: methods.includes('batchGenerateContent'),
    }))
    .filter(({ name }) => settings.model === undefined || name === settings.model);
}
