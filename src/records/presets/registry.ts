import { Registry } from '../../domain/registry.ts';
import { argillaPreset, doccanoPreset, labelStudioPreset } from './annotation-tools.ts';
import { arenaPreset } from './arena.ts';
import { chatGptPreset } from './chat-exports.ts';
import { anthropicLogsPreset, openAiBatchPreset, openAiLogsPreset } from './model-logs.ts';
import type { RecordPreset } from './record-preset.ts';
import { langfusePreset, langsmithPreset, otelPreset, phoenixPreset } from './traces.ts';

/** Every tool whose records can be read as a pool, in the order they are recognized. */
export const PRESETS: Registry<RecordPreset> = new Registry<RecordPreset>('preset', [
  openAiBatchPreset,
  openAiLogsPreset,
  anthropicLogsPreset,
  langsmithPreset,
  langfusePreset,
  phoenixPreset,
  otelPreset,
  labelStudioPreset,
  argillaPreset,
  doccanoPreset,
  chatGptPreset,
  arenaPreset,
]);
