import { describe, expect, it } from 'vitest';
import { readJson } from '../../src/records/json.ts';
import { readJsonl } from '../../src/records/jsonl.ts';
import { byteStream, collect } from '../support/byte-stream.ts';

const read = (content: string | Buffer, maxBytes?: number) =>
  collect(readJson('a.json', byteStream(content, 10), { ...(maxBytes === undefined ? {} : { maxBytes }) }));

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

it('reads an object that is one record as that, also if it holds lists', async () => {
  const record = { instruction: 'Explain bread.', tags: [{ text: 'food' }, { text: 'baking' }] };
  expect(await read(JSON.stringify(record, null, 1))).toEqual([{ line: 1, value: record }]);
  const chat = { conversations: [{ from: 'human', value: 'Hi' }] };
  expect(await read(JSON.stringify(chat))).toEqual([{ line: 1, value: chat }]);
  expect(await read('{"a": 1}')).toEqual([{ line: 1, value: { a: 1 } }]);
});

it('reads the list of records among other lists', async () => {
  expect(await read('{"features": ["a"], "data": [{"a":1}]}')).toEqual([{ line: 1, value: { a: 1 } }]);
});

it('reads a data frame of pandas, and records by keys of their own', async () => {
  expect(await read('{"q":{"0":"x","1":"y"},"n":{"0":1,"1":2}}')).toEqual([
    { line: 1, value: { q: 'x', n: 1 } },
    { line: 2, value: { q: 'y', n: 2 } },
  ]);
  expect(await read('{"a":{"q":"x"},"b":{"q":"y"}}')).toEqual([
    { line: 1, value: { q: 'x' } },
    { line: 2, value: { q: 'y' } },
  ]);
});

describe('what is no strict JSON', () => {
  const loosely = async (content: string) => {
    const tolerated: string[] = [];
    const onTolerated = (what: string) => tolerated.push(what);
    const records = await collect(readJson('a.json', byteStream(content, 10), { onTolerated }));
    return { values: records.map((record) => 'value' in record && record.value), tolerated };
  };

  it('is read with NaN as null', async () => {
    expect(await loosely('[{"a": NaN}, {"a": -Infinity}]')).toEqual({
      values: [{ a: null }, { a: null }],
      tolerated: ['NaN or Infinity, which JSON does not have, was read as null'],
    });
  });

  it('is read with both, and says so', async () => {
    expect((await loosely('[{"a": NaN,},]')).tolerated).toEqual([
      'NaN or Infinity was read as null, and trailing commas, comments or quotes that JSON does not have were read',
    ]);
  });

  it.each(['[{"a": 1}, {"a": 2},]', '// a comment\n[{"a": 1,}, {"a": 2}]', "[{'a': 1}, {a: 2}]"])(
    'is read: %s',
    async (content) => {
      expect(await loosely(content)).toEqual({
        values: [{ a: 1 }, { a: 2 }],
        tolerated: ['trailing commas, comments or quotes that JSON does not have were read'],
      });
    },
  );

  it('is read where values follow each other, as in JSON Lines and joined files', async () => {
    const tolerated = ['2 JSON values one after another were read'];
    expect(await loosely('{"a":1}\n{"a":2}\n')).toEqual({ values: [{ a: 1 }, { a: 2 }], tolerated });
    expect(await loosely('{\n "a": 1\n}{\n "a": "}{"\n}')).toEqual({ values: [{ a: 1 }, { a: '}{' }], tolerated });
    expect(await loosely('[{"a":1}]\n[{"a":2}]')).toEqual({ values: [{ a: 1 }, { a: 2 }], tolerated });
  });
});

it.each(['"text"', 'null'])('finds no array of records in %s', async (content) => {
  await expect(read(content)).rejects.toThrow('"a.json" holds no array of records');
});

it('names the line where the JSON breaks, where the parser does', async () => {
  await expect(read('[\n{"a": 1\n')).rejects.toMatchObject({
    code: 'POOL',
    message: expect.stringMatching(/^"a\.json" is not valid JSON: .*\(line 3\)/),
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

describe('numbers with more digits than a number of JavaScript keeps', () => {
  const lines = [
    '{"id": 12345678901234567890, "tweet": 1234567890123456789, "x": 1.12345678901234567}',
    '{"id": 12345678901234567891, "text": "B [12345678901234567899]", "y": 1234567890123456}',
  ];
  const values = [
    { id: '12345678901234567890', tweet: '1234567890123456789', x: 1.1234567890123457 },
    { id: '12345678901234567891', text: 'B [12345678901234567899]', y: 1234567890123456 },
  ];

  it('are text with all digits', async () => {
    const told: string[] = [];
    const onTolerated = (what: string) => told.push(what);
    const json = await collect(readJson('a.json', byteStream(`[${lines.join(',')}]`, 10), { onTolerated }));
    const jsonl = await collect(readJsonl(byteStream(lines.join('\n'), 10), { onTolerated }));
    for (const records of [json, jsonl.flat()])
      expect(records).toEqual(values.map((value, at) => ({ line: at + 1, value })));
    expect(new Set(told)).toEqual(new Set([expect.stringContaining('read as text to keep all digits')]));
  });
});

it('reads columns as lists, and pandas’ split', async () => {
  const rows = [
    { line: 1, value: { instruction: 'A', output: 'x' } },
    { line: 2, value: { instruction: 'B', output: 'y' } },
  ];
  expect(await read('{"instruction": ["A", "B"], "output": ["x", "y"]}')).toEqual(rows);
  const split = '{"columns": ["instruction", "output"], "index": [0, 1], "data": [["A", "x"], ["B", "y"]]}';
  expect(await read(split)).toEqual(rows);
});

it('reads a dict as Python prints it', async () => {
  expect(await read(`[{'a': None, "b": True, 'c': 'None of "them"'}]`)).toEqual([
    { line: 1, value: { a: null, b: true, c: 'None of "them"' } },
  ]);
});
