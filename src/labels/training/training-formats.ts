import { embeddingText } from '../../domain/instruction.ts';
import type { LabeledExample } from '../../domain/label.ts';
import { encodeJsonArray, encodeJsonLines } from '../encode-records.ts';

/** What labels can be written as, to train on. */
export const TRAINING_FORMATS = [
  'alpaca',
  'sharegpt',
  'openai',
  'prompt-completion',
  'parquet',
  'llama-factory',
] as const;
export type TrainingFormat = (typeof TRAINING_FORMATS)[number];

/** The formats that are one file of text. */
export type TrainingTextFormat = Exclude<TrainingFormat, 'parquet' | 'llama-factory'>;

const OPENAI_LEAST_EXAMPLES = 10;

/** One record of a format; where that has a single prompt, the input follows the instruction after a blank line. */
function trainingRecord(format: TrainingTextFormat, example: LabeledExample): object {
  const { instruction, input = '', response } = example;
  const prompt = embeddingText(example);
  switch (format) {
    case 'alpaca':
      return { instruction, input, output: response };
    case 'sharegpt':
      return {
        conversations: [
          { from: 'human', value: prompt },
          { from: 'gpt', value: response },
        ],
      };
    case 'openai':
      return {
        messages: [
          { role: 'user', content: prompt },
          { role: 'assistant', content: response },
        ],
      };
    case 'prompt-completion':
      return { prompt, completion: response };
  }
}

/** Whether a format is JSON Lines; the others are one JSON array. */
export function isJsonLines(format: TrainingTextFormat): boolean {
  return format === 'openai' || format === 'prompt-completion';
}

/**
 * Examples as the text of one file, in the order given; ends with a newline unless there are none in a JSON
 * Lines file. Lone surrogates become U+FFFD.
 */
export function trainingFile(format: TrainingTextFormat, examples: readonly LabeledExample[]): string {
  const records = examples.map((example) => trainingRecord(format, example));
  return isJsonLines(format) ? encodeJsonLines(records) : encodeJsonArray(records);
}

/** What OpenAI would say to so few examples; undefined when there are enough. Others take any number. */
export function openAiShortage(count: number): string | undefined {
  if (count >= OPENAI_LEAST_EXAMPLES) return undefined;
  return `OpenAI fine-tuning needs at least ${OPENAI_LEAST_EXAMPLES} examples, but there ${count === 1 ? 'is' : 'are'} only ${count}.`;
}
