import { writeFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { CompressionCodec, SchemaElement } from 'hyparquet';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { expect, it } from 'vitest';
import { readParquet } from '../../src/records/parquet.ts';
import { collect } from '../support/byte-stream.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

function write(name: string, columnData: ColumnSource[], more: object = {}): string {
  return folder.write(name, new Uint8Array(parquetWriteBuffer({ columnData, ...more })));
}

async function readValues(path: string): Promise<unknown[]> {
  return (await collect(readParquet(path))).map((record) => ('value' in record ? record.value : record.cause));
}

/** A Zstandard frame of uncompressed blocks: enough to see that such pages are decoded. */
function storeAsZstd(content: Uint8Array): Uint8Array {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0]);
  header.writeUInt32LE(content.length, 5);
  const blockHeader = Buffer.alloc(3);
  blockHeader.writeUIntLE((content.length << 3) | 1, 0, 3);
  return Buffer.concat([header, blockHeader, content]);
}

it.each<CompressionCodec>(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI', 'ZSTD'])('reads %s pages', async (codec) => {
  const texts = Array.from({ length: 300 }, (_, row) => `instruction number ${row} 😀`);
  const path = write('codec.parquet', [{ name: 'text', data: texts, type: 'STRING' }], {
    codec,
    compressors: { GZIP: gzipSync, BROTLI: brotliCompressSync, ZSTD: storeAsZstd },
  });
  expect(await readValues(path)).toEqual(texts.map((text) => ({ text })));
});

it('numbers rows from 1 across row groups', async () => {
  const data = Array.from({ length: 25 }, (_, row) => `t${row}`);
  const path = write('groups.parquet', [{ name: 'text', data, type: 'STRING' }], { rowGroupSize: 10 });
  const records = await collect(readParquet(path));
  expect(records).toEqual(data.map((text, row) => ({ line: row + 1, value: { text } })));
});

it('reads a file that is gzipped as a whole', async () => {
  const path = write('whole.parquet', [{ name: 'text', data: ['a', 'b'], type: 'STRING' }]);
  const content = new Uint8Array(
    parquetWriteBuffer({ columnData: [{ name: 'text', data: ['a', 'b'], type: 'STRING' }] }),
  );
  writeFileSync(`${path}.gz`, gzipSync(content));
  expect(await readValues(`${path}.gz`)).toEqual([{ text: 'a' }, { text: 'b' }]);
});

it('turns every value into what JSON can hold', async () => {
  const path = write('types.parquet', [
    { name: 'safe', data: [1n, null], type: 'INT64' },
    { name: 'huge', data: [2n ** 60n, null], type: 'INT64' },
    { name: 'when', data: [new Date('2024-05-06T07:08:09.010Z'), null], type: 'TIMESTAMP' },
    { name: 'real', data: [Number.NaN, Number.NEGATIVE_INFINITY], type: 'DOUBLE' },
    { name: 'flag', data: [true, null], type: 'BOOLEAN' },
    { name: 'nested', data: [{ a: [1, { b: null }] }, [2]], type: 'JSON' },
    { name: 'bytes', data: [Buffer.from('text é'), Buffer.from([0xff, 0x00])], type: 'BYTE_ARRAY' },
    { name: 'mark', data: ['\ufeffkept', ''], type: 'STRING' },
    { name: '__proto__', data: ['x', null], type: 'STRING' },
  ]);
  const [first, second] = (await readValues(path)) as [object, object];
  expect(Object.entries(first)).toEqual([
    ['safe', 1],
    ['huge', '1152921504606846976'],
    ['when', '2024-05-06T07:08:09.010Z'],
    ['real', null],
    ['flag', true],
    ['nested', { a: [1, { b: null }] }],
    ['bytes', 'text é'],
    ['mark', '\ufeffkept'],
    ['__proto__', 'x'],
  ]);
  expect(Object.values(second)).toEqual([null, null, null, '-Infinity', null, [2], '/wA=', '', null]);
});

it('reads lists of structs, as chat data sets have them', async () => {
  const optional = { repetition_type: 'OPTIONAL' } as const;
  const schema: SchemaElement[] = [
    { name: 'root', num_children: 1 },
    { name: 'messages', num_children: 1, converted_type: 'LIST', ...optional },
    { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
    { name: 'element', num_children: 2, ...optional },
    { name: 'role', type: 'BYTE_ARRAY', converted_type: 'UTF8', ...optional },
    { name: 'content', type: 'BYTE_ARRAY', converted_type: 'UTF8', ...optional },
  ];
  const messages = [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello' },
  ];
  const path = write('chat.parquet', [{ name: 'messages', data: [messages] }], { schema });
  expect(await readValues(path)).toEqual([{ messages }]);
});

it('calls a row bad, not the file, when a declared text is not UTF-8', async () => {
  const schema: SchemaElement[] = [
    { name: 'root', num_children: 1 },
    { name: 'text', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  ];
  const path = write('invalid.parquet', [{ name: 'text', data: ['good', Buffer.from([0xc3, 0x28])] }], { schema });
  expect(await readValues(path)).toEqual([{ text: 'good' }, 'its column "text" holds bytes that are not valid UTF-8']);
});

it.each([
  ['empty', 0],
  ['cut', 60],
])('refuses a file that is %s', async (_, length) => {
  const content = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'text', data: ['a'], type: 'STRING' }] }));
  const path = folder.write('damaged.parquet', content.subarray(0, length));
  await expect(readValues(path)).rejects.toMatchObject({ code: 'POOL', message: expect.stringContaining(path) });
});

it('says so when the file is missing', async () => {
  await expect(readValues(folder.file('none.parquet'))).rejects.toThrow('There is no file');
});
