import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../../src/records/presets/registry.ts';
import { readPool } from '../../../src/records/read-pool.ts';

const USER = { role: 'user', content: 'Name a sea.' };
const ANSWER = { role: 'assistant', content: 'The Baltic.' };
const ITEM = { instruction: 'Name a sea.', output: 'The Baltic.' };
const SYSTEM = { context: { before: [{ role: 'system', text: 'Be brief.' }] } };

const said = (role: string, text: string, type = 'text') => ({
  ...{ author: { role }, content: { content_type: type, parts: [text] }, recipient: 'all' },
});

const RECORDS: Readonly<Record<string, readonly [object, object]>> = {
  'openai-batch': [
    {
      custom_id: 'q1',
      method: 'POST',
      url: '/v1/chat/completions',
      body: { model: 'm', messages: [{ role: 'system', content: 'Be brief.' }, USER] },
    },
    { id: 'q1', instruction: 'Name a sea.', ...SYSTEM, meta: { model: 'm' } },
  ],
  'openai-logs': [
    { id: 'l1', request: { messages: [USER] }, response: { choices: [{ message: ANSWER }] }, thumbs: 'down' },
    { id: 'l1', ...ITEM, meta: { thumbs: 'down' } },
  ],
  'anthropic-logs': [
    {
      request: { system: [{ type: 'text', text: 'Be brief.' }], messages: [USER] },
      response: { content: [{ type: 'text', text: 'The Baltic.' }] },
    },
    { ...ITEM, ...SYSTEM },
  ],
  langsmith: [
    {
      id: 'r1',
      inputs: {
        messages: [
          [{ lc: 1, type: 'constructor', id: ['langchain', 'HumanMessage'], kwargs: { content: 'Name a sea.' } }],
        ],
      },
      outputs: {
        generations: [
          [{ text: 'The Baltic.', message: { lc: 1, id: ['x', 'AIMessage'], kwargs: { content: 'The Baltic.' } } }],
        ],
      },
      feedback_stats: { thumbs: { avg: 1 } },
    },
    { id: 'r1', ...ITEM, meta: { feedback_stats: { thumbs: { avg: 1 } } } },
  ],
  langfuse: [
    { id: 't1', sessionId: 's', input: { messages: [USER] }, output: ANSWER, scores: [{ name: 'helpful', value: 0 }] },
    { id: 't1', ...ITEM, meta: { sessionId: 's', scores: [{ name: 'helpful', value: 0 }] } },
  ],
  phoenix: [
    {
      'context.span_id': 'p1',
      'attributes.llm.input_messages': [{ 'message.role': 'user', 'message.content': 'Name a sea.' }],
      'attributes.llm.output_messages': [{ message: ANSWER }],
    },
    { id: 'p1', ...ITEM },
  ],
  chatgpt: [
    {
      ...{ title: 'Seas', conversation_id: 'g1', current_node: 'd' },
      mapping: {
        root: { id: 'root', message: null, parent: null, children: ['a', 'x'] },
        a: { id: 'a', message: said('system', 'Be brief.'), parent: 'root', children: ['b', 'b2'] },
        b: { id: 'b', message: said('user', 'Name a lake.'), parent: 'a', children: [] },
        b2: { id: 'b2', message: said('user', 'Name a sea.'), parent: 'a', children: ['c', 'd'] },
        c: { id: 'c', message: said('assistant', 'The Aral?'), parent: 'b2', children: [] },
        t: { id: 't', message: said('assistant', 'Hm.', 'thoughts'), parent: 'b2', children: ['d'] },
        d: { id: 'd', message: said('assistant', 'The Baltic.'), parent: 't', children: [] },
      },
    },
    { id: 'g1', ...ITEM, ...SYSTEM, meta: { title: 'Seas' } },
  ],
  arena: [
    {
      ...{ question_id: 'w1', model_a: 'm', model_b: 'n', winner: 'model_b' },
      conversation_a: [USER, { role: 'assistant', content: 'Rome.' }],
      conversation_b: [USER, ANSWER],
    },
    { id: 'w1', ...ITEM, meta: { winner: 'model_b' } },
  ],
  otel: [
    {
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  spanId: 'o1',
                  attributes: [
                    { key: 'gen_ai.prompt.0.role', value: { stringValue: 'user' } },
                    { key: 'gen_ai.prompt.0.content', value: { stringValue: 'Name a sea.' } },
                    { key: 'gen_ai.completion.0.content', value: { stringValue: 'The Baltic.' } },
                    { key: 'user.rating', value: { intValue: 1 } },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
    { id: 'o1', ...ITEM, meta: { 'user.rating': 1 } },
  ],
  'label-studio': [
    {
      id: 7,
      data: { prompt: 'Name a sea.' },
      annotations: [{ result: [{ type: 'textarea', value: { text: ['The Baltic.'] } }] }],
    },
    { id: '7', ...ITEM },
  ],
  argilla: [
    {
      external_id: 'a1',
      fields: { instruction: 'Name a sea.' },
      responses: { response: [{ value: 'The Baltic.' }] },
      metadata: { team: 'x' },
    },
    { id: 'a1', ...ITEM, meta: { team: 'x' } },
  ],
  doccano: [
    { id: 3, text: 'Name a sea.', label: ['The Baltic.'] },
    { id: '3', ...ITEM },
  ],
};

describe.each(PRESETS.names)('records of %s', (name) => {
  const [record, item] = RECORDS[name]!;

  it('become instructions that keep the record', async () => {
    const pool = await readPool([[record]], { from: name });
    expect(pool.instructions).toMatchObject([{ ...item, record }]);
  });

  it('are recognized, except where they look like a plain pool', async () => {
    const pool = await readPool([[record]]);
    if (name === 'doccano') expect(pool.instructions).toMatchObject([{ instruction: 'Name a sea.' }]);
    else expect(pool.instructions).toMatchObject([item]);
  });

  it('name the form they are documented in', () => {
    expect(URL.canParse(PRESETS.find(name).source)).toBe(true);
  });
});

it('reads the newer messages of OpenTelemetry, and JSON in text', async () => {
  const attributes = {
    'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'Name a sea.' }] }]),
    'gen_ai.output.messages': JSON.stringify([
      { role: 'assistant', parts: [{ type: 'text', content: 'The Baltic.' }] },
    ]),
  };
  expect((await readPool([[{ span_id: 's', attributes }]])).instructions).toMatchObject([{ id: 's', ...ITEM }]);
});

describe('results of a batch', () => {
  const result = (id: string, message: object = ANSWER) => ({
    id: `batch_${id}`,
    custom_id: id,
    response: { status_code: 200, body: { choices: [{ message }] } },
    error: null,
  });
  const request = RECORDS['openai-batch']![0];
  const failed = { custom_id: 'q1', response: null, error: { code: 'batch_expired' } };

  it.each([
    ['after', [[request], [result('q1')]]],
    ['before', [[result('q1')], [request]]],
  ] as const)('are the responses of requests in a file %s theirs', async (_, sources) => {
    const pool = await readPool([...sources]);
    expect(pool.instructions).toMatchObject([{ id: 'q1', ...ITEM, ...SYSTEM }]);
    expect(pool.readings.flatMap(({ leftOut }) => leftOut)).toEqual([]);
    expect(pool.readings.flatMap(({ tolerated }) => tolerated)).toContain(
      'results were joined with their requests by id',
    );
  });

  it('are joined with a request that was merged into an earlier one', async () => {
    const pool = await readPool([[request, { ...request, custom_id: 'q2' }], [result('q2')]], { from: 'openai-batch' });
    expect(pool.instructions).toMatchObject([{ id: 'q1', output: 'The Baltic.' }]);
  });

  it('are left out and counted where they failed, say nothing, or their request is not there', async () => {
    const silent = result('q1', { role: 'assistant', content: null });
    const pool = await readPool([[request], [failed, silent, result('q9')]]);
    expect(pool.instructions).toHaveLength(1);
    expect(pool.instructions[0]).not.toHaveProperty('output');
    expect(pool.readings[1]!.leftOut).toEqual([
      { cause: 'its request failed or was answered without a text', records: 2, firstLine: 1 },
      { cause: 'it answers no request among these files', records: 1, firstLine: 3 },
    ]);
    await expect(readPool([[result('q1')]])).rejects.toThrow('it answers no request among these files');
  });
});

it('does not take a tool that is unknown', async () => {
  await expect(readPool([[{ text: 'a' }]], { from: 'excel' })).rejects.toMatchObject({ code: 'USAGE' });
});

it('of a pair in lists of texts, the better answer is the response, and of a tie neither', async () => {
  const pair = {
    id: 7,
    prompt: '["Hi.","Name a sea."]',
    response_a: '["Hi!","The Baltic."]',
    response_b: '["Yo","Rome"]',
  };
  const ended = (winner: string) => ({
    ...{ ...pair, id: winner, winner_model_a: 0, winner_model_b: 0, winner_tie: 0 },
    [winner]: 1,
  });
  for (const [winner, first, output] of [
    ['winner_model_a', 'Hi!', 'The Baltic.'],
    ['winner_model_b', 'Yo', 'Rome'],
    ['winner_tie', 'Hi!', undefined],
  ] as const) {
    const { instructions } = await readPool([[ended(winner)]]);
    expect(instructions).toMatchObject([
      { id: winner, instruction: 'Name a sea.', context: { before: [{}, { text: first }] } },
    ]);
    expect(instructions[0]!.output).toBe(output);
  }
});

it('a conversation of ChatGPT that turns in a circle, or names no branch, is read all the same', async () => {
  const mapping = {
    a: { message: said('user', 'Name a sea.'), parent: 'b', children: ['b'] },
    b: { message: said('assistant', 'The Baltic.'), parent: 'a', children: [] },
  };
  expect((await readPool([[{ mapping }]])).instructions).toMatchObject([ITEM]);
});
