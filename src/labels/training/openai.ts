import { embeddingText } from '../../domain/instruction.ts';
import { textFormat } from './training-format.ts';

/** OpenAI's chat format, which TRL and Axolotl read too. The input follows the instruction after a blank line. */
export const openAiFormat = textFormat({
  name: 'openai',
  summary: 'OpenAI fine-tuning, TRL and Axolotl: chat messages, JSON Lines',
  source: 'https://platform.openai.com/docs/guides/supervised-fine-tuning',
  leastExamples: { count: 10, requiredBy: 'OpenAI fine-tuning' },
  extension: '.jsonl',
  record: (example) => ({
    messages: [
      { role: 'user', content: embeddingText(example) },
      { role: 'assistant', content: example.response },
    ],
  }),
});
