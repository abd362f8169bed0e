import { chatMessages, openAiMessages, openAiTools } from '../../domain/chat-messages.ts';
import { linesFormat } from './correction-format.ts';
import { isPair } from './substance.ts';

/** The person's answer is preferred to the model's. */
export const openAiPreferenceFormat = linesFormat({
  name: 'openai-preference',
  summary: 'OpenAI preference fine-tuning: input, preferred and non-preferred output',
  source: 'https://platform.openai.com/docs/guides/direct-preference-optimization',
  leastExamples: { count: 10, requiredBy: 'OpenAI fine-tuning' },
  takes: isPair,
  records: (correction) => [
    {
      input: { messages: openAiMessages(chatMessages(correction)), ...openAiTools(correction) },
      preferred_output: [{ role: 'assistant', content: correction.response }],
      non_preferred_output: [{ role: 'assistant', content: correction.answer }],
    },
  ],
});
