import { embeddingText } from '../../domain/instruction.ts';
import { textFormat } from './training-format.ts';

/** The input follows the instruction after a blank line. */
export const promptCompletionFormat = textFormat({
  name: 'prompt-completion',
  summary: 'TRL: prompt and completion, JSON Lines',
  source: 'https://huggingface.co/docs/trl/dataset_formats#prompt-completion',
  extension: '.jsonl',
  record: (example) => ({ prompt: embeddingText(example), completion: example.response }),
});
