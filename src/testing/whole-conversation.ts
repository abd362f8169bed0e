import type { Conversation } from '../domain/conversation.ts';

/** An item with all that one can have: system prompt, tools, earlier turns with a call and its result, and an input. */
export const WHOLE_CONVERSATION = {
  instruction: 'How often should she be fed?',
  input: 'She weighs four kilograms.',
  context: {
    before: [
      { role: 'system', text: 'Answer as a knight of the round table.' },
      { role: 'user', text: 'I have a cat called Mia.' },
      {
        role: 'assistant',
        text: 'Let me look at her portions.',
        toolCalls: [{ id: 'call_7', name: 'portion_finder', arguments: '{"species":"felid"}' }],
      },
      { role: 'tool', text: 'Eighty grams of turkey.', toolCallId: 'call_7', name: 'portion_finder' },
      { role: 'assistant', text: 'Mia may have turkey.' },
    ],
    tools: [
      {
        type: 'function',
        function: { name: 'portion_finder', description: 'Looks up portions of animals.', parameters: {} },
      },
    ],
  },
} as const satisfies Conversation;

/** What must reach those who answer, judge or choose it, in any order. No text needs quoting in JSON, CSV or markup. */
export const ALL_THAT_WAS_SAID: readonly string[] = [
  'Answer as a knight of the round table.',
  'I have a cat called Mia.',
  'Let me look at her portions.',
  'portion_finder',
  'felid',
  'Eighty grams of turkey.',
  'Mia may have turkey.',
  'Looks up portions of animals.',
  'How often should she be fed?',
  'She weighs four kilograms.',
];
