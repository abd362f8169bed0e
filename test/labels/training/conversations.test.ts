import { expect, it } from 'vitest';
import type { LabeledExample } from '../../../src/domain/label.ts';
import { TRAINING_FORMATS } from '../../../src/labels/training/registry.ts';
import { ALL_THAT_WAS_SAID, WHOLE_CONVERSATION } from '../../../src/testing/whole-conversation.ts';

const CHAT: LabeledExample = {
  id: 'c',
  instruction: 'How often?',
  response: 'Twice.',
  context: {
    before: [
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'I have a cat.' },
      { role: 'assistant', text: 'Nice!' },
    ],
  },
};
const TOOLS: LabeledExample = {
  id: 't',
  instruction: 'Weather?',
  response: 'Clear.',
  context: {
    before: [],
    after: [
      { role: 'assistant', text: '', toolCalls: [{ name: 'weather', arguments: '{"city":"Rome"}' }] },
      { role: 'tool', text: 'clear' },
    ],
    tools: [{ name: 'weather' }],
  },
};
const PLAIN: LabeledExample = { id: 'p', instruction: 'Sum up.', input: 'A text.', response: 'Short.' };

it.each(TRAINING_FORMATS.names)('%s trains on all of a conversation', (format) => {
  const whole = { id: 'w', response: 'Twice a day, my liege.', ...WHOLE_CONVERSATION };
  for (const train of [[whole], [PLAIN, whole]]) {
    const written = JSON.stringify(TRAINING_FORMATS.find(format).files({ train, heldOut: [] }));
    for (const said of [...ALL_THAT_WAS_SAID, whole.response]) expect(written).toContain(said);
  }
});

function files(format: string, train: readonly LabeledExample[], heldOut: readonly LabeledExample[] = []) {
  return TRAINING_FORMATS.find(format)
    .files({ train, heldOut })
    .map(({ content }) => {
      if (typeof content !== 'string') return content.records;
      return content.startsWith('[') || content.startsWith('{\n')
        ? JSON.parse(content)
        : content
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line));
    });
}

it('openai has roles, calls and tools', () => {
  const [[chat, tools]] = files('openai', [CHAT, TOOLS]) as [
    [{ messages: { role: string }[] }, { messages: object[]; tools: object[] }],
  ];
  expect(chat.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user', 'assistant']);
  expect(tools.messages[1]).toMatchObject({ tool_calls: [{ id: 'call_1' }] });
  expect(tools.messages[2]).toEqual({ role: 'tool', content: 'clear', tool_call_id: 'call_1' });
  expect(tools.tools).toEqual([{ type: 'function', function: { name: 'weather' } }]);
});

it('sharegpt has its own names of roles', () => {
  const [[chat, tools]] = files('sharegpt', [CHAT, TOOLS]) as [
    [{ conversations: object[] }, { conversations: object[]; tools: string }],
  ];
  expect(chat.conversations[0]).toEqual({ from: 'system', value: 'Be brief.' });
  expect(tools.conversations.slice(1, 3)).toEqual([
    { from: 'function_call', value: '{"name":"weather","arguments":{"city":"Rome"}}' },
    { from: 'observation', value: 'clear' },
  ]);
  expect(tools.tools).toBe('[{"name":"weather"}]');
});

it('prompt-completion has lists of messages in all records where any is a conversation', () => {
  const [train, heldOut] = files('prompt-completion', [PLAIN], [CHAT]) as [
    { prompt: unknown }[],
    { prompt: unknown; completion: unknown }[],
  ];
  expect(train[0]!.prompt).toEqual([{ role: 'user', content: 'Sum up.\n\nA text.' }]);
  expect(heldOut[0]!.prompt).toHaveLength(4);
  expect(heldOut[0]!.completion).toEqual([{ role: 'assistant', content: 'Twice.' }]);
  expect(files('prompt-completion', [PLAIN])[0]).toEqual([{ prompt: 'Sum up.\n\nA text.', completion: 'Short.' }]);
});

it('llama-factory has system and history, or ShareGPT where there are tools', () => {
  const [records, about] = files('llama-factory', [PLAIN, CHAT]);
  expect(records).toEqual([
    { instruction: 'Sum up.\n\nA text.', input: '', output: 'Short.', system: '', history: [] },
    {
      instruction: 'How often?',
      input: '',
      output: 'Twice.',
      system: 'Be brief.',
      history: [['I have a cat.', 'Nice!']],
    },
  ]);
  expect(about).toMatchObject({ winnow: { columns: { system: 'system', history: 'history' } } });
  const [chats, shareGpt] = files('llama-factory', [CHAT, TOOLS]);
  expect(chats).toMatchObject([{ conversations: expect.anything() }, { tools: expect.anything() }]);
  expect(shareGpt).toMatchObject({ winnow: { formatting: 'sharegpt', columns: { tools: 'tools' } } });
});

it('alpaca and parquet have what was said before as readable text', () => {
  const [[alpaca]] = files('alpaca', [CHAT]) as [[{ instruction: string }]];
  expect(alpaca.instruction).toBe('System: Be brief.\n\nUser: I have a cat.\n\nAssistant: Nice!\n\nUser: How often?');
  const [[plain, chat]] = files('parquet', [PLAIN, CHAT]) as [[object, { messages: string }]];
  expect(plain).toMatchObject({ context: '' });
  expect(JSON.parse(chat.messages)).toHaveLength(5);
});
