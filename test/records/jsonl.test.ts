import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readJsonl } from '../../src/records/jsonl.ts';
import { byteStream, collect } from '../support/byte-stream.ts';

const read = async (content: string | Buffer, ...sizes: number[]) =>
  (await collect(readJsonl(byteStream(content, ...sizes)))).flat();

it('numbers the lines of the file and passes over blank ones', async () => {
  expect(await read('{"a":1}\n\n  \t\n{"a":2}\r\n\r\n{"a":3}')).toEqual([
    { line: 1, value: { a: 1 } },
    { line: 4, value: { a: 2 } },
    { line: 6, value: { a: 3 } },
  ]);
});

it('gives the same records however the bytes are cut into chunks', async () => {
  const value = fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(value),
      fc.constantFrom('\n', '\r\n'),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      async (values, lineEnd, sizes) => {
        const records = await read(values.map((item) => JSON.stringify(item)).join(lineEnd), ...sizes);
        expect(records).toEqual(values.map((item, index) => ({ line: index + 1, value: item })));
      },
    ),
  );
});

it('keeps line separators, NULs, lone surrogates and __proto__ as they are', async () => {
  const line = '{"instruction":"a\u2028b\u2029c\u0085d\\u0000e\\ud800","__proto__":{"polluted":true}}';
  const [record] = await read(`${line}\n`);
  const { value } = record as { value: Record<string, unknown> };
  expect(value.instruction).toBe('a\u2028b\u2029c\u0085d\0e\ud800');
  expect(Object.keys(value)).toEqual(['instruction', '__proto__']);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

it('reads lines of megabytes that arrive in small chunks', async () => {
  const long = 'x'.repeat(3_000_000);
  expect(await read(`${JSON.stringify({ long })}\n{"a":1}\n`, 65_536)).toEqual([
    { line: 1, value: { long } },
    { line: 2, value: { a: 1 } },
  ]);
});

it('says what is wrong with a line and goes on with the next', async () => {
  const bad = Buffer.concat([
    Buffer.from('{"a":\n'),
    Buffer.from([0x22, 0xc3, 0x28, 0x22, 0x0a]),
    Buffer.from('{"a":1}\n'),
  ]);
  const [first, second, third] = await read(bad);
  expect(first).toMatchObject({ line: 1, cause: expect.stringContaining('not valid JSON') });
  expect(second).toEqual({ line: 2, cause: 'it holds bytes that are not valid UTF-8' });
  expect(third).toEqual({ line: 3, value: { a: 1 } });
});

it('does not hold a line that is too long to be read, and goes on after it', async () => {
  for (const sizes of [[1000], [7], [50, 3]]) {
    const content = byteStream(`{"a":1}\n{"b":"${'x'.repeat(300)}"}\n{"c":"${'y'.repeat(300)}"}`, ...sizes);
    expect((await collect(readJsonl(content, { maxLineBytes: 100 }))).flat()).toEqual([
      { line: 1, value: { a: 1 } },
      { line: 2, cause: 'it is 308 bytes long, 100 at most can be read', limit: 100 },
      { line: 3, cause: 'it is 308 bytes long, 100 at most can be read', limit: 100 },
    ]);
  }
});
