import { describe, expect, it } from 'vitest';
import { parseRecord, type RecordReading } from '../../../src/records/parse-record.ts';

const ASKED = 'Name a sea.';
const ANSWER = 'The Baltic.';
const USER = { role: 'user', content: ASKED };
const ASSISTANT = { role: 'assistant', content: ANSWER };

function read(value: unknown, reading: RecordReading = {}) {
  const parsed = parseRecord(value, reading);
  if (!('drafts' in parsed)) return parsed;
  return parsed.drafts.map(({ record: _, meta: __, ...draft }) => draft);
}

describe('a conversation of one turn is a single request', () => {
  it.each([
    ['messages', { messages: [USER, ASSISTANT] }],
    [
      'from and value',
      {
        conversations: [
          { from: 'human', value: ASKED },
          { from: 'gpt', value: ANSWER },
        ],
      },
    ],
    [
      'roles in capitals',
      {
        conversations: [
          { from: 'USER', value: ASKED },
          { from: 'Assistant', value: ANSWER },
        ],
      },
    ],
    [
      'names of assistants',
      {
        conversations: [
          { from: 'human', value: ASKED },
          { from: 'ChatGPT', value: ANSWER },
        ],
      },
    ],
    ['plain texts, user first', { conversations: [ASKED, ANSWER], source: 'forum' }],
    ['one plain text and no answer', { conversations: ASKED, output: ANSWER }],
    ['UltraChat', { id: undefined, data: [ASKED, ANSWER] }],
    ['LMSYS and WildChat', { conversation: [USER, ASSISTANT], model: 'm', language: 'English' }],
    ['pairs of human and assistant', { conversation: [{ human: ASKED, assistant: ANSWER }] }],
    ['pairs of input and output', { conversation: [{ input: ASKED, output: ANSWER }], source: 's' }],
    ['JSON text in a cell', { messages: JSON.stringify([USER, ASSISTANT]) }],
    ['prompt beside messages', { prompt: ASKED, messages: [USER, ASSISTANT] }],
    ['a rendered text beside messages', { text: `<|user|>${ASKED}<|end|>${ANSWER}`, messages: [USER, ASSISTANT] }],
    ['prompt and completion as lists', { prompt: [USER], completion: [ASSISTANT] }],
    ['a preference with a prompt', { prompt: [USER], chosen: [ASSISTANT], rejected: [{ ...ASSISTANT, content: 'x' }] }],
    [
      'a preference that holds its prompt',
      { chosen: [USER, ASSISTANT], rejected: [USER, { ...ASSISTANT, content: 'x' }] },
    ],
    ['a preference that repeats its prompt', { prompt: [USER], chosen: [USER, ASSISTANT] }],
    ['a text and its chosen turns', { prompt: ASKED, chosen: [USER, ASSISTANT] }],
    ['a chosen turn', { conversations: [{ from: 'human', value: ASKED }], chosen: { from: 'gpt', value: ANSWER } }],
    ['chosen and rejected texts', { prompt: ASKED, chosen: ANSWER, rejected: 'x' }],
    ['HH-RLHF', { chosen: `\n\nHuman: ${ASKED}\n\nAssistant: ${ANSWER}`, rejected: '\n\nHuman: …' }],
    ['OpenAI evals', { input: [USER], ideal: ANSWER }],
    [
      'LangChain',
      {
        messages: [
          { type: 'human', content: ASKED },
          { type: 'ai', content: ANSWER },
        ],
      },
    ],
    ['parts with text', { messages: [{ role: 'user', content: [{ type: 'text', text: ASKED }] }, ASSISTANT] }],
    ['parts with value', { messages: [{ role: 'user', content: [{ type: 'text', value: ASKED }] }, ASSISTANT] }],
    [
      'parts of the Responses API',
      { messages: [{ role: 'user', content: [{ type: 'input_text', text: ASKED }] }, ASSISTANT] },
    ],
    [
      'Gemini',
      {
        messages: [
          { role: 'user', parts: [{ text: ASKED }] },
          { role: 'model', parts: [{ text: ANSWER }] },
        ],
      },
    ],
  ])('%s', (_, record) => {
    expect(read(record)).toEqual([{ instruction: ASKED, output: ANSWER }]);
  });
});

describe('a conversation of several turns', () => {
  const messages = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello' },
    USER,
    ASSISTANT,
  ];
  const before = [
    { role: 'system', text: 'Be brief.' },
    { role: 'user', text: 'Hi' },
    { role: 'assistant', text: 'Hello' },
  ];

  it('asks with its last user turn, and the rest is context', () => {
    expect(read({ id: 'c', messages })).toEqual([{ id: 'c', instruction: ASKED, output: ANSWER, context: { before } }]);
  });

  it('asks with its first user turn where that is wanted, and says what comes later', () => {
    const first = { instruction: 'Hi', output: 'Hello', context: { before: before.slice(0, 1) } };
    expect(read({ messages }, { turns: 'first' })).toMatchObject([first]);
    expect(parseRecord({ messages }, { turns: 'first' })).toMatchObject({ turns: 5, laterTurns: 2 });
  });

  it('gives an item for each user turn, which name their conversation', () => {
    const items = read({ id: 'c', messages }, { turns: 'each' });
    expect(items).toMatchObject([
      { id: 'c:1', instruction: 'Hi', output: 'Hello' },
      { id: 'c:2', instruction: ASKED, output: ANSWER, context: { before } },
    ]);
    const [one, two] = items as { conversation: string }[];
    expect(one!.conversation).toBe(two!.conversation);
  });

  it('has no response where the user speaks last', () => {
    expect(read({ messages: messages.slice(0, 4) })).toEqual([{ instruction: ASKED, context: { before } }]);
  });

  it('may stand in a history before the instruction', () => {
    const context = { before: before.slice(1) };
    const record = { instruction: ASKED, output: ANSWER, history: [['Hi', 'Hello']] };
    expect(read(record)).toEqual([{ instruction: ASKED, output: ANSWER, context }]);
    expect(read({ ...record, history: '[["Hi", "Hello"]]' })).toEqual(read(record));
    expect(read({ ...record, history: [] })).toEqual([{ instruction: ASKED, output: ANSWER }]);
  });

  it.each(['system', 'system_prompt'])('may have its system prompt in a column %s', (name) => {
    const context = { before: before.slice(0, 1) };
    expect(read({ question: ASKED, response: ANSWER, [name]: 'Be brief.' })).toEqual([
      { instruction: ASKED, output: ANSWER, context },
    ]);
    expect(read({ messages: [USER], [name]: 'Be brief.' })).toEqual([{ instruction: ASKED, context }]);
    expect(read({ messages: messages.slice(0, 4), [name]: 'Other.' })).toEqual([
      { instruction: ASKED, context: { before } },
    ]);
    expect(read({ question: ASKED, [name]: '' })).toEqual([{ instruction: ASKED }]);
  });

  it('is read from a transcript with calls of functions (glaive)', () => {
    const chat =
      'USER: Hi\n\n\nASSISTANT: Hello <|endoftext|>\n\n\nUSER: Weather in Rome?\n\n\n' +
      'ASSISTANT: <functioncall> {"name": "weather", "arguments": \'{"city": "Rome"}\'} <|endoftext|>\n\n\n' +
      'FUNCTION RESPONSE: {"sky": "clear"}\n\n\nASSISTANT: It is clear. <|endoftext|>';
    expect(read({ system: 'SYSTEM: You have functions.', chat })).toEqual([
      {
        instruction: 'Weather in Rome?',
        output: 'It is clear.',
        context: {
          before: [
            { role: 'system', text: 'You have functions.' },
            { role: 'user', text: 'Hi' },
            { role: 'assistant', text: 'Hello' },
          ],
          after: [
            { role: 'assistant', text: '', toolCalls: [{ name: 'weather', arguments: '{"city": "Rome"}' }] },
            { role: 'tool', text: '{"sky": "clear"}' },
          ],
        },
      },
    ]);
  });
});

describe('tools', () => {
  const tools = [{ name: 'weather', parameters: {} }];

  it('are read in the form of OpenAI', () => {
    const call = { id: 'call_9', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } };
    const messages = [
      USER,
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_9', name: 'weather', content: 'clear' },
      ASSISTANT,
    ];
    expect(read({ messages, tools })).toEqual([
      {
        instruction: ASKED,
        output: ANSWER,
        context: {
          before: [],
          after: [
            {
              role: 'assistant',
              text: '',
              toolCalls: [{ id: 'call_9', name: 'weather', arguments: '{"city":"Rome"}' }],
            },
            { role: 'tool', text: 'clear', toolCallId: 'call_9', name: 'weather' },
          ],
          tools,
        },
      },
    ]);
  });

  it('are read in the form of ShareGPT, with the definitions as text', () => {
    const conversations = [
      { from: 'human', value: ASKED },
      { from: 'function_call', value: '{"name": "weather", "arguments": {"city": "Rome"}}' },
      { from: 'observation', value: 'clear' },
      { from: 'gpt', value: ANSWER },
    ];
    expect(read({ conversations, tools: JSON.stringify(tools) })).toMatchObject([
      {
        output: ANSWER,
        context: {
          after: [{ toolCalls: [{ name: 'weather', arguments: '{"city":"Rome"}' }] }, { role: 'tool', text: 'clear' }],
          tools,
        },
      },
    ]);
    expect(read({ conversations: conversations.slice(0, 1), tools: '[]' })).toEqual([{ instruction: ASKED }]);
  });

  it('are read in the form of Anthropic', () => {
    const messages = [
      USER,
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Look:' },
          { type: 'tool_use', id: 't1', name: 'weather', input: { city: 'Rome' } },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 't1', content: [{ type: 'text', text: 'clear' }] }],
      },
      ASSISTANT,
    ];
    expect(read({ messages })).toMatchObject([
      {
        instruction: ASKED,
        output: ANSWER,
        context: {
          after: [
            { text: 'Look:', toolCalls: [{ id: 't1', name: 'weather', arguments: '{"city":"Rome"}' }] },
            { role: 'tool', text: 'clear', toolCallId: 't1' },
          ],
        },
      },
    ]);
  });
});

describe('images and audio', () => {
  it('are placeholders with their address, counted, and never fetched', () => {
    const content = [
      { type: 'text', text: 'What is this?' },
      { type: 'image_url', image_url: { url: 'https://example.org/a.png' } },
      { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
    ];
    const parsed = parseRecord({ messages: [{ role: 'user', content }] });
    expect(parsed).toMatchObject({ media: 2 });
    expect(read({ messages: [{ role: 'user', content }] })).toEqual([
      { instruction: 'What is this?\n[image: https://example.org/a.png]\n[audio: wav, 13 characters in the record]' },
    ]);
  });
});

describe('unknown roles', () => {
  const conversations = [
    { from: 'human', value: ASKED },
    { from: 'tutor', value: ANSWER },
    { from: 'human', value: 'More' },
    { from: 'gpt', value: 'Shifted' },
  ];

  it('are an error that names the role and the option', () => {
    const parsed = parseRecord({ conversations });
    expect(parsed).toMatchObject({
      cause: 'its field "conversations" has a turn (turn 2) with the unknown role "tutor"',
    });
    expect(String('hint' in parsed && parsed.hint)).toBe(
      'Say what it stands for with roles: tutor=assistant, or user, system, tool.',
    );
    expect(parseRecord({ prompt: ASKED, conversations })).toHaveProperty('cause');
  });

  it('are read where the user says what they stand for', () => {
    expect(read({ conversations: conversations.slice(0, 2) }, { roles: { tutor: 'assistant' } })).toEqual([
      { instruction: ASKED, output: ANSWER },
    ]);
  });
});

it('leaves a single text that is not said in the conversation beside it', () => {
  expect(read({ prompt: 'Translate.', messages: [USER] })).toEqual([{ instruction: 'Translate.' }]);
});
