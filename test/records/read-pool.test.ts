import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embeddingText, type Instruction, textHash } from '../../src/domain/instruction.ts';
import type { ProgressEvent } from '../../src/domain/progress.ts';
import type { ReadPoolOptions } from '../../src/records/pool-source.ts';
import { readPool } from '../../src/records/read-pool.ts';
import { byteStream } from '../support/byte-stream.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const texts = (items: readonly Instruction[]) => items.map(({ instruction }) => instruction);

const jsonl = (records: readonly unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');
const readText = (content: string, options: ReadPoolOptions = {}) =>
  readPool(['-'], { ...options, stdin: byteStream(content) });
const readRecords = (records: readonly unknown[], options?: ReadPoolOptions) => readText(jsonl(records), options);

describe('merging', () => {
  it('keeps the other ids a text goes by', async () => {
    const records = [
      { id: 'a', instruction: 'x' },
      { id: 'b', instruction: 'x' },
      { id: 'a', instruction: 'x' },
      { instruction: 'x' },
    ];
    expect([...(await readRecords(records)).mergedIds]).toEqual([['b', 0]]);
  });

  it('keeps responses to one instruction apart where they make the difference, each under an id of its own', async () => {
    const records = ['1', '2', '1', '3', undefined].map((output) => ({ instruction: 'x', output }));
    const pool = await readRecords(records, { sameBy: 'pair' });
    expect(pool.instructions.map(({ output }) => output)).toEqual(['1', '2', '3', undefined]);
    expect([...pool.positionOfRow]).toEqual([0, 1, 0, 2, 3]);
    expect(new Set(pool.instructions.map(({ id }) => id)).size).toBe(4);
    expect((await readRecords(records)).instructions).toHaveLength(1);
  });

  it('tells every usable record as it was read, merged ones too', async () => {
    const seen: unknown[] = [];
    const records = [{ instruction: 'x', n: 1 }, { instruction: '' }, { instruction: 'x', n: 2 }];
    const { positionOfRow } = await readRecords(records, { skipBadLines: true, onRecord: (one) => seen.push(one) });
    expect(seen).toEqual([records[0], records[2]]);
    expect(positionOfRow).toHaveLength(2);
  });

  it('keeps the first of records with the same text, and knows which row is which', async () => {
    const pool = await readRecords([
      { id: 'a', instruction: 'x', output: '1' },
      { id: 'b', instruction: 'y' },
      { id: 'c', instruction: 'x', output: '2' },
      { id: 'd', instruction: 'x', input: 'z' },
      { id: 'e', prompt: 'y', context: '' },
    ]);
    expect(pool.instructions.map(({ id, output }) => [id, output])).toEqual([
      ['a', '1'],
      ['b', undefined],
      ['d', undefined],
    ]);
    expect([...pool.positionOfRow]).toEqual([0, 1, 0, 2, 1]);
    expect(pool.exactDuplicates).toBe(2);
    expect(pool.repeatedIds).toBe(0);
  });

  it('gives distinct texts, distinct ids and a position for every row of any input', async () => {
    const text = fc.constantFrom('x', 'y', 'z', 'x\n\ny', 'é', '\ud800', '\ufffd');
    const record = fc.record(
      { instruction: text, input: text, id: fc.constantFrom('1', 1, 2, '1#1c7d5f22', '', null) },
      { requiredKeys: ['instruction'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 30 }), async (records) => {
        const pool = await readRecords(records);
        const hashes = pool.instructions.map((item) => textHash(embeddingText(item)));
        expect(new Set(hashes).size).toBe(hashes.length);
        expect(new Set(pool.instructions.map(({ id }) => id)).size).toBe(hashes.length);
        const textOfRow = [...pool.positionOfRow].map((position) => hashes[position]);
        expect(textOfRow).toEqual(records.map((item) => textHash(embeddingText(item))));
        expect(pool.exactDuplicates).toBe(records.length - hashes.length);
      }),
    );
  });
});

describe('ids', () => {
  it('come from the text where a record has none', async () => {
    const pool = await readRecords([{ instruction: 'abc' }]);
    expect(pool.instructions[0]!.id).toBe('it_ba7816bf8f01');
  });

  it('stay distinct when several files number their records from 0', async () => {
    const one = folder.write(
      'one.jsonl',
      jsonl([
        { id: 0, text: 'a' },
        { id: 1, text: 'b' },
      ]),
    );
    const two = folder.write(
      'two.jsonl',
      jsonl([
        { id: 0, text: 'c' },
        { id: 1, text: 'b' },
      ]),
    );
    const pool = await readPool([one, two]);
    expect(pool.instructions.map(({ id }) => id)).toEqual(['0', '1', `0#${textHash('c').slice(0, 8)}`]);
    expect(pool.repeatedIds).toBe(1);
    expect(pool.instructions.map(({ source }) => source)).toEqual([
      { file: one, line: 1 },
      { file: one, line: 2 },
      { file: two, line: 1 },
    ]);
  });

  it('stay distinct when a record already has the id that a repeated one would get', async () => {
    const taken = `a#${textHash('z').slice(0, 8)}`;
    const pool = await readRecords([
      { id: 'a', text: 'x' },
      { id: taken, text: 'y' },
      { id: 'a', text: 'z' },
    ]);
    expect(pool.instructions.map(({ id }) => id)).toEqual(['a', taken, `${taken}#${textHash('z').slice(0, 8)}`]);
    expect(pool.repeatedIds).toBe(1);
  });
});

it('reads the same pool from every format, gzipped or not', async () => {
  const rows = [
    { id: 'r1', instruction: 'Say "hi"', input: 'a,b\tc', topic: 't\n1' },
    { id: 'r2', instruction: 'é 😀', input: '', topic: '' },
  ];
  const table = (separator: string) =>
    [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row))]
      .map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(separator))
      .join('\n');
  const contents = {
    jsonl: jsonl(rows),
    ndjson: jsonl(rows),
    json: JSON.stringify(rows),
    csv: table(','),
    tsv: table('\t'),
  };
  for (const [extension, content] of Object.entries(contents)) {
    const plain = folder.write(`same.${extension}`, content);
    const packed = folder.write(`same.${extension.toUpperCase()}.gz`, gzipSync(content));
    for (const path of [plain, packed]) {
      const pool = await readPool([path]);
      expect(
        pool.instructions.map(({ id, instruction, input, meta, record }) => ({ id, instruction, input, meta, record })),
      ).toEqual([
        { id: 'r1', instruction: 'Say "hi"', input: 'a,b\tc', meta: { topic: 't\n1' }, record: rows[0] },
        { id: 'r2', instruction: 'é 😀', input: undefined, meta: { topic: '' }, record: rows[1] },
      ]);
    }
  }
});

describe('bad records', () => {
  const content = '{"text":"a"}\n{"text":\n{"text":" "}\n[1]\n{"src":1}\n{"text":7}\nx\n{"text":"b"}\n';

  it('stop the reading with file, line, cause and what to do', async () => {
    const path = folder.write('bad.jsonl', content);
    await expect(readPool([path])).rejects.toMatchObject({
      code: 'POOL',
      message: expect.stringMatching(/bad\.jsonl", line 2: it is not valid JSON \(.*\)\.$/),
      hint: 'Correct it, or leave out such records with skipBadLines.',
    });
    await expect(readText('{"text":" "}\n')).rejects.toThrow(
      'standard input, line 1: its instruction ("text") is empty.',
    );
    const table = folder.write('bad.csv', 'text,b\nx,1\ny\n');
    await expect(readPool([table])).rejects.toThrow('row 3: it has 1 column, but the header has 2.');
    const array = folder.write('bad.json', '[{"text":"a"},{"a":"b"}]');
    await expect(readPool([array])).rejects.toMatchObject({
      message: expect.stringContaining('record 2: it has no instruction'),
      hint: expect.stringContaining('fields.instruction'),
    });
  });

  it('are counted and the first five kept, when they are to be skipped', async () => {
    const pool = await readText(content, { skipBadLines: true });
    expect(pool.instructions.map(({ instruction }) => instruction)).toEqual(['a', 'b']);
    expect([...pool.positionOfRow]).toEqual([0, 1]);
    expect(pool.badRecordCount).toBe(6);
    expect(pool.badRecords.map(({ source }) => source.line)).toEqual([2, 3, 4, 5, 6]);
    expect(pool.badRecords[1]).toEqual({ source: { file: '-', line: 3 }, cause: 'its instruction ("text") is empty' });
  });

  it('do not excuse damage to a whole file', async () => {
    const cut = folder.write('cut.jsonl.gz', gzipSync('{"text":"a"}\n'.repeat(5000)).subarray(0, -12));
    await expect(readPool([cut], { skipBadLines: true })).rejects.toThrow('the file is truncated');
  });

  it('leave a pool without instructions, which is an error of its own', async () => {
    await expect(readText('x\ny\n', { skipBadLines: true })).rejects.toThrow(
      /^None of the 2 records in standard input can be used\. The first: standard input, line 1: it is not valid JSON/,
    );
    await expect(readText('\n\n')).rejects.toThrow('There are no records in standard input.');
  });

  it('say how to read another encoding where no record is UTF-8', async () => {
    const file = folder.write('cp1252.csv', Buffer.from('instruction\nWo ist die Gasse in K\xf6ln?\n', 'latin1'));
    await expect(readPool([file], { skipBadLines: true })).rejects.toMatchObject({
      message: expect.stringContaining('bytes that are not valid UTF-8'),
      hint: 'Convert the file to UTF-8, or name its encoding with encoding, for example windows-1252.',
    });
  });
});

describe('named fields', () => {
  it('may be missing from some records, but not from all', async () => {
    const records = [{ text: 'a', ctx: 'c' }, { text: 'b' }];
    const pool = await readRecords(records, { fields: { input: 'ctx' } });
    expect(pool.instructions.map(({ input }) => input)).toEqual(['c', undefined]);
    await expect(readRecords(records, { fields: { output: 'gold' } })).rejects.toMatchObject({
      code: 'POOL',
      message: 'No record has a field "gold".',
      hint: 'Correct fields.output. The fields that exist: text, ctx.',
    });
  });

  it('are looked for where they are, and by their usual names elsewhere, in files from other tools', async () => {
    const records = [{ title: 'a', instruction: 'not this' }, { instruction: 'b' }];
    const options = { fields: { instruction: 'title', id: 'key' }, fieldsOptional: true };
    const pool = await readRecords(records, options);
    expect(pool.instructions.map(({ instruction }) => instruction)).toEqual(['a', 'b']);
  });

  it('count as not given when they are undefined', async () => {
    const pool = await readRecords([{ text: 'a' }], { fields: { instruction: undefined, input: undefined } });
    expect(pool.instructions).toHaveLength(1);
  });

  it('are found missing even when all records are skipped for it', async () => {
    const reading = readRecords([{ text: 'a' }], { fields: { instruction: 'q' }, skipBadLines: true });
    await expect(reading).rejects.toMatchObject({
      message: 'No record has a field "q".',
      hint: expect.stringContaining('text'),
    });
  });
});

describe('sources', () => {
  it('must be given, and standard input only once', async () => {
    await expect(readPool([])).rejects.toMatchObject({ code: 'USAGE' });
    await expect(readPool(['-', '-'], { stdin: byteStream('') })).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('need a known extension, which is seen before anything is read', async () => {
    await expect(readPool([folder.file('missing.jsonl'), 'pool.xlsx'])).rejects.toMatchObject({
      code: 'POOL',
      message: 'The format of "pool.xlsx" is unknown: its extension is ".xlsx".',
      hint: expect.stringContaining('.jsonl, .ndjson, .json, .csv, .tsv, .parquet'),
    });
    await expect(readPool(['folder.d/pool'])).rejects.toThrow('its name has no extension');
  });
});

it('tells its progress', async () => {
  const events: ProgressEvent[] = [];
  const content = '{"text":"a"}\n'.repeat(12_000);
  await readText(content, { onProgress: (event) => events.push(event) });
  expect(events).toEqual([
    { phase: 'read', done: 5_000 },
    { phase: 'read', done: 10_000 },
    { phase: 'read', done: 12_000, total: 12_000 },
  ]);
});

it('stops between records when it is aborted', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const seen: number[] = [];
  const reading = readText('{"text":"a"}\n'.repeat(20_000), {
    signal: controller.signal,
    onProgress: ({ done }) => {
      seen.push(done);
      controller.abort(reason);
    },
  });
  await expect(reading).rejects.toBe(reason);
  expect(seen).toEqual([5_000]);
});

describe('sources of several kinds', () => {
  it('are files of a folder or a pattern, in the order of their names', async () => {
    mkdirSync(folder.file('logs/deep'), { recursive: true });
    folder.write('logs/b.jsonl', '{"q": "B"}\n');
    folder.write('logs/deep/c.jsonl', '{"q": "C"}\n');
    folder.write('logs/a.csv', 'q\nA\n');
    folder.write('logs/notes.bin', 'x');
    const logs = folder.file('logs');
    const read = async (path: string) => texts((await readPool([path], { fields: { instruction: 'q' } })).instructions);
    expect(await read(logs)).toEqual(['A', 'B', 'C']);
    expect(await read(join(logs, '*.jsonl'))).toEqual(['B']);
    await expect(read(join(logs, '*.tsv'))).rejects.toThrow('No file matches');
  });

  it('are each read with the options before their path', async () => {
    const csv = folder.write('faq.csv', 'frage,antwort\nWas?,Das.\n');
    const jsonl = folder.write('plain.jsonl', '{"instruction": "Why?"}\n');
    const pool = await readPool([`instruction=frage,output=antwort:${csv}`, jsonl]);
    expect(pool.instructions).toMatchObject([{ instruction: 'Was?', output: 'Das.' }, { instruction: 'Why?' }]);
  });

  it('may hold the text deep in a record', async () => {
    const record = { inputs: { question: 'Why?', parts: [{ text: 'First' }] }, id: 1 };
    const deep = (instruction: string) => readPool([[record]], { fields: { instruction } });
    expect((await deep('inputs.question')).instructions).toMatchObject([{ instruction: 'Why?', record }]);
    expect((await deep('inputs.parts.0.text')).instructions).toMatchObject([{ instruction: 'First' }]);
    await expect(deep('inputs.answer')).rejects.toThrow('no field "inputs.answer"');
  });

  it('are lines of a text file, or the file', async () => {
    const path = folder.write('tasks.txt', 'Name a sea.\n\nName a lake.\r\n');
    const md = folder.write('task.md', '# Task\n\nName a sea.\n');
    expect(texts((await readPool([path])).instructions)).toEqual(['Name a sea.', 'Name a lake.']);
    expect(texts((await readPool([path], { textItems: 'file' })).instructions)).toHaveLength(1);
    expect(texts((await readPool([md])).instructions)).toEqual(['# Task\n\nName a sea.']);
  });

  it('name a field for one role only', async () => {
    const fields = { instruction: 'q', output: 'q' };
    await expect(readPool([[{ q: 'a' }]], { fields })).rejects.toMatchObject({
      message: 'fields.instruction and fields.output both name "q".',
    });
  });

  it('may be JSON under the name of JSON Lines', async () => {
    const path = folder.write('indented.jsonl', '[\n {"instruction": "A"},\n {"instruction": "B",}\n]\n');
    const pool = await readPool([path]);
    expect(texts(pool.instructions)).toEqual(['A', 'B']);
    expect(pool.readings[0]!.tolerated).toEqual([
      'JSON that is not one value a line was read',
      'trailing commas, comments or quotes that JSON does not have were read',
    ]);
  });
});
