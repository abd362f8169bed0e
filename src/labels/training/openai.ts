import { chatMessages, openAiMessages, openAiTools } from '../../domain/chat-messages.ts';
import { textFormat } from './training-format.ts';

/**
 * OpenAI's chat format, which TRL and Axolotl read too: roles, tool calls and tools as the item has them. The input
 * follows the instruction after a blank line.
 */
export const openAiFormat = textFormat({
  name: 'openai',
  summary: 'OpenAI fine-tuning, TRL and Axolotl: chat messages, JSON Lines',
  source: 'https://platform.openai.com/docs/guides/supervised-fine-tuning',
  leastExamples: { count: 10, requiredBy: 'OpenAI fine-tuning' },
  extension: '.jsonl',
  record: (example) => ({
    messages: [...openAiMessages(chatMessages(example)), { role: 'assistant', content: example.response }],
    ...openAiTools(example),
  }),
});
