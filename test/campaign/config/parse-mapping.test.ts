import { expect, it } from 'vitest';
import { parseMapping } from '../../../src/campaign/config/parse-mapping.ts';

it('reads YAML and JSON', () => {
  const mapping = {
    '*.csv': { fields: { instruction: 'q' }, encoding: 'windows-1252' },
    'chats/*.jsonl': { turns: 'each' },
  };
  const yaml = '"*.csv":\n  fields: { instruction: q }\n  encoding: windows-1252\nchats/*.jsonl: { turns: each }\n';
  expect(parseMapping(yaml, 'map.yaml')).toEqual(mapping);
  expect(parseMapping(JSON.stringify(mapping), 'map.json')).toEqual(mapping);
});

it.each([
  ['a.csv: { turns: all }', '1: a.csv.turns: '],
  ['a.csv: {}\nb.csv:\n  topic: x', '2: b.csv: Unrecognized key: "topic"'],
  ['a.csv: question', '1: a.csv: '],
  ['- a.csv', '1: the file contains no mapping'],
  ['a: [', '1: '],
])('says what is wrong with %j', (text, problem) => {
  expect(() => parseMapping(text, 'map.yaml')).toThrow(`map.yaml does not say how files are read:\n  ${problem}`);
});
