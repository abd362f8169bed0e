import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLabelFile } from '../../src/labels/read-label-file.ts';

const failure = (content: string, name: string): unknown => {
  try {
    return readLabelFile(content, name);
  } catch (error) {
    return error;
  }
};
const values = (content: string, name = 'labels') => readLabelFile(content, name).records.map(({ value }) => value);

describe('JSON', () => {
  it.each([
    ['an array', '[{"id":1},{"id":2}]'],
    ['an array after a byte order mark and blank lines', '\ufeff\r\n\n[{"id":1},{"id":2}]\r\n'],
    ['the one array of an object', '{"total":2,"items":[{"id":1},{"id":2}]}'],
    ['the array of an object that is called like a field', '{"data":[{"id":1},{"id":2}]}'],
  ])('is recognized by its content, not its name: %s', (_, content) => {
    for (const name of ['labels.json', 'labels.jsonl', 'labels.txt', 'labels']) {
      if (name === 'labels.jsonl' && content.startsWith('{')) continue;
      expect(readLabelFile(content, name)).toEqual({
        format: 'json',
        records: [
          { place: 'record 1', value: { id: 1 } },
          { place: 'record 2', value: { id: 2 } },
        ],
        unreadable: [],
      });
    }
  });

  it.each([
    '{"id":1,"label":["a"]}',
    '{"id":1,"annotations":[{"id":2}]}',
    '{"text":"x","spans":[]}',
    '{"a":[{}],"b":[{}]}',
    '{"words":["a","b"]}',
  ])('is one record where it is not a list of them: %s', (content) => {
    expect(values(content)).toEqual([JSON.parse(content)]);
    expect(readLabelFile(content, 'a.jsonl')).toMatchObject({ format: 'jsonl', records: [{ place: 'line 1' }] });
  });

  it('that ends too early cannot be read', () => {
    expect(failure('[\n{"id": 1},\n{"id": 2', 'a.json')).toMatchObject({
      code: 'LABELS_FAILED',
      message: expect.stringContaining('"a.json" is neither JSON nor JSON Lines: line 1: it is not valid JSON: "["'),
      hint: 'Check that the export is complete.',
    });
  });
});

describe('JSON Lines', () => {
  it('may have blank lines, CRLF and a byte order mark, and says which line cannot be read', () => {
    const content = '\ufeff{"id":1}\r\n\r\n{"id":2}\r\n5\r\n[1]\r\nnonsense\r\n{"id":3}\n{"id":4,"respo';
    expect(readLabelFile(content, 'a.txt')).toEqual({
      format: 'jsonl',
      records: [
        { place: 'line 1', value: { id: 1 } },
        { place: 'line 3', value: { id: 2 } },
        { place: 'line 7', value: { id: 3 } },
      ],
      unreadable: [
        { place: 'line 4', cause: 'it is 5, not an object' },
        { place: 'line 5', cause: 'it is [1], not an object' },
        { place: 'line 6', cause: 'it is not valid JSON: "nonsense"' },
        { place: 'line 8', cause: 'it is not valid JSON: "{\\"id\\":4,\\"respo"' },
      ],
    });
  });

  it('is recognized by the file name when the first line is damaged, and the error quotes little of it', () => {
    const content = `${'x'.repeat(10_000)}\n{"id":1}\n`;
    const { format, unreadable, records } = readLabelFile(content, 'a.jsonl');
    expect([format, records.length]).toEqual(['jsonl', 1]);
    expect(unreadable[0]!.cause.length).toBeLessThan(120);
  });

  it('keeps line separators inside texts, NULs, lone surrogates and __proto__', () => {
    const line = '{"id":"a\u2028b\\u0000c\\ud800","__proto__":{"polluted":true}}';
    const [value] = values(`${line}\n`) as [Record<string, unknown>];
    expect(value.id).toBe('a\u2028b\0c\ud800');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('a table', () => {
  it.each([
    ['commas', 'a.csv', 'id,response\n'],
    ['tabs, by its name', 'a.tsv', 'id,x\tresponse\n'],
    ['tabs', 'a.txt', 'id\tresponse\n'],
    ['semicolons', 'a.csv', 'id;response\n'],
  ])('is read with %s', (_, name, header) => {
    const delimiter = /[\t;]/.exec(header)?.[0] ?? ',';
    const { format, records } = readLabelFile(`${header}1${delimiter}a b\n`, name);
    expect(format).toBe('csv');
    expect(Object.values(records[0]!.value as object)).toEqual(['1', 'a b']);
  });

  it('numbers its rows as a spreadsheet does, and ignores empty rows', () => {
    const content = '\ufeffid,response\r\n1,"two\r\nlines"\r\n\r\n,\r\n2,"a ""b"", c",,\r\n';
    expect(readLabelFile(content, 'a.csv')).toEqual({
      format: 'csv',
      records: [
        { place: 'row 2', value: { id: '1', response: 'two\r\nlines' } },
        { place: 'row 5', value: { id: '2', response: 'a "b", c' } },
      ],
      unreadable: [],
      delimiter: ',',
    });
  });

  it('keeps a quote inside a cell of a tab-separated table', () => {
    expect(values('id\tresponse\n1\t5" pipe\n', 'a.tsv')).toEqual([{ id: '1', response: '5" pipe' }]);
  });

  it('reports which rows do not fit the header', () => {
    const { records, unreadable } = readLabelFile('id,response\n1,a,b\n2,b\n3\n4,d', 'a.csv');
    expect(records.map(({ place }) => place)).toEqual(['row 3', 'row 5']);
    expect(unreadable).toEqual([
      { place: 'row 2', cause: 'it has 3 columns, but the header has 2' },
      { place: 'row 4', cause: 'it has 1 column, but the header has 2' },
    ]);
  });

  it('most of whose rows do not fit the header is refused: the others may be shifted', () => {
    // The header lost a comma, and so did the last row.
    expect(failure('id,prompt response\n1,a,b\n2,c,d\n3,e f', 'a.csv')).toMatchObject({
      message: '2 of the 3 rows of "a.csv" do not fit its header (row 2: it has 3 columns, but the header has 2).',
      hint: expect.stringContaining('the header names every column'),
    });
  });

  it.each([
    ['that is cut inside a cell', 'id,response\n1,a\n2,"half an ans', 'a quote is never closed'],
    ['with a stray quote', 'id,response\n1,a\n2,b"c\n3,d\n', 'the quoting of its cells is broken'],
  ])('%s is read as far as its rows can be separated', (_, content, cause) => {
    const { records, unreadable } = readLabelFile(content, 'a.csv');
    expect(records).toEqual([{ place: 'row 2', value: { id: '1', response: 'a' } }]);
    expect(unreadable).toEqual([{ place: 'from row 3 on', cause: expect.stringContaining(cause) }]);
  });

  it('reads only the first of two columns with the same name, and reports it', () => {
    const { records, unreadable } = readLabelFile('id, id ,,\n1,2,3,4\n', 'a.csv');
    expect(records[0]!.value).toEqual({ id: '1' });
    expect(unreadable).toEqual([{ place: 'row 1', cause: 'the column "id" is there twice; the first is read' }]);
  });

  it('whose header is broken cannot be read', () => {
    expect(failure('id,"response\n1,a\n', 'a.csv')).toMatchObject({
      code: 'LABELS_FAILED',
      message: expect.stringContaining('"a.csv" is not a valid table'),
    });
  });

  it('with only a header has no records', () => {
    expect(values('id,response\n', 'a.csv')).toEqual([]);
  });

  it('returns every cell unchanged', () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'é', '😀', ',', ';', '"', '\n', '\r', '\0', '\u2028', '\ufeff'),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell)), (rows) => {
        const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const content = ['id,b', ...rows.map((row) => row.map(quote).join(','))].join('\n');
        const told = rows.filter((row) => row.some((text) => text.trim() !== ''));
        expect(values(content, 'a.csv')).toEqual(told.map(([id, b]) => ({ id, b })));
      }),
    );
  });
});

describe('a file that is none of these', () => {
  it.each(['', '\ufeff', ' \r\n\t\n'])('is empty: %j', (content) => {
    expect(failure(content, 'a.json')).toMatchObject({ code: 'LABELS_FAILED', message: '"a.json" is empty.' });
  });

  it.each([
    ['a spreadsheet', 'PK\u0003\u0004\u0014\0\u0006\0'],
    ['a compressed file', '\u001f\ufffd\b\0\0'],
    ['UTF-16', '\ufffd\ufffdi\0d\0,\0\n\0'],
    ['Parquet', 'PAR1\u0015\u0004\u0015'],
  ])('is binary: %s', (_, content) => {
    expect(failure(content, 'a.csv')).toMatchObject({
      code: 'LABELS_FAILED',
      message: '"a.csv" is not a text file.',
      hint: expect.stringContaining('save a spreadsheet as CSV'),
    });
  });
});

describe('JSON as programs write it', () => {
  const values = (text: string, name: string) => readLabelFile(text, name).records.map(({ value }) => value);

  it('may have NaN, a comma too many, or values one after another', () => {
    expect(values('{"id":"a","seconds":NaN}\n{"id":"b"}\n', 'a.jsonl')).toEqual([
      { id: 'a', seconds: null },
      { id: 'b' },
    ]);
    expect(values('[{"id":"a","seconds":NaN},]', 'a.json')).toEqual([{ id: 'a', seconds: null }]);
    expect(values('{\n "id": "a"\n}\n{\n "id": "b",\n "x": {"id": "c"}\n}', 'a.json')).toEqual([
      { id: 'a' },
      { id: 'b', x: { id: 'c' } },
    ]);
  });

  it('keeps all digits of long ids', () => {
    expect(values('[{"id":12345678901234567891}]', 'a.json')).toEqual([{ id: '12345678901234567891' }]);
    expect(values('{"id":12345678901234567891}\n{"id":1}', 'a.jsonl')).toEqual([
      { id: '12345678901234567891' },
      { id: 1 },
    ]);
  });
});

describe('tables of spreadsheets', () => {
  const rows = (text: string, name: string) => readLabelFile(text, name).records.map(({ value }) => value);

  it('may begin with the line that names their delimiter', () => {
    expect(rows('sep=;\r\nid;response\r\na;x, y\r\n', 'a.csv')).toEqual([{ id: 'a', response: 'x, y' }]);
  });

  it('may have quotes that enclose nothing, between tabs', () => {
    expect(rows('id\tresponse\na\t"x\nb\ty\n', 'a.tsv')).toEqual([
      { id: 'a', response: '"x' },
      { id: 'b', response: 'y' },
    ]);
  });
});
