import { UsageError } from '../../domain/errors.ts';
import { Registry } from '../../domain/registry.ts';
import { alpacaFormat } from './alpaca.ts';
import { llamaFactoryFormat } from './llama-factory.ts';
import { openAiFormat } from './openai.ts';
import { parquetFormat } from './parquet.ts';
import { promptCompletionFormat } from './prompt-completion.ts';
import { shareGptFormat } from './sharegpt.ts';
import type { TrainingFormat, TrainingText } from './training-format.ts';

/** Every training format, the default first. A new one is added here and nowhere else. */
export const TRAINING_FORMATS = new Registry<TrainingFormat>('training format', [
  alpacaFormat,
  shareGptFormat,
  openAiFormat,
  promptCompletionFormat,
  parquetFormat,
  llamaFactoryFormat,
]);

/** Names of the formats that are one text file, which trainers can use. */
export function textFormatNames(formats = TRAINING_FORMATS): string[] {
  return [...formats].filter(({ text }) => text !== undefined).map(({ name }) => name);
}

/** The text file of a format. @throws UsageError for a format that does not exist or is not one text file */
export function trainingText(name: string, formats = TRAINING_FORMATS): TrainingText {
  const { text } = formats.find(name);
  if (text !== undefined) return text;
  throw new UsageError(
    `The training format ${name} is not a single text file.`,
    `Use one of: ${textFormatNames(formats).join(', ')}.`,
  );
}
