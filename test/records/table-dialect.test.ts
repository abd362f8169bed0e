import { describe, expect, it } from 'vitest';
import { readDelimited } from '../../src/records/delimited.ts';
import { byteStream, collect } from '../support/byte-stream.ts';

async function read(content: string, usual: ',' | '\t' = ',') {
  const tolerated: string[] = [];
  const rows = await collect(readDelimited('a', byteStream(content, 7), usual, (what) => tolerated.push(what)));
  return { rows: rows.map((row) => ('value' in row ? row.value : row)), tolerated };
}

describe('the delimiter of a table', () => {
  it.each([
    [';', 'semicolons'],
    ['\t', 'tabs'],
    ['|', 'bars'],
  ])('may be %j under the name of CSV', async (delimiter, name) => {
    const lines = [
      ['id', 'q', 'a'],
      ['1', 'Donau, Elbe, Rhein', 'x'],
    ];
    const content = lines.map((cells) => `${cells.join(delimiter)}\n`).join('');
    expect(await read(content)).toEqual({
      rows: [{ id: '1', q: 'Donau, Elbe, Rhein', a: 'x' }],
      tolerated: [`its cells are separated by ${name}`],
    });
  });

  it('may be a comma under the name of TSV', async () => {
    expect((await read('id,q\n1,x\n', '\t')).rows).toEqual([{ id: '1', q: 'x' }]);
  });

  it('may be named by a line of its own, as Excel writes it', async () => {
    expect((await read('sep=;\r\nid;q\r\n1;x\r\n')).rows).toEqual([{ id: '1', q: 'x' }]);
  });

  it('is the usual one where the others only stand in texts', async () => {
    expect(await read('question; or task\n"a; b; c"\nd\n')).toEqual({
      rows: [{ 'question; or task': 'a; b; c' }, { 'question; or task': 'd' }],
      tolerated: [],
    });
  });
});

it('leaves out a header that is repeated in the middle', async () => {
  expect((await read('q,a\n1,2\nq,a\n3,4\n')).rows).toEqual([
    { q: '1', a: '2' },
    { line: 3, cause: 'it repeats the header', isNothing: true },
    { q: '3', a: '4' },
  ]);
});

describe('quotes between tabs', () => {
  const texts = async (content: string) => (await read(content, '\t')).rows.map((row) => Object.values(row as object));

  it('are characters where a cell is not quoted as a whole', async () => {
    const rows = [
      'What is 1?\t2',
      '"Go on from here\tNevermore',
      'What is 2?\t4',
      '"Hope" is what?\tDickinson',
      'x\t"y',
    ];
    expect(await texts(`q\ta\n${rows.join('\n')}\n`)).toEqual(rows.map((row) => row.split('\t')));
  });

  it('do not glue rows that are whole by themselves', async () => {
    expect(await texts('q\ta\n"b\t1\nc"\t2\n')).toEqual([
      ['"b', '1'],
      ['c"', '2'],
    ]);
  });

  it('enclose a cell with tabs, line ends and doubled quotes', async () => {
    expect(await texts('q\ta\r\n"one ""two""\tthree"\t"1\n2"\r\nx\ty')).toEqual([
      ['one "two"\tthree', '1\n2'],
      ['x', 'y'],
    ]);
  });
});
