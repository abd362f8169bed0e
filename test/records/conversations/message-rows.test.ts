import { describe, expect, it } from 'vitest';
import { readPool } from '../../../src/records/read-pool.ts';

const ROWS = [
  { message_id: 'm1', parent_id: null, role: 'prompter', text: 'How do I prune a rose?' },
  { message_id: 'm2', parent_id: 'm1', role: 'assistant', text: 'Cut dead wood.', rank: 1 },
  { message_id: 'm2b', parent_id: 'm1', role: 'assistant', text: 'In winter.', rank: 0 },
  { message_id: 'm3', parent_id: 'm2', role: 'prompter', text: 'How often?' },
  { message_id: 'm4', parent_id: 'm3', role: 'assistant', text: 'Once a year.' },
];
const LAST = {
  id: 'm3',
  instruction: 'How often?',
  output: 'Once a year.',
  context: {
    before: [
      { role: 'user', text: 'How do I prune a rose?' },
      { role: 'assistant', text: 'Cut dead wood.' },
    ],
  },
};

describe('a file of messages with parents (OASST)', () => {
  it('has an item for each conversation, and none for a reply', async () => {
    const pool = await readPool([ROWS]);
    expect(pool.instructions).toMatchObject([LAST]);
    expect(pool.readings).toMatchObject([{ messages: 5, items: 1 }]);
  });

  it('has an item for each request where that is wanted, with the best reply', async () => {
    const { instructions } = await readPool([ROWS], { turns: 'each' });
    expect(instructions).toMatchObject([{ id: 'm1', output: 'In winter.' }, LAST]);
    expect(new Set(instructions.map(({ conversation }) => conversation)).size).toBe(1);
  });

  it('has the first requests where those are wanted', async () => {
    expect((await readPool([ROWS], { turns: 'first' })).instructions).toMatchObject([{ id: 'm1' }]);
  });
});

it('reads a tree inside one record the same', async () => {
  const [m1, m2, m2b, m3, m4] = ROWS.map(({ parent_id: _, ...row }) => row);
  const prompt = {
    ...m1,
    replies: [
      { ...m2, replies: [{ ...m3, replies: [{ ...m4, replies: [] }] }] },
      { ...m2b, replies: [] },
    ],
  };
  const tree = { message_tree_id: 'm1', tree_state: 'ready', prompt };
  expect((await readPool([[tree]])).instructions).toMatchObject([{ ...LAST, record: tree }]);
});

it('makes conversations of rows that name theirs, in their order', async () => {
  const rows = [
    { conversation_id: 'x', role: 'user', content: 'Hi' },
    { conversation_id: 'y', role: 'user', content: 'Bye' },
    { conversation_id: 'x', role: 'assistant', content: 'Hello' },
    { conversation_id: 'x', role: 'user', content: 'More' },
  ];
  expect((await readPool([rows])).instructions).toMatchObject([
    { instruction: 'Bye' },
    { instruction: 'More', context: { before: [{ text: 'Hi' }, { text: 'Hello' }] } },
  ]);
});

it('orders the messages of a conversation by their number or time', async () => {
  const rows = [
    { conversation_id: 'a', turn: 2, role: 'user', content: 'Second?' },
    { conversation_id: 'b', turn: 1, role: 'user', content: 'Other?' },
    { conversation_id: 'a', turn: 1, role: 'assistant', content: 'Answer.' },
    { conversation_id: 'a', turn: 0, role: 'user', content: 'First?' },
  ];
  const times = rows.map(({ turn, ...row }) => ({ ...row, turn: 1, created_at: `2026-01-0${turn + 1}T00:00:00Z` }));
  for (const records of [rows, times]) {
    const { instructions } = await readPool([records]);
    expect(
      instructions.map(({ instruction, context }) => [instruction, context?.before.map(({ text }) => text)]),
    ).toEqual([
      ['Second?', ['First?', 'Answer.']],
      ['Other?', undefined],
    ]);
  }
});
