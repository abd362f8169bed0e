import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../../src/records/parse-record.ts';

const ASKED = 'Name a sea.';
const ANSWER = 'The Baltic.';
const EARLIER = ['Hi', 'Hello'] as const;
const SYSTEM = 'Be brief.';
const user = { role: 'user', content: ASKED };
const assistant = { role: 'assistant', content: ANSWER };

function itemOf(record: unknown) {
  const parsed = parseRecord(record);
  if (!('drafts' in parsed)) throw new Error(parsed.cause);
  const { instruction, input, output, context } = parsed.drafts[0]!;
  return { instruction, input, output, before: context?.before.map(({ role, text }) => `${role}: ${text}`) };
}

describe('a conversation that is written out as one text', () => {
  it.each([
    [
      'ChatML',
      `<|im_start|>system\n${SYSTEM}<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello<|im_end|>\n<|im_start|>user\n${ASKED}<|im_end|>\n<|im_start|>assistant\n${ANSWER}<|im_end|>\n`,
    ],
    [
      'Llama 3',
      `<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n${SYSTEM}<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nHello<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n${ASKED}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n${ANSWER}<|eot_id|>`,
    ],
    [
      'Llama 2',
      `<s>[INST] <<SYS>>\n${SYSTEM}\n<</SYS>>\n\nHi [/INST] Hello </s><s>[INST] ${ASKED} [/INST] ${ANSWER} </s>`,
    ],
    [
      'Zephyr',
      `<|system|>\n${SYSTEM}</s>\n<|user|>\nHi</s>\n<|assistant|>\nHello</s>\n<|user|>\n${ASKED}</s>\n<|assistant|>\n${ANSWER}</s>`,
    ],
    ['Guanaco', `### System: ${SYSTEM}### Human: Hi### Assistant: Hello### Human: ${ASKED}### Assistant: ${ANSWER}`],
  ])('%s', (_, text) => {
    const before = [`system: ${SYSTEM}`, `user: ${EARLIER[0]}`, `assistant: ${EARLIER[1]}`];
    expect(itemOf({ text })).toEqual({ instruction: ASKED, output: ANSWER, before });
  });

  it('has the introduction of Alpaca as its system prompt, and the input after the instruction', () => {
    const text = `Below is an instruction.\n\n### Instruction:\n${ASKED}\n\n### Input:\nIn Europe.\n\n### Response:\n${ANSWER}`;
    expect(itemOf({ text })).toEqual({
      instruction: `${ASKED}\n\nIn Europe.`,
      output: ANSWER,
      before: ['system: Below is an instruction.'],
    });
  });

  it('asks the model at its end, and the response may be in a field of its own', () => {
    const prompt = `\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: ${ASKED}\n\nAssistant:`;
    const before = ['user: Hi', 'assistant: Hello'];
    expect(itemOf({ prompt })).toEqual({ instruction: ASKED, before });
    expect(itemOf({ instruction: prompt, output: ANSWER })).toEqual({ instruction: ASKED, output: ANSWER, before });
  });

  it('leaves a request that only quotes a conversation', () => {
    const quoted = 'Human: Hi\nAssistant: Hello\n\nWhich of them was polite?';
    expect(itemOf({ instruction: quoted }).instruction).toBe(quoted);
    const marks = 'What does <|im_start|>user mean in a prompt?';
    expect(itemOf({ text: marks }).instruction).toBe(marks);
  });
});

describe('system prompts', () => {
  it.each([
    ['Anthropic and Bedrock', { system: [{ type: 'text', text: SYSTEM }], messages: [user, assistant] }],
    [
      'Gemini',
      {
        systemInstruction: { parts: [{ text: SYSTEM }] },
        contents: [
          { role: 'user', parts: [{ text: ASKED }] },
          { role: 'model', parts: [{ text: ANSWER }] },
        ],
      },
    ],
  ])('are read as blocks: %s', (_, record) => {
    expect(itemOf(record)).toEqual({ instruction: ASKED, output: ANSWER, before: [`system: ${SYSTEM}`] });
  });

  it('without a text are none', () => {
    const messages = [{ role: 'system', content: '' }, user, assistant];
    expect(itemOf({ messages })).toEqual({ instruction: ASKED, output: ANSWER });
  });
});

describe('other places of a conversation', () => {
  it.each([
    [
      'exports of Claude',
      {
        chat_messages: [
          { sender: 'human', text: ASKED },
          { sender: 'assistant', text: ANSWER },
        ],
      },
    ],
    [
      'older ShareGPT',
      {
        items: [
          { from: 'human', value: ASKED },
          { from: 'gpt', value: ANSWER },
        ],
      },
    ],
    ['trajectories', { task: 't', trajectory: [{ from: 'user', value: ASKED }], chosen: ANSWER }],
    [
      'preferences of OpenAI',
      { input: { messages: [user], tools: [] }, preferred_output: [assistant], non_preferred_output: [user] },
    ],
    [
      'the Responses API',
      {
        input: [user],
        output: [
          { type: 'reasoning', summary: [] },
          { type: 'message', ...assistant },
        ],
      },
    ],
    [
      'lists as Python prints them',
      {
        messages: `[{'role': 'user', 'content': "${ASKED}", 'name': None}, {'role': 'assistant', 'content': '${ANSWER}'}]`,
      },
    ],
    ['a context of turns', { context: [user], response: ANSWER }],
  ])('%s', (_, record) => {
    expect(itemOf(record)).toEqual({ instruction: ASKED, output: ANSWER });
  });

  it('refuses a list that lost its commas, also beside a prompt', () => {
    const messages = `[{'role': 'user', 'content': 'Hi'}\n {'role': 'assistant', 'content': 'Hello'}]`;
    for (const record of [{ messages }, { prompt: 'Hi', messages }]) {
      expect(parseRecord(record)).toMatchObject({
        cause: 'its field "messages" begins like a list of turns, but cannot be read as one',
      });
    }
  });

  it('reads calls and results of tools among items of the Responses API', () => {
    const parsed = parseRecord({
      input: [
        user,
        { type: 'function_call', call_id: 'c1', name: 'seas', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: 'Baltic' },
      ],
      output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: ANSWER }] }],
    });
    expect(parsed).toMatchObject({
      drafts: [
        {
          output: ANSWER,
          context: {
            after: [
              { role: 'assistant', toolCalls: [{ name: 'seas', arguments: '{}', id: 'c1' }] },
              { role: 'tool', text: 'Baltic', toolCallId: 'c1' },
            ],
          },
        },
      ],
    });
  });
});

describe('images beside the text', () => {
  it.each([
    ['LLaVA', { image: 'a.jpg', conversations: [{ from: 'human', value: '<image>\nWhat?' }] }, '[image: a.jpg]\nWhat?'],
    ['a column of files', { question: 'What?', image: { bytes: 'AAAA', path: 'a.jpg' } }, '[image: a.jpg]\nWhat?'],
    [
      'parts without an address',
      {
        images: ['a.png', 'b.png'],
        prompt: [{ role: 'user', content: [{ type: 'image' }, { type: 'text', text: 'What?' }] }],
      },
      '[image: b.png]\n[image: a.png]\nWhat?',
    ],
    ['no image', { question: 'What?', image: 'docker.io/library/node' }, 'What?'],
  ])('%s', (_, record, instruction) => {
    expect(itemOf(record).instruction).toBe(instruction);
  });

  it('are counted once', () => {
    const conversations = [{ from: 'human', value: '<image> and <image>' }];
    expect(parseRecord({ images: ['a.png', 'b.png', 'c.png'], conversations })).toMatchObject({ media: 3 });
  });
});

describe('material and answers in other forms', () => {
  it('has a list of texts one a line', () => {
    expect(itemOf({ question: 'Which?', context: ['Red.', 'Blue.'], answer: ['Red.'] })).toEqual({
      instruction: 'Which?',
      input: 'Red.\nBlue.',
      output: 'Red.',
    });
  });

  it('names what is not text', () => {
    expect(parseRecord({ question: 'Which?', context: { title: ['a'] }, output: ['a', 'b'] })).toMatchObject({
      unread: ['context', 'output'],
    });
    expect(parseRecord({ instruction: 'Which?', input: [], output: 'a' })).not.toHaveProperty('unread');
  });
});
