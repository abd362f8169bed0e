import { expect, it } from 'vitest';
import { nextCommands } from '../../src/cli/next-command.ts';
import { command as named, option, sentence } from '../../src/domain/wording.ts';

it.each([
  ['.', 'winnow import <file>'],
  ['there', 'winnow import -C there <file>'],
  ['~/a-b/c.d', 'winnow import -C ~/a-b/c.d <file>'],
  ['my campaign; rm -rf', "winnow import -C 'my campaign; rm -rf' <file>"],
  ["it's", "winnow import -C 'it'\\''s' <file>"],
])('for the folder %s the next command is typed as %s', (folder, line) => {
  const command = { line: sentence`${named('import')} <file>`, because: 'labels are awaited' };
  const other = { line: sentence`${named('next', option('goOn', true))}`, because: 'goes on' };
  const typed = nextCommands({ command, alternatives: [other] }, folder);
  expect(typed.command).toEqual({ line, because: 'labels are awaited' });
  expect(typed.alternatives).toEqual([
    { line: line.replace('import', 'next').replace('<file>', '--go-on'), because: 'goes on' },
  ]);
});
