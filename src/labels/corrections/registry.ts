import { Registry } from '../../domain/registry.ts';
import type { CorrectionFormat } from './correction-format.ts';
import { llamaFactoryPreferenceFormat } from './llama-factory-preference.ts';
import { openAiPreferenceFormat } from './openai-preference.ts';
import { preferenceFormat, unpairedPreferenceFormat } from './preference.ts';
import { ratingsFormat } from './ratings.ts';

/** Every format for corrections. A new one is added here and nowhere else. */
export const CORRECTION_FORMATS = new Registry<CorrectionFormat>('correction format', [
  preferenceFormat,
  openAiPreferenceFormat,
  llamaFactoryPreferenceFormat,
  unpairedPreferenceFormat,
  ratingsFormat,
]);
