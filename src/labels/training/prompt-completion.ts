import { chatMessages, openAiMessages, openAiTools } from '../../domain/chat-messages.ts';
import { requestText } from '../../domain/conversation.ts';
import { textFormat } from './training-format.ts';

/**
 * The input follows the instruction after a blank line. Where any example is a conversation, all prompts and completions
 * are lists of messages, since TRL takes one type in a file.
 */
export const promptCompletionFormat = textFormat({
  name: 'prompt-completion',
  summary: 'TRL: prompt and completion, JSON Lines',
  source: 'https://huggingface.co/docs/trl/dataset_formats#prompt-completion',
  extension: '.jsonl',
  record: (example, { hasContext }) =>
    hasContext
      ? {
          prompt: openAiMessages(chatMessages(example)),
          completion: [{ role: 'assistant', content: example.response }],
          ...openAiTools(example),
        }
      : { prompt: requestText(example), completion: example.response },
});
