import { z } from 'zod';
import { FREE } from '../../domain/usage.ts';
import { chatCompletionsProvider, OWN_SERVER_DIALECT } from './chat-completions-provider.ts';
import type { ProviderDefinition } from './provider-definition.ts';
import { batchSettings } from './provider-settings.ts';

const BATCH_FOLDER = 'vllm-batches';

/** vLLM's server, and as batches its command for files of requests. */
export const vllmProvider: ProviderDefinition = chatCompletionsProvider({
  name: 'vllm',
  summary: 'vLLM on your own server',
  source: 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html',
  serviceName: 'vLLM',
  settings: batchSettings.extend({
    batchFolder: z
      .string()
      .min(1)
      .optional()
      .describe(`folder for files of requests for vllm run-batch (default: ${BATCH_FOLDER})`)
      .meta({ value: 'folder' }),
  }),
  required: ['model'],
  keyVariable: 'VLLM_API_KEY',
  defaultBaseUrl: 'http://localhost:8000/v1',
  price: FREE,
  // So that a batch fits into memory.
  batches: { factor: 1, mostRequests: 10_000, mostBytes: 100_000_000, isByHand: true },
  weighsText: true,
  contextAdvice: 'Start the server with a larger max-model-len.',
  tells: ['contextTokens'],
  dialect: OWN_SERVER_DIALECT,
  open: async (settings) => {
    const [{ openAiClient }, { vllmBatches }] = await Promise.all([
      import('./openai-client.ts'),
      import('./vllm-batches.ts'),
    ]);
    const folder = z.string().catch(BATCH_FOLDER).parse(settings.own?.batchFolder);
    return openAiClient(vllmProvider, settings, { batchesOf: vllmBatches(folder) });
  },
});
