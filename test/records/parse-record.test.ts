import { describe, expect, it } from 'vitest';
import type { FieldOverrides } from '../../src/records/detect-fields.ts';
import { parseRecord } from '../../src/records/parse-record.ts';

/** The only item of a record, or why there is none. */
function read(value: unknown, fields: FieldOverrides = {}) {
  const parsed = parseRecord(value, { fields });
  if (!('drafts' in parsed)) return parsed;
  expect(parsed.drafts).toHaveLength(1);
  return parsed.drafts[0]!;
}

it('sorts the fields of a record into their roles and keeps the rest as meta', () => {
  const record = { id: 7, instruction: 'Do', input: 'this', output: 'Done', topic: 't', tags: ['x'] };
  expect(read(record)).toEqual({
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
  expect(read(record)).toEqual({ id: 'd', instruction: 'a', input: 'b', output: 'c', meta: {}, record });
});

it('knows the usual names as spreadsheets spell them, and prefers those spelled exactly', () => {
  const record = { ID: 'd', Instruction: 'a', ' Input ': 'b', OUTPUT: 'c', Topic: 't' };
  expect(read(record)).toEqual({ id: 'd', instruction: 'a', input: 'b', output: 'c', meta: { Topic: 't' }, record });
  expect(read({ Instruction: 'title', text: 'a' })).toMatchObject({ instruction: 'a', meta: { Instruction: 'title' } });
});

it('takes the first name of a role that is not empty; the others are meta', () => {
  const record = { text: 'later', prompt: 'first', instruction: null, input: '', context: 'c', output: 1, answer: 'a' };
  expect(read(record)).toMatchObject({
    instruction: 'first',
    input: 'c',
    output: '1',
    meta: { text: 'later', instruction: null, input: '', answer: 'a' },
  });
});

it('has no input, output or id where they are blank, null, or no text', () => {
  const record = { instruction: 'a', input: ' \n', output: null, id: '', context: ['passage'], answer: { start: 3 } };
  const draft = read(record);
  expect(draft).toEqual({ instruction: 'a', meta: { context: ['passage'], answer: { start: 3 } }, record });
  expect(Object.keys(draft)).not.toContain('input');
});

it('keeps the text as it is, white space included', () => {
  expect(read({ instruction: '  a\r\n' })).toMatchObject({ instruction: '  a\r\n' });
});

it('lets a field be called __proto__ without harm', () => {
  const record = JSON.parse('{"instruction": "a", "__proto__": {"input": "b"}}');
  const draft = read(record);
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
    [{ prompt: [1, 2] }, 'its instruction ("prompt") is a list, not text'],
    [{ messages: [] }, 'its field "messages" has no user turn among its 0 turns'],
    [{ messages: 7, other: 'a' }, 'its field "messages" is not a list of turns'],
    [{ messages: [{ role: 'user', content: '' }] }, 'its field "messages" has an empty user turn'],
    [
      { messages: [{ role: 'user', content: { at: 1 } }] },
      'its field "messages" has a turn (turn 1) whose content is not text',
    ],
  ])('says why %j cannot be used', (value, cause) => {
    expect(read(value)).toEqual({ cause });
  });

  it('lists the fields that a record without an instruction has', () => {
    const cause =
      'it has no instruction (instruction, prompt, question, query, text, messages, conversations, conversation, chat, dialogue, dialog); its fields are';
    expect(read({ src: 'a', score: 1 })).toMatchObject({ cause: `${cause} src, score` });
    expect(read({})).toMatchObject({ cause: `${cause} none` });
    const wide = Object.fromEntries(Array.from({ length: 15 }, (_, column) => [`c${column}`, column]));
    expect(read(wide)).toMatchObject({ cause: expect.stringMatching(/c10, c11 and 3 more$/) });
  });
});

describe('placeholders', () => {
  it.each(['nan', 'NaN', '<noinput>', 'N/A', '#NAME?', ' #VALUE! '])(
    '%s is neither an input nor an output',
    (nothing) => {
      const record = { instruction: 'a', input: nothing, output: nothing };
      expect(read(record)).toEqual({ instruction: 'a', meta: {}, record });
      expect(parseRecord(record)).toMatchObject({ placeholders: ['input', 'output'] });
    },
  );

  it('are no instruction either, which is no error', () => {
    expect(read({ instruction: 'nan', output: 'x' })).toEqual({
      cause: 'its instruction ("instruction") is "nan", which means no text',
      isNothing: true,
    });
  });

  it.each(['None', 'null', 'NA', '-', '#WERT!', 'Err:502'])('%s is no request and no material for one', (nothing) => {
    expect(read({ instruction: nothing, output: 'x' })).toMatchObject({ isNothing: true });
    expect(read({ instruction: 'a', input: nothing })).not.toHaveProperty('input');
  });

  it('leave words that are answers', () => {
    expect(read({ instruction: 'a', output: 'None' })).toMatchObject({ output: 'None' });
  });
});

describe('instances', () => {
  it('give the input and output of a task, each an item of its own', () => {
    const instances = [
      { input: 'Hot : Cold', output: 'They are opposites.' },
      { input: '<noinput>', output: 'Two' },
    ];
    const record = { id: 's1', instruction: 'Relation?', instances, is_classification: false };
    const parsed = parseRecord(record);
    const meta = { is_classification: false };
    expect('drafts' in parsed && parsed.drafts).toEqual([
      { id: 's1', instruction: 'Relation?', input: 'Hot : Cold', output: 'They are opposites.', meta, record },
      { id: 's1:2', instruction: 'Relation?', output: 'Two', meta, record },
    ]);
  });
});

describe('named fields', () => {
  it('play one role only', () => {
    const record = { kind: 'QA', input: 'Why is the sky blue?', target: 'Scattering.' };
    expect(read(record, { instruction: 'input', output: 'target' })).toEqual({
      instruction: 'Why is the sky blue?',
      output: 'Scattering.',
      meta: { kind: 'QA' },
      record,
    });
  });

  it('replace the usual names', () => {
    const record = { instruction: 'a', q: 'b', ctx: 'c', gold: 'd', key: 5, id: 'own' };
    const fields = { instruction: 'q', input: 'ctx', output: 'gold', id: 'key' };
    expect(read(record, fields)).toEqual({
      id: '5',
      instruction: 'b',
      input: 'c',
      output: 'd',
      meta: { instruction: 'a', id: 'own' },
      record,
    });
  });

  it('are not replaced by others where a record lacks them', () => {
    expect(read({ instruction: 'a', messages: [] }, { instruction: 'q' })).toMatchObject({
      cause: 'it has no field "q"; its fields are instruction, messages',
    });
    expect(read({ instruction: 'a', input: 'b' }, { input: 'ctx' })).not.toHaveProperty('input');
  });

  it('must hold text', () => {
    expect(read({ instruction: 'a', ctx: [['b']] }, { input: 'ctx' })).toEqual({
      cause: 'its input ("ctx") is a list, not text',
    });
    expect(read({ instruction: 'a', key: {} }, { id: 'key' })).toEqual({
      cause: 'its id ("key") is an object, not text',
    });
  });
});
