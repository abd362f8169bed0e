import { describe, expect, it } from 'vitest';
import type { Correction } from '../../../src/domain/label.ts';
import { CORRECTION_FORMATS } from '../../../src/labels/corrections/registry.ts';
import { isPair, margin, type Pair } from '../../../src/labels/corrections/substance.ts';
import { ALL_THAT_WAS_SAID, WHOLE_CONVERSATION } from '../../../src/testing/whole-conversation.ts';

const EDITED: Correction = {
  ...{ id: 'e', instruction: 'Sum up.', input: 'A text.', answer: 'One two three four.', response: 'One two.' },
  ...{ model: 'm', judge: 'j', score: 0.25, judgeReason: 'Too long.', decision: 'edited' },
  ...{ annotator: 'ann', comment: null },
};
const KEPT: Correction = { ...EDITED, id: 'k', answer: 'Fine.', response: 'Fine.', decision: 'kept' };
const REJECTED: Correction = { ...EDITED, id: 'r', response: null, decision: 'rejected', comment: 'Unclear.' };
const CHAT: Correction = {
  ...{ ...EDITED, id: 'c', input: undefined },
  context: {
    before: [
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'I have a cat.' },
      { role: 'assistant', text: 'Nice!' },
    ],
  },
} as Correction;
const TOOLS: Correction = { ...EDITED, id: 't', context: { before: [], tools: [{ name: 'weather' }] } };
const JOINED = 'Sum up.\n\nA text.';

type Rows = readonly Record<string, unknown>[];

function written(format: string, train: readonly Correction[], heldOut: readonly Correction[] = [], withIds = false) {
  const { takes, files } = CORRECTION_FORMATS.find(format);
  const split = { train: train.filter(takes), heldOut: heldOut.filter(takes) };
  return Object.fromEntries(
    files(split, { withIds }).map(({ name, content }) => {
      const text = content as string;
      return [name, (name.endsWith('.json') ? JSON.parse(text) : text.split('\n').filter(Boolean).map(parse)) as Rows];
    }),
  );
}
const parse = (line: string) => JSON.parse(line) as unknown;

it.each(CORRECTION_FORMATS.names)('%s has all of a conversation', (format) => {
  const whole = { ...EDITED, ...WHOLE_CONVERSATION };
  for (const train of [[whole], [EDITED, whole]]) {
    const files = JSON.stringify(CORRECTION_FORMATS.find(format).files({ train, heldOut: [] }));
    for (const said of [...ALL_THAT_WAS_SAID, whole.answer, 'One two.']) expect(files).toContain(said);
  }
});

describe('a pair', () => {
  it.each([
    ['Yes, it is.', 'yes it is', false],
    ['**Yes**\n\n# It `is`', 'Yes\nIt "is"', false],
    ['It’s 1.5 m.', "It's 1.5 m", false],
    ['It is 1.5 m.', 'It is 15 m.', true],
    ['It is -5.', 'It is 5.', true],
    ['a + b', 'a - b', true],
    ['2*3', '23', true],
    ['f(a)', 'f(b)', true],
    ['对。', '不对。', true],
    ['', 'Yes.', true],
  ])('of %j and %j differs in substance: %s', (answer, response, differs) => {
    expect(isPair({ ...EDITED, answer, response })).toBe(differs);
  });

  it('is one that a person wrote, not one that was kept or rejected', () => {
    expect([EDITED, KEPT, REJECTED].map(isPair)).toEqual([true, false, false]);
  });

  it.each([
    ['one two three four', 'one two', 1 - 4 / 6],
    ['one', 'two', 1],
    ['a + b', 'a - b', 0],
  ])('of %j and %j has the margin %d', (answer, response, wanted) => {
    expect(margin({ ...EDITED, answer, response } as Pair)).toBeCloseTo(wanted, 4);
  });
});

describe('corrections', () => {
  it('as preference are the person’s answer, chosen, and the model’s, rejected', () => {
    const { 'train.jsonl': train, 'held-out.jsonl': heldOut } = written(
      'preference',
      [EDITED, KEPT, REJECTED],
      [EDITED],
    );
    const record = { prompt: JOINED, chosen: 'One two.', rejected: 'One two three four.', margin: 0.3333 };
    expect(train).toEqual([record]);
    expect(heldOut).toEqual([record]);
    expect(written('preference', [EDITED], [], true)).toEqual({ 'train.jsonl': [{ id: 'e', ...record }] });
  });

  it('as preference are messages in all records where any is a conversation', () => {
    const { 'train.jsonl': train, 'held-out.jsonl': heldOut } = written('preference', [EDITED], [CHAT]);
    expect(train![0]).toMatchObject({
      prompt: [{ role: 'user', content: JOINED }],
      chosen: [{ role: 'assistant', content: 'One two.' }],
      rejected: [{ role: 'assistant', content: 'One two three four.' }],
    });
    expect(heldOut![0]!.prompt).toHaveLength(4);
  });

  it('as openai-preference have input, preferred and non-preferred output, and nothing else', () => {
    const [plain, tools] = written('openai-preference', [EDITED, TOOLS, KEPT])['train.jsonl']!;
    expect(plain).toEqual({
      input: { messages: [{ role: 'user', content: JOINED }] },
      preferred_output: [{ role: 'assistant', content: 'One two.' }],
      non_preferred_output: [{ role: 'assistant', content: 'One two three four.' }],
    });
    expect(tools).toMatchObject({ input: { tools: [{ type: 'function', function: { name: 'weather' } }] } });
  });

  it('as llama-factory-preference are ranked, in Alpaca’s columns', () => {
    const files = written('llama-factory-preference', [EDITED], [EDITED]);
    const pair = { chosen: 'One two.', rejected: 'One two three four.' };
    expect(files['train.json']).toEqual([{ instruction: JOINED, input: '', ...pair }]);
    const about = {
      ranking: true,
      columns: { prompt: 'instruction', query: 'input', chosen: 'chosen', rejected: 'rejected' },
    };
    expect(files['dataset_info.json']).toEqual({
      winnow_preference: { file_name: 'train.json', ...about },
      winnow_preference_held_out: { file_name: 'held-out.json', ...about },
    });
    const chats = written('llama-factory-preference', [CHAT]);
    expect(chats['train.json']![0]).toMatchObject({
      system: 'Be brief.',
      history: [['I have a cat.', 'Nice!']],
      ...pair,
    });
    expect(chats['dataset_info.json']).toMatchObject({
      winnow_preference: { columns: { system: 'system', history: 'history' } },
    });
  });

  it('as llama-factory-preference are ShareGPT’s where there are tools', () => {
    const files = written('llama-factory-preference', [TOOLS]);
    expect(files['train.json']).toEqual([
      {
        conversations: [{ from: 'human', value: JOINED }],
        tools: '[{"name":"weather"}]',
        chosen: { from: 'gpt', value: 'One two.' },
        rejected: { from: 'gpt', value: 'One two three four.' },
      },
    ]);
    expect(files['dataset_info.json']).toEqual({
      winnow_preference: {
        file_name: 'train.json',
        formatting: 'sharegpt',
        ranking: true,
        columns: { messages: 'conversations', tools: 'tools', chosen: 'chosen', rejected: 'rejected' },
      },
    });
  });

  it('as unpaired-preference label each answer', () => {
    const { 'train.jsonl': train } = written('unpaired-preference', [EDITED, KEPT, REJECTED]);
    expect(train!.map(({ completion, label }) => [completion, label])).toEqual([
      ['One two three four.', false],
      ['One two.', true],
      ['Fine.', true],
      ['One two three four.', false],
    ]);
    const look = { ...EDITED, response: 'one two three four' };
    expect(written('unpaired-preference', [look])['train.jsonl']).toEqual([]);
  });

  it('as ratings have the judge’s view and the person’s', () => {
    const look = { ...EDITED, response: 'one two three four' };
    const { 'train.jsonl': train } = written('ratings', [EDITED, KEPT, REJECTED, look]);
    expect(train!.map(({ decision, rating }) => [decision, rating])).toEqual([
      ['edited', 0.6667],
      ['kept', 1],
      ['rejected', 0],
      ['edited', 1],
    ]);
    expect(train![2]).toEqual({
      ...{ instruction: 'Sum up.', input: 'A text.', messages: [{ role: 'user', content: JOINED }] },
      ...{ answer: 'One two three four.', model: 'm', judge: 'j', judge_score: 0.25, judge_reason: 'Too long.' },
      ...{ decision: 'rejected', rating: 0, response: null, annotator: 'ann', comment: 'Unclear.' },
    });
  });
});
