import { expect, it } from 'vitest';
import { readPool } from '../../src/records/read-pool.ts';
import { ReadingByFile } from '../../src/records/reading-by-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
folder.write('faq.csv', 'q,a\nWhy?,So.\n');
folder.write('old/faq.csv', 'ask\nWho?\n');
folder.write(
  'chats.jsonl',
  '{"messages":[{"role":"user","content":"One?"},{"role":"assistant","content":"1"},{"role":"user","content":"Two?"}]}\n',
);
const read = async (byFile: ConstructorParameters<typeof ReadingByFile>[0], ...files: string[]) => {
  const { instructions } = await readPool(
    files.map((file) => file.replace('~', folder.path)),
    { byFile },
  );
  return instructions.map(({ instruction, output }) =>
    output === undefined ? instruction : `${instruction} ${output}`,
  );
};

it('reads each file as the first matching entry says, and the others as usual', async () => {
  const byFile = {
    '**/old/*.csv': { fields: { instruction: 'ask' } },
    'faq.csv': { fields: { instruction: 'q', output: 'a' } },
    '*.jsonl': { turns: 'each' },
  } as const;
  expect(await read(byFile, '~/faq.csv', '~/old', '~/chats.jsonl')).toEqual(['Why? So.', 'Who?', 'One? 1', 'Two?']);
});

it('lets the words before a path win', async () => {
  const byFile = { '*.csv': { fields: { instruction: 'a' } } };
  expect(await read(byFile, 'instruction=q:~/faq.csv')).toEqual(['Why?']);
});

it('names an entry that no file matches, and a field that no record has', async () => {
  await expect(read({ '*.tsv': { turns: 'each' } }, '~/chats.jsonl')).rejects.toThrow(
    '"*.tsv", which matches none of the files',
  );
  await expect(read({ '*.csv': { fields: { instruction: 'q', output: 'none' } } }, '~/faq.csv')).rejects.toThrow(
    'No record has a field "none".',
  );
});

it.each([
  ['*.csv', 'a/b/c.csv', true],
  ['a/*.csv', 'a/b/c.csv', false],
  ['a/**/*.csv', './a/b/c.csv', true],
  ['a/**/*.csv', 'a/c.csv', true],
  ['{x,c}.csv', 'a/c.csv', true],
  ['[a-c].csv', 'b.csv', true],
  ['[!a-c].csv', 'b.csv', false],
  ['c.csv', 'cxcsv', false],
  ['hf://datasets/o/n@*/**', 'hf://datasets/o/n@abc/d/e.jsonl', true],
])('%s and %s: %s', (pattern, file, matches) => {
  expect(Object.keys(new ReadingByFile({ [pattern]: { turns: 'first' } }).of(file))).toHaveLength(matches ? 1 : 0);
});
