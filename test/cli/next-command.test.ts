import { expect, it } from 'vitest';
import { nextCommand } from '../../src/cli/next-command.ts';

it.each([
  ['.', 'winnow import <file>'],
  ['there', 'winnow import -C there <file>'],
  ['~/a-b/c.d', 'winnow import -C ~/a-b/c.d <file>'],
  ['my campaign; rm -rf', "winnow import -C 'my campaign; rm -rf' <file>"],
  ["it's", "winnow import -C 'it'\\''s' <file>"],
])('for the folder %s the next command is typed as %s', (folder, line) => {
  const command = { line: 'winnow import <file>', because: 'labels are awaited' };
  expect(nextCommand({ command }, folder)).toEqual({ line, because: 'labels are awaited' });
});
