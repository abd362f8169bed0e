import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readDelimited } from '../../src/records/delimited.ts';
import { encodeDelimited } from '../../src/records/encode-delimited.ts';
import { byteStream, collect } from '../support/byte-stream.ts';

const readCsv = (content: string | Buffer, ...sizes: number[]) =>
  collect(readDelimited('a.csv', byteStream(content, ...sizes), ','));
const readTsv = (content: string) => collect(readDelimited('a.tsv', byteStream(content), '\t'));

it('reads rows by the header, which is row 1', async () => {
  expect(await readCsv('id,text\n1,"a ""b"", c"\n2,"two\nlines"\n')).toEqual([
    { line: 2, value: { id: '1', text: 'a "b", c' } },
    { line: 3, value: { id: '2', text: 'two\nlines' } },
  ]);
});

it.each(['\n', '\r\n', '\r'])('takes %j for the end of a line, and leaves it alone inside quotes', async (lineEnd) => {
  const rows = ['a,b', '1,2', `"x${lineEnd}y",3`, '', '  ', '4,5', ''].join(lineEnd);
  expect(await readCsv(rows)).toEqual([
    { line: 2, value: { a: '1', b: '2' } },
    { line: 3, value: { a: `x${lineEnd}y`, b: '3' } },
    { line: 4, value: { a: '4', b: '5' } },
  ]);
});

it('gives the same rows however the bytes are cut into chunks', async () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', 'é', '😀', ',', '"', '\n', '\r', '\0', ' ', '\u2028', '\ufeff'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell)), fc.integer({ min: 1, max: 9 }), async (rows, size) => {
      const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const content = ['a,b', ...rows.map((row) => row.map(quote).join(','))].join('\n');
      const expected = rows.map(([a, b], index) => ({ line: index + 2, value: { a, b } }));
      expect(await readCsv(content, size)).toEqual(expected);
    }),
  );
});

it('refuses a table at its end when most rows do not fit the header: the others may be shifted', async () => {
  // The header lost a comma, and so did the last row.
  await expect(readCsv('id,prompt response\n1,a,b\n2,c,d\n3,e f\n')).rejects.toMatchObject({
    message: '2 of the 3 rows of "a.csv" do not fit its header of 2 columns.',
    hint: expect.stringContaining('the header names every column'),
  });
});

it('says which row has too many or too few columns, and goes on', async () => {
  expect(await readCsv('a,b\n1,2,3\n4\n5,6\n7,8\n')).toEqual([
    { line: 2, cause: 'it has 3 columns, but the header has 2' },
    { line: 3, cause: 'it has 1 column, but the header has 2' },
    { line: 4, value: { a: '5', b: '6' } },
    { line: 5, value: { a: '7', b: '8' } },
  ]);
});

it('says which row is not UTF-8 instead of putting replacement characters in', async () => {
  const content = Buffer.concat([Buffer.from('a,b\n'), Buffer.from([0xc3, 0x28]), Buffer.from(',x\ny,\ufffd\n')]);
  expect(await readCsv(content)).toEqual([
    { line: 2, cause: 'it holds bytes that are not valid UTF-8' },
    { line: 3, value: { a: 'y', b: '\ufffd' } },
  ]);
});

it.each(['a,b\n"x"y,2\n', 'a,b\nx"y,2\n', 'a,b\n1,"never closed\n3,4\n'])(
  'stops where the quoting is broken, since it is unclear where rows end from there on: %j',
  async (content) => {
    await expect(readCsv(content)).rejects.toMatchObject({
      code: 'POOL',
      message: expect.stringMatching(/^"a\.csv" is not a valid table: .*line \d/),
    });
  },
);

it('takes a quote inside a TSV cell for what it is', async () => {
  expect(await readTsv('a\tb\n"Hi" she said\t5" pipe\n"quoted\tcell"\t2\n')).toEqual([
    { line: 2, value: { a: '"Hi" she said', b: '5" pipe' } },
    { line: 3, value: { a: 'quoted\tcell', b: '2' } },
  ]);
});

it('refuses a header that names a column twice', async () => {
  await expect(readCsv('a,b,a\n1,2,3\n')).rejects.toThrow('names the column "a" twice');
});

it('lets a column be called __proto__', async () => {
  const [row] = await readCsv('__proto__,text\nx,y\n');
  expect(Object.entries((row as { value: object }).value)).toEqual([
    ['__proto__', 'x'],
    ['text', 'y'],
  ]);
});

it('leaves out a header that is repeated, also in other letters', async () => {
  expect(await readCsv('id,Text\n1,x\nID, text \n2,y\n')).toEqual([
    { line: 2, value: { id: '1', Text: 'x' } },
    { line: 3, cause: 'it repeats the header', isNothing: true },
    { line: 4, value: { id: '2', Text: 'y' } },
  ]);
});

it('reads empty columns beside a table as nothing, and names those that hold a text', async () => {
  expect(await readCsv('id,text,,\n1,x,,\n2,y,,note\n')).toEqual([
    { line: 2, value: { id: '1', text: 'x' } },
    { line: 3, value: { id: '2', text: 'y', 'column 4': 'note' } },
  ]);
});

it('trusts quotes below a header of quoted names, as winnow writes it where a text has lines', async () => {
  const body = '"x\ty\nz"\t1\n';
  const rows = async (header: string) =>
    (await readTsv(`${header}\n${body}`)).map((row) => 'value' in row && row.value);
  // Three cells a line, and a header of two: only quotes can make rows of it.
  expect(await rows('"a"\t"b"')).toEqual([{ a: 'x\ty\nz', b: '1' }]);
  const wide = '"p\tq\nr"\ts\n';
  expect((await readTsv(`"a"\t"b"\n${wide}`)).map((row) => 'value' in row && row.value)).toEqual([
    { a: 'p\tq\nr', b: 's' },
  ]);
  const records = [
    { a: '"p', b: 'q\nr"', c: 'line\nend\tx' },
    { a: '"', b: '"\n"', c: '' },
  ];
  const written = await collect(encodeDelimited(records, '\t'));
  const text = Buffer.concat(written).toString();
  expect(text.startsWith('"a"\t"b"\t"c"\n')).toBe(true);
  expect((await readTsv(text)).map((row) => 'value' in row && row.value)).toEqual(records);
});
