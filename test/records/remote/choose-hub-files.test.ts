import { expect, it } from 'vitest';
import { chooseHubFiles } from '../../../src/records/remote/choose-hub-files.ts';

const PLAIN = [
  'README.md',
  'data/test-00000-of-00001.parquet',
  'data/train-00000-of-00002.parquet',
  'data/train-00001-of-00002.parquet',
];
const CARD = {
  configs: [
    {
      config_name: 'en',
      default: true,
      data_files: [
        { split: 'train', path: 'en/train-*' },
        { split: 'test', path: ['en/test*.jsonl'] },
      ],
    },
    { config_name: 'de', data_files: 'de/**' },
  ],
};
const CARDED = [
  'README.md',
  'de/a/b.jsonl',
  'en/test.jsonl',
  'en/train-0.jsonl',
  'en/train-1.jsonl',
  'notes.txt',
  'old.csv',
];
const choose = (rest: string, paths: readonly string[], card?: unknown) =>
  chooseHubFiles('hf://datasets/a/b', rest, paths, card);

it.each([
  ['', PLAIN.slice(1)],
  ['test', [PLAIN[1]]],
  ['train', PLAIN.slice(2)],
  ['data', PLAIN.slice(1)],
  ['data/', PLAIN.slice(1)],
  ['data/train', PLAIN.slice(2)],
  ['data/*-00000-*', [PLAIN[1], PLAIN[2]]],
  ['README.md', ['README.md']],
])('by the names of files, "%s" is %j', (rest, files) => {
  expect(choose(rest, PLAIN)).toEqual(files);
});

it.each([
  ['', ['en/test.jsonl', 'en/train-0.jsonl', 'en/train-1.jsonl']],
  ['de', ['de/a/b.jsonl']],
  ['en/test', ['en/test.jsonl']],
  ['test', ['en/test.jsonl']],
  ['old.csv', ['old.csv']],
])('by the card, "%s" is %j', (rest, files) => {
  expect(choose(rest, CARDED, CARD)).toEqual(files);
});

it('lists what there is where nothing matches', () => {
  expect(() => choose('fr', CARDED, CARD)).toThrow(
    expect.objectContaining({
      message: 'The data set hf://datasets/a/b has no "fr".',
      hint: 'Its configurations and their splits: en (train, test); de (train).',
    }),
  );
  expect(() => choose('dev', PLAIN)).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('data/test-00000') }),
  );
  expect(() => choose('', [])).toThrow('has no file of a known format');
});

it('reads texts only where there is nothing else, or where they are named', () => {
  expect(choose('', ['a.txt', 'b.md'])).toEqual(['a.txt', 'b.md']);
  expect(choose('', ['a.txt', 'b.jsonl'])).toEqual(['b.jsonl']);
});
