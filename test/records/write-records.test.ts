import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { PassThrough, Writable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { type FileMetaData, parquetMetadata, parquetSchema } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/instruction.ts';
import { readPool } from '../../src/records/read-pool.ts';
import { writeFileAtomically } from '../../src/records/write-file-atomically.ts';
import { checkOutput, writeRecords } from '../../src/records/write-records.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const RECORDS: readonly JsonObject[] = [
  { id: 'a', text: 'one', winnow: { rank: 1, score: 0.5, query: { id: 3 } } },
  { id: 'b', text: 'two,\n"2"', tags: ['x'], n: null },
];

async function written(name: string, records: readonly JsonObject[] = RECORDS): Promise<Buffer> {
  const path = folder.file(name);
  await writeRecords(records, path);
  return readFileSync(path);
}

describe('formats', () => {
  it('are JSON Lines by .jsonl, with the separators escaped that some readers take for line ends', async () => {
    const content = await written('a.jsonl', [{ text: 'a\u2028b\u2029c' }, { text: 'd' }]);
    expect(content.toString()).toBe('{"text":"a\\u2028b\\u2029c"}\n{"text":"d"}\n');
  });

  it('are one indented array by .json', async () => {
    const content = (await written('a.json')).toString();
    expect(JSON.parse(content)).toEqual(RECORDS);
    expect(content).toBe(`${JSON.stringify(RECORDS, null, 2)}\n`);
  });

  it('are tables by .csv and .tsv, with winnow spread to columns in its place', async () => {
    const table = 'id,text,winnow_rank,winnow_score,winnow_query,tags,n\na,one,1,0.5,"{""id"":3}",,\n';
    expect((await written('a.csv')).toString()).toBe(`${table}b,"two,\n""2""",,,,"[""x""]",\n`);
    expect((await written('a.tsv', [{ a: 'x\ty', b: 'p,q', c: '' }])).toString()).toBe('a\tb\tc\n"x\ty"\tp,q\t""\n');
  });

  it.each(['csv', 'tsv'])(
    'protect %s cells and names that a spreadsheet would run, and say where',
    async (extension) => {
      const records = [
        { '@name': '=1+1', n: -1, list: ['=1'] },
        { '@name': "'=x", n: 2, list: null },
        { '@name': '-12.5e3', n: 3, list: null },
      ];
      const table = (await written(`formula.${extension}`, records)).toString().replaceAll('\t', ',');
      expect(table).toBe(
        ["'@name,n,list,winnow_protected", `'=1+1,-1,"[""=1""]",true`, "''=x,2,,true", '-12.5e3,3,,false', ''].join(
          '\n',
        ),
      );
    },
  );

  it('protect cells whose formula stands behind spaces and invisible characters, and read them back exactly', async () => {
    const formulas = [
      ' =1+1',
      '\u00a0=1',
      '\ufeff=1',
      '\u200b@x',
      '\u000b+1x',
      '\u0000-1x',
      ' \n \u2028＝1',
      "' =1",
      '\t1',
      ' x',
    ];
    const path = folder.file('hidden.csv');
    await writeRecords(
      formulas.map((instruction, id) => ({ id: String(id), instruction })),
      path,
    );
    const cells = parse(readFileSync(path), { columns: true }) as { instruction: string }[];
    expect(cells.map(({ instruction }) => instruction)).toEqual([
      ...formulas.slice(0, -1).map((formula) => `'${formula}`),
      ' x',
    ]);
    const { instructions } = await readPool([path]);
    expect(instructions.map(({ record }) => record.instruction)).toEqual(formulas);
  });

  it('leave cells as they are where that is asked for, or where nothing needs protection', async () => {
    const path = folder.file('raw.csv');
    await writeRecords([{ text: '=1+1' }], path, { rawCells: true });
    expect(readFileSync(path, 'utf8')).toBe('text\n=1+1\n');
    expect((await written('harmless.csv', [{ text: 'a=b', n: -1 }])).toString()).toBe('text,n\na=b,-1\n');
  });

  it('have no more columns than a table can have', async () => {
    const records = Array.from({ length: 20_000 }, (_, row) => ({ [`field-${row}`]: row }));
    await expect(written('wide.csv', records)).rejects.toMatchObject({
      code: 'OUTPUT',
      message: 'The records have more different fields than a table can have columns (16,384).',
    });
  });

  it.each(['csv', 'tsv.gz', 'parquet'])(
    'have their columns counted while the records are read, as %s',
    async (ending) => {
      const check = await checkOutput(folder.file(`wide.${ending}`));
      for (let row = 0; row < 16_000; row += 1) check({ [`field-${row}`]: row, text: 'same' });
      const more = () => {
        for (let row = 16_000; row < 17_000; row += 1) check({ [`field-${row}`]: row });
      };
      expect(more).toThrow('more different fields than a table can have columns (16,384)');
    },
  );

  it('have no limit of fields as JSONL', async () => {
    const check = await checkOutput(folder.file('wide.jsonl'));
    for (let row = 0; row < 20_000; row += 1) check({ [`field-${row}`]: row });
  });

  it('are compressed by .gz, the same bytes every time', async () => {
    const once = await written('a.jsonl.gz');
    expect(gunzipSync(once)).toEqual(await written('a.jsonl'));
    expect(await written('b.JSONL.GZ')).toEqual(once);
  });

  it('are refused, before anything is touched, where the extension is unknown', async () => {
    for (const name of ['a.txt', 'a', 'a.gz', 'jsonl', 'a.parquet.gz']) {
      await expect(writeRecords(RECORDS, folder.file(name))).rejects.toMatchObject({ code: 'USAGE' });
      await expect(checkOutput(folder.file(name))).rejects.toMatchObject({ code: 'USAGE' });
    }
    await expect(writeRecords(RECORDS, 'a.xlsx')).rejects.toMatchObject({
      message: 'The format to write "a.xlsx" in is unknown.',
      hint: expect.stringContaining('.jsonl, .ndjson, .json, .csv, .tsv, .parquet'),
    });
  });

  it.each(['jsonl', 'json', 'csv', 'parquet', 'csv.gz'])('can hold no records at all: %s', async (extension) => {
    await writeRecords([], folder.file(`none.${extension}`));
    expect(statSync(folder.file(`none.${extension}`)).isFile()).toBe(true);
  });
});

it('of several that write a new file at once, one succeeds', async () => {
  const path = folder.file('once');
  const writes = await Promise.allSettled(
    ['a', 'b', 'c'].map((text) => writeFileAtomically(path, text, { mustBeNew: true, isPrivate: true })),
  );
  expect(writes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(readFileSync(path, 'utf8')).toBe('abc'[writes.findIndex(({ status }) => status === 'fulfilled')]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder.path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

it('lets the new choice take the columns of an earlier one', async () => {
  const record = { text: 'a', winnow_rank: '9', winnow_old: 'kept', winnow: { rank: 1 } };
  expect((await written('again.csv', [record])).toString()).toBe('text,winnow_old,winnow_rank\na,kept,1\n');
});

it('types Parquet columns by all of their values', async () => {
  const records: JsonObject[] = [
    { s: 'a', b: true, i: 1, l: 2 ** 40, d: 1, m: 1, o: { x: 1 }, z: null },
    { s: null, b: false, i: -2, l: 3, d: 0.5, m: 'x', o: null },
  ];
  const content = await written('types.parquet', records);
  const bytes = new Uint8Array(content);
  const metadata: FileMetaData = parquetMetadata(bytes.buffer);
  const types = parquetSchema(metadata).children.map(({ element }) => [
    element.name,
    element.logical_type?.type ?? element.type,
    element.repetition_type,
  ]);
  expect(types).toEqual([
    ['s', 'STRING', 'OPTIONAL'],
    ['b', 'BOOLEAN', 'OPTIONAL'],
    ['i', 'INT32', 'OPTIONAL'],
    ['l', 'INT64', 'OPTIONAL'],
    ['d', 'DOUBLE', 'OPTIONAL'],
    ['m', 'JSON', 'OPTIONAL'],
    ['o', 'JSON', 'OPTIONAL'],
    ['z', 'STRING', 'OPTIONAL'],
  ]);
});

describe('files', () => {
  /** A record that fails while it is written, after others went through. */
  const failing = (): JsonObject => {
    const record = { text: 'x'.repeat(100_000) };
    Object.defineProperty(record, 'late', {
      enumerable: true,
      get: () => {
        throw new RangeError('cannot be read');
      },
    });
    return record;
  };

  it.each(['jsonl', 'json.gz', 'csv', 'parquet'])(
    'keep their old content when writing fails: %s',
    async (extension) => {
      const inside = folder.file(`failing-${extension}`);
      mkdirSync(inside);
      const path = `${inside}/out.${extension}`;
      writeFileSync(path, 'old');
      const filler = Array.from({ length: 5 }, () => ({ text: 'y'.repeat(50_000) }));
      await expect(writeRecords([...filler, failing()], path)).rejects.toThrow('cannot be read');
      expect(readdirSync(inside)).toEqual([`out.${extension}`]);
      expect(readFileSync(path, 'utf8')).toBe('old');
    },
  );

  it('replace an old one, follow links to it and keep its permissions', async () => {
    const path = folder.write('target.jsonl', 'a longer old content');
    chmodSync(path, 0o664);
    const link = folder.file('link.jsonl');
    symlinkSync(path, link);
    await writeRecords([{ a: 1 }], link);
    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n');
    expect(statSync(path).mode & 0o777).toBe(0o664);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  it('need their folder, which is not made for a mistyped path', async () => {
    const path = folder.file('missing/out.jsonl');
    const error = {
      code: 'OUTPUT',
      message: `"${path}" cannot be written: there is no folder "${folder.file('missing')}".`,
      hint: expect.stringContaining('Create the folder'),
    };
    await expect(writeRecords(RECORDS, path)).rejects.toMatchObject(error);
    await expect(checkOutput(path)).rejects.toMatchObject(error);
  });

  it('cannot be put where a folder is, or below a file', async () => {
    mkdirSync(folder.file('folder.jsonl'));
    await expect(checkOutput(folder.file('folder.jsonl'))).rejects.toThrow('it is a folder');
    folder.write('file', '');
    await expect(checkOutput(folder.file('file/out.jsonl'))).rejects.toMatchObject({ code: 'OUTPUT' });
    rmSync(folder.file('folder.jsonl'), { recursive: true });
    await expect(checkOutput(folder.file('folder.jsonl'))).resolves.toBeTypeOf('function');
  });
});

describe('streams', () => {
  it('get JSON Lines at their own pace and stay open', async () => {
    const chunks: Buffer[] = [];
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk: Buffer, _, done) {
        chunks.push(chunk);
        setImmediate(done);
      },
    });
    const records = Array.from({ length: 2_000 }, (_, row) => ({ row, text: 'z'.repeat(100) }));
    await writeRecords(records, slow);
    const lines = Buffer.concat(chunks).toString().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(records);
    expect(chunks.length).toBeGreaterThan(1);
    expect(slow.writable).toBe(true);
    expect(slow.listenerCount('error')).toBe(0);
  });

  it('report that their reader went away', async () => {
    const closed = new PassThrough();
    closed.destroy(new Error('EPIPE'));
    closed.on('error', () => {});
    await expect(writeRecords(RECORDS, closed)).rejects.toThrow();
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('broken pipe')) });
    await expect(writeRecords(RECORDS, broken)).rejects.toThrow('broken pipe');
  });
});
