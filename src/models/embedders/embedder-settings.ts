import { z } from 'zod';
import type { OwnSettings } from '../own-settings.ts';
import { modelSettings, type ProviderSettings } from '../providers/provider-settings.ts';
import { LONG_TEXTS, type LongTexts } from './fitting-batches.ts';

/** Which embedder and how to reach it: one shape from flags, winnow.yaml and library options down to the client. */
export interface EmbedderSettings
  extends Pick<ProviderSettings, 'model' | 'baseUrl' | 'apiKey' | 'keySource' | 'price'> {
  /** Its name in the registry of embedders. */
  readonly kind: string;
  readonly longTexts?: LongTexts | undefined;
  /** What only this embedder has, as its schema parses it. */
  readonly own?: OwnSettings | undefined;
}

/** The settings of an embedder that is asked over HTTP, but for keys, which come from the environment. */
export const servedEmbedderSettings = z.strictObject({
  model: modelSettings.shape.model.describe('its model (openai: text-embedding-3-small by default; onnx: a folder)'),
  baseUrl: modelSettings.shape.baseUrl.describe('where it is served, if not at OpenAI').meta({ value: '<url>' }),
  price: modelSettings.shape.price,
  longTexts: z
    .enum(LONG_TEXTS)
    .optional()
    .describe(
      'what happens to texts longer than the model takes: cut or average, the mean of their parts (default: cut)',
    )
    .meta({ value: '<how>' }),
});
