import { expect, it } from 'vitest';
import type { LabelTask } from '../../src/domain/label.ts';
import { BRIDGES } from '../../src/labels/registry.ts';

const TASKS: readonly LabelTask[] = [
  {
    id: 'c',
    instruction: 'How often should she be fed?',
    round: 1,
    rank: 1,
    reason: 'typical',
    context: {
      before: [
        { role: 'system', text: 'Answer as a knight.' },
        { role: 'user', text: 'I have a cat called Mia.' },
        { role: 'assistant', text: 'Nice!' },
      ],
      tools: [{ name: 'feeding_table' }],
    },
  },
  { id: 'p', instruction: 'Name a sea.', round: 1, rank: 2, reason: 'typical' },
];

const TURNS = [
  { author: 'Tools', text: 'Tools: [{"name":"feeding_table"}]' },
  { author: 'System', text: 'Answer as a knight.' },
  { author: 'User', text: 'I have a cat called Mia.' },
  { author: 'Assistant', text: 'Nice!' },
  { author: 'User', text: 'How often should she be fed?' },
];

it('Label Studio shows conversations as dialogues, for which every task of the file has its turns', () => {
  const { encode, setup } = BRIDGES.find('label-studio');
  const data = (tasks: readonly LabelTask[]) =>
    (JSON.parse(encode(tasks)) as { data: { dialogue?: unknown } }[]).map((task) => task.data.dialogue);
  expect(data(TASKS)).toEqual([TURNS, [{ author: 'User', text: 'Name a sea.' }]]);
  expect(data(TASKS.slice(1))).toEqual([undefined]);
  const dialogue = '<Paragraphs name="chat" value="$dialogue" layout="dialogue" nameKey="author" textKey="text"/>';
  expect(setup).toContain(dialogue);
  expect(setup.split(dialogue)[1]).toMatch(
    /<Text name="prompt" value="\$prompt"\/>[\s\S]*<TextArea name="response" toName="prompt"/,
  );
});

it('Prodigy shows conversations turn by turn, and single requests as text', () => {
  const { encode, setup } = BRIDGES.find('prodigy');
  const [chat, plain] = encode(TASKS)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { dialogue?: unknown });
  expect(chat!.dialogue).toEqual(TURNS);
  expect(plain).not.toHaveProperty('dialogue');
  expect(setup).toContain(
    '{{#dialogue}}<p><b>{{author}}</b> {{text}}</p>{{/dialogue}}{{^dialogue}}{{text}}{{/dialogue}}',
  );
});
