import { expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = temporaryFolder();

it('inspect shows for each file the fields, turns and first items, and what cannot be used', async () => {
  root.write(
    'chats.jsonl',
    [
      {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Name a moon of Mars.' },
        ],
      },
      { messages: [{ role: 'oracle', content: 'What?' }] },
    ]
      .map((record) => JSON.stringify(record))
      .join('\n'),
  );
  root.write('table.csv', 'question,answer,topic\nName a moon of Saturn.,Titan,space\nWhat is brass?,An alloy,metal\n');
  const { code, stdout } = await runCli(['inspect', 'chats.jsonl', 'table.csv'], { cwd: root.path });
  expect(code).toBe(0);
  expect(stdout).toContain('chats.jsonl: 1 record, 1 item\n  fields   conversation = messages: 1 record\n');
  expect(stdout).toContain('      before   System: Be brief.\n      asked    Name a moon of Mars.\n');
  expect(stdout).toContain(
    'table.csv: 2 records, 2 items\n  fields   instruction = question, output = answer: 2 records\n',
  );
  expect(stdout).toContain('      asked    What is brass?\n      response An alloy\n');
  expect(stdout).toContain('Total  3 instructions\n1 record cannot be used\n');
  expect(stdout).toContain('chats.jsonl:2: its field "messages" has a turn (turn 1) with the unknown role "oracle"');
});
