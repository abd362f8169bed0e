import { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/records/open-source.ts';
import { byteStream, collect } from '../support/byte-stream.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const textOf = async (bytes: AsyncIterable<Buffer>) => Buffer.concat(await collect(bytes)).toString();

it('recognises gzip by its first bytes, under any name', async () => {
  expect(await textOf(openSource(folder.write('plain.gz', 'plain'), {}))).toBe('plain');
  expect(await textOf(openSource(folder.write('packed.jsonl', gzipSync('packed')), {}))).toBe('packed');
});

it('reads a gzip of several members as one', async () => {
  const path = folder.write('members.gz', Buffer.concat([gzipSync('one\n'), gzipSync('two\n')]));
  expect(await textOf(openSource(path, {}))).toBe('one\ntwo\n');
});

it('drops a byte order mark, also inside gzip and cut across chunks', async () => {
  expect(await textOf(openSource(folder.write('mark.jsonl', '\ufeff{}\ufeff'), {}))).toBe('{}\ufeff');
  expect(await textOf(openSource(folder.write('mark.gz', gzipSync('\ufeff{}')), {}))).toBe('{}');
  expect(await textOf(openSource('-', { stdin: byteStream('\ufeff{}', 1) }))).toBe('{}');
});

it.each(['', 'a', 'ab'])('reads the short content %j', async (content) => {
  expect(await textOf(openSource('-', { stdin: byteStream(content) }))).toBe(content);
});

it('reads gzipped standard input', async () => {
  expect(await textOf(openSource('-', { stdin: byteStream(gzipSync('{}'), 1, 3) }))).toBe('{}');
});

describe('errors', () => {
  const failure = (file: string) => textOf(openSource(file, {}));

  it('says that a gzip is truncated or damaged', async () => {
    const packed = gzipSync('x'.repeat(10_000));
    const damaged = Buffer.from(packed);
    damaged.fill(0xff, 12, 20);
    await expect(failure(folder.write('cut.gz', packed.subarray(0, -9)))).rejects.toMatchObject({
      code: 'POOL',
      message: expect.stringMatching(/cut\.gz" ends too early: the file is truncated/),
    });
    await expect(failure(folder.write('damaged.gz', damaged))).rejects.toThrow(/damaged\.gz" is damaged/);
  });

  it('names a file that is missing, and a folder', async () => {
    await expect(failure(folder.file('none.jsonl'))).rejects.toThrow('There is no file');
    await expect(failure(folder.path)).rejects.toThrow('is a folder, not a file');
  });
});

it('stops waiting for a silent pipe when it is aborted', async () => {
  async function* silent(): AsyncGenerator<Buffer> {
    yield Buffer.from('{}\n');
    await new Promise(() => {});
  }
  const controller = new AbortController();
  const reason = new Error('stop');
  const chunks = openSource('-', { stdin: silent(), signal: controller.signal });
  expect((await chunks.next()).value).toEqual(Buffer.from('{}\n'));
  const reading = chunks.next();
  controller.abort(reason);
  await expect(reading).rejects.toBe(reason);
});

describe('encodings', () => {
  const wide = (text: string, mark: string) => Buffer.from(mark + text, 'utf16le');
  const content = async (name: string, bytes: Buffer, encoding?: string) => {
    const path = folder.write(name, bytes);
    const tolerated: string[] = [];
    const options = {
      ...(encoding === undefined ? {} : { encoding }),
      onTolerated: (what: string) => tolerated.push(what),
    };
    const chunks = await collect(openSource(path, options));
    return { text: Buffer.concat(chunks).toString('utf8'), tolerated };
  };

  it('are UTF-16 by the mark, or by its zeros', async () => {
    expect(await content('a', wide('{"q": "ä"}', '\ufeff'))).toEqual({
      text: '{"q": "ä"}',
      tolerated: ['read as UTF-16'],
    });
    expect((await content('b', wide('{"q": "ä"}', '\ufeff').swap16())).text).toBe('{"q": "ä"}');
    expect((await content('c', wide('{"question": "ä"}', ''))).text).toBe('{"question": "ä"}');
  });

  it('are what the user says, unless a mark says otherwise', async () => {
    expect((await content('d', Buffer.from([0x5a, 0xfc, 0x72, 0x69, 0x63, 0x68]), 'windows-1252')).text).toBe('Zürich');
    expect((await content('e', Buffer.from('\ufeffZürich'), 'windows-1252')).text).toBe('Zürich');
  });
});

it('reads Zstandard under any name', async () => {
  // Made by zstd -19 of the text.
  const packed = Buffer.from('KLUv/QRoWQAAeyJxIjogIngifQq0oubE', 'base64');
  const path = folder.write('a.jsonl', packed);
  expect(Buffer.concat(await collect(openSource(path, {}))).toString('utf8')).toBe('{"q": "x"}\n');
});
