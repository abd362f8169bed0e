import { expect, it } from 'vitest';
import type { LabelTask } from '../../src/domain/label.ts';
import { readLabelFile } from '../../src/labels/read-label-file.ts';
import { BRIDGES, detectBridge } from '../../src/labels/registry.ts';

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

it.each(BRIDGES.names)('a task for %s shows all of the conversation, and is found again', (name) => {
  const bridge = BRIDGES.find(name);
  const content = bridge.encode(TASKS);
  for (const said of [
    'Answer as a knight.',
    'I have a cat called Mia.',
    'Nice!',
    'feeding_table',
    'How often should she be fed?',
  ]) {
    expect(content).toContain(said);
  }
  const file = readLabelFile(content, `labels${bridge.extension}`);
  expect(detectBridge(file)).toBe(bridge);
  expect(bridge.decode(file).untouched).toEqual(['c', 'p']);
});
