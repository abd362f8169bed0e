import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../src/records/parse-record.ts';

it('sorts the fields of a record into their roles and keeps the rest as meta', () => {
  const record = { id: 7, instruction: 'Do', input: 'this', output: 'Done', topic: 't', tags: ['x'] };
  expect(parseRecord(record)).toEqual({
    id: '7',
    instruction: 'Do',
    input: 'this',
    output: 'Done',
    meta: { topic: 't', tags: ['x'] },
    record,
  });
});

it.each([
  [{ prompt: 'a', context: 'b', response: 'c', uid: 'd' }],
  [{ question: 'a', context: 'b', completion: 'c', uuid: 'd' }],
  [{ query: 'a', input: 'b', answer: 'c', external_id: 'd' }],
  [{ text: 'a', input: 'b', output: 'c', id: 'd' }],
])('knows the usual names: %j', (record) => {
  expect(parseRecord(record)).toEqual({ id: 'd', instruction: 'a', input: 'b', output: 'c', meta: {}, record });
});

it('takes the first name of a role that is not empty; the others are meta', () => {
  const record = { text: 'later', prompt: 'first', instruction: null, input: '', context: 'c', output: 1, answer: 'a' };
  expect(parseRecord(record)).toMatchObject({
    instruction: 'first',
    input: 'c',
    output: '1',
    meta: { text: 'later', instruction: null, input: '', answer: 'a' },
  });
});

it('has no input, output or id where they are blank, null, or no text', () => {
  const record = { instruction: 'a', input: ' \n', output: null, id: '', context: ['passage'], answer: { start: 3 } };
  const draft = parseRecord(record);
  expect(draft).toEqual({ instruction: 'a', meta: { context: ['passage'], answer: { start: 3 } }, record });
  expect(Object.keys(draft)).not.toContain('input');
});

it('keeps the text as it is, white space included', () => {
  expect(parseRecord({ instruction: '  a\r\n' })).toMatchObject({ instruction: '  a\r\n' });
});

it('lets a field be called __proto__ without harm', () => {
  const record = JSON.parse('{"instruction": "a", "__proto__": {"input": "b"}}');
  const draft = parseRecord(record);
  expect(Object.keys((draft as { meta: object }).meta)).toEqual(['__proto__']);
  expect(draft).not.toHaveProperty('input');
});

describe('bad records', () => {
  it.each([
    [['a'], 'it is a list, not an object'],
    ['a', 'it is a string, not an object'],
    [null, 'it is null, not an object'],
    [{ instruction: '' }, 'its instruction ("instruction") is empty'],
    [{ instruction: null }, 'its instruction ("instruction") is empty'],
    [{ prompt: ' \u00a0\n' }, 'its instruction ("prompt") is empty'],
    [{ prompt: '', instruction: null, text: '' }, 'its instruction ("instruction") is empty'],
    [{ query: '', question: '' }, 'its instruction ("question") is empty'],
    [{ prompt: 3 }, 'its instruction ("prompt") is a number, not text'],
    [{ prompt: [{ role: 'user' }] }, 'its instruction ("prompt") is a list, not text'],
    [{ messages: [] }, 'its field "messages" has no user turn among its 0 turns'],
    [{ messages: 'hello' }, 'its field "messages" is not a list of turns'],
    [{ messages: [{ role: 'user', content: '' }] }, 'its instruction ("messages") is empty'],
    [
      { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] },
      'its field "messages" has a user turn (turn 1) that is not text',
    ],
  ])('says why %j cannot be used', (value, cause) => {
    expect(parseRecord(value)).toEqual({ cause });
  });

  it('lists the fields that a record without an instruction has', () => {
    const cause =
      'it has no instruction (instruction, prompt, question, query, text, messages, conversations); its fields are';
    expect(parseRecord({ src: 'a', score: 1 })).toEqual({ cause: `${cause} src, score` });
    expect(parseRecord({})).toEqual({ cause: `${cause} none` });
    const wide = Object.fromEntries(Array.from({ length: 15 }, (_, column) => [`c${column}`, column]));
    expect(parseRecord(wide)).toEqual({ cause: expect.stringMatching(/c10, c11 and 3 more$/) });
  });
});

describe('named fields', () => {
  it('replace the usual names', () => {
    const record = { instruction: 'a', q: 'b', ctx: 'c', gold: 'd', key: 5, id: 'own' };
    const fields = { instruction: 'q', input: 'ctx', output: 'gold', id: 'key' };
    expect(parseRecord(record, fields)).toEqual({
      id: '5',
      instruction: 'b',
      input: 'c',
      output: 'd',
      meta: { instruction: 'a', id: 'own' },
      record,
    });
  });

  it('are not replaced by others where a record lacks them', () => {
    expect(parseRecord({ instruction: 'a', messages: [] }, { instruction: 'q' })).toEqual({
      cause: 'it has no field "q"; its fields are instruction, messages',
    });
    expect(parseRecord({ instruction: 'a', input: 'b' }, { input: 'ctx' })).not.toHaveProperty('input');
  });

  it('must hold text', () => {
    expect(parseRecord({ instruction: 'a', ctx: ['b'] }, { input: 'ctx' })).toEqual({
      cause: 'its input ("ctx") is a list, not text',
    });
    expect(parseRecord({ instruction: 'a', key: {} }, { id: 'key' })).toEqual({
      cause: 'its id ("key") is an object, not text',
    });
  });
});

describe('conversations', () => {
  it('give the first user turn, the assistant turn after it and the system turn', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'assistant', content: 'Welcome!' },
      { role: 'user', content: 'Hi' },
      { role: 'tool', content: 'x' },
      { role: 'assistant', content: 'Hello' },
      { role: 'user', content: 'More' },
    ];
    const record = { id: 'c1', messages, source: 's' };
    expect(parseRecord(record)).toEqual({
      id: 'c1',
      instruction: 'Hi',
      output: 'Hello',
      meta: { source: 's', system: 'Be brief.' },
      record,
    });
  });

  it.each(['human', 'user'])('know from/value with %s', (from) => {
    const record = {
      conversations: [
        { from, value: 'Hi' },
        { from: 'gpt', value: 'Hello' },
      ],
    };
    expect(parseRecord(record)).toEqual({ instruction: 'Hi', output: 'Hello', meta: {}, record });
  });

  it('join the text parts of a turn', () => {
    const content = [
      { type: 'text', text: 'one' },
      { type: 'text', text: 'two' },
    ];
    expect(parseRecord({ messages: [{ role: 'user', content }] })).toMatchObject({ instruction: 'one\ntwo' });
  });

  it('may have no answer, or one without text', () => {
    const user = { role: 'user', content: 'Hi' };
    expect(parseRecord({ messages: [user] })).not.toHaveProperty('output');
    expect(parseRecord({ messages: [user, { role: 'assistant', content: null }] })).not.toHaveProperty('output');
  });

  it('come after a named field, which makes them meta', () => {
    const record = { prompt: 'a', messages: [{ role: 'user', content: 'b' }] };
    expect(parseRecord(record)).toMatchObject({ instruction: 'a', meta: { messages: record.messages } });
    expect(parseRecord({ ...record, prompt: '' })).toMatchObject({ instruction: 'b', meta: { prompt: '' } });
  });

  it('may be JSON text, as a table cell holds them', () => {
    expect(parseRecord({ messages: '[{"role":"user","content":"Hi"}]' })).toMatchObject({ instruction: 'Hi' });
  });
});
