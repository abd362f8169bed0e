import { expect, it } from 'vitest';
import { readJson } from '../../src/records/json.ts';
import { byteStream, collect } from '../support/byte-stream.ts';

const read = (content: string | Buffer, maxBytes?: number) =>
  collect(readJson('a.json', byteStream(content, 10), maxBytes));

it('reads the elements of an array, numbered from 1', async () => {
  expect(await read('[{"a":1}, {"a":2}, 3]')).toEqual([
    { line: 1, value: { a: 1 } },
    { line: 2, value: { a: 2 } },
    { line: 3, value: 3 },
  ]);
});

it('reads the one array of an object', async () => {
  expect(await read('{"version": "2", "size": 1, "data": [{"a":1}]}')).toEqual([{ line: 1, value: { a: 1 } }]);
});

it('does not guess which of several arrays is the pool', async () => {
  await expect(read('{"train": [], "test": []}')).rejects.toThrow('"a.json" holds 2 arrays (train, test)');
});

it.each(['{"a": 1}', '"text"', 'null', '{}'])('finds no array of records in %s', async (content) => {
  await expect(read(content)).rejects.toThrow('"a.json" holds no array of records');
});

it('names the line where the JSON breaks, where the parser does', async () => {
  await expect(read('[\n{"a": 1\n')).rejects.toMatchObject({
    code: 'POOL',
    message: expect.stringMatching(/^"a\.json" is not valid JSON: .*\(line 3\)/),
  });
});

it('recognises JSON Lines under the wrong name', async () => {
  await expect(read('{"a":1}\n{"a":2}\n')).rejects.toMatchObject({
    hint: 'It holds one JSON object a line: name it .jsonl.',
  });
});

it('refuses bytes that are not UTF-8', async () => {
  await expect(read(Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]))).rejects.toThrow('not valid UTF-8');
});

it('suggests JSONL for a file that no string can hold', async () => {
  await expect(read(`["${'x'.repeat(200)}"]`, 100)).rejects.toMatchObject({
    message: '"a.json" is larger than 100 bytes, the most that one JSON value can have.',
    hint: expect.stringContaining('Convert it to JSONL'),
  });
});
