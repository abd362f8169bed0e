import { z } from 'zod';
import { askOffers, askRoute, besideApi, openForOffers } from './ask-offers.ts';
import type { OfferedModel } from './offered-models.ts';
import type { OpenAiApi } from './openai-api.ts';
import type { ClientSettings } from './provider-definition.ts';
import type { Service } from './request-target.ts';

const showSchema = z.object({
  /** Lines such as "num_ctx 8192". */
  parameters: z.string().optional().catch(undefined),
  model_info: z.record(z.string(), z.unknown()).optional().catch(undefined),
});
const runningSchema = z.object({
  models: z.array(z.object({ name: z.string(), context_length: z.int().positive().optional().catch(undefined) })),
});

/** Of versions that do not say what a loaded model holds, by their documentation. */
const DEFAULT_CONTEXT = 4_096;

/**
 * Ollama's models. A model holds what its Modelfile says, else what the server was started with, which it says once the
 * model is loaded: a model that the settings name is loaded, as the first request would.
 */
export async function ollamaOffers(
  service: Service,
  settings: ClientSettings,
): Promise<readonly OfferedModel[] | undefined> {
  const { model } = settings;
  if (model === undefined) return askOffers(service, settings);
  const api = openForOffers(service, settings);
  const show = showSchema.safeParse(await askRoute(api, besideApi(api, '/api/show'), { body: { model } })).data;
  if (show === undefined) return askOffers(service, settings);
  const fixed = /^num_ctx\s+(\d+)$/m.exec(show.parameters ?? '')?.[1];
  const held = fixed === undefined ? await loadedContext(api, model) : Number(fixed);
  const trained = Object.entries(show.model_info ?? {}).find(([key]) => key.endsWith('.context_length'))?.[1];
  return [{ name: model, contextTokens: typeof trained === 'number' ? Math.min(held, trained) : held }];
}

async function loadedContext(api: OpenAiApi, model: string): Promise<number> {
  // Without a prompt it only loads the model.
  await askRoute(api, besideApi(api, '/api/generate'), { body: { model, stream: false } });
  const running = runningSchema.safeParse(await askRoute(api, besideApi(api, '/api/ps'))).data?.models ?? [];
  const names = [model, `${model}:latest`];
  return running.find(({ name }) => names.includes(name))?.context_length ?? DEFAULT_CONTEXT;
}
