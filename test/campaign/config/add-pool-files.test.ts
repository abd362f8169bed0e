import { expect, it } from 'vitest';
import { addPoolFiles } from '../../../src/campaign/config/add-pool-files.ts';

const TEXT = `version: 1 # first
pool:
  files:
    - a.jsonl # the start
    - { path: b.csv, fields: { instruction: question } }
`;

it('adds files that are not listed yet, and keeps comments', () => {
  const { text, added } = addPoolFiles(TEXT, ['a.jsonl', 'b.csv', { path: 'c.jsonl', from: 'langfuse' }]);
  expect(added).toEqual(['c.jsonl']);
  expect(text).toContain('- a.jsonl # the start');
  expect(text).toContain('version: 1 # first');
  expect(text).toContain('path: c.jsonl');
  expect(text).toContain('from: langfuse');
});

it('changes nothing where all are listed', () => {
  expect(addPoolFiles(TEXT, ['a.jsonl'])).toEqual({ text: TEXT, added: [] });
});

it('needs a list to add to', () => {
  expect(() => addPoolFiles('pool: {}', ['a'])).toThrow('no list of files');
});
