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

  it('refuses UTF-16 with the way to convert it', async () => {
    const path = folder.write('wide.jsonl', Buffer.from('\ufeff{}', 'utf16le'));
    await expect(failure(path)).rejects.toMatchObject({
      message: expect.stringContaining('UTF-16'),
      hint: expect.stringContaining('iconv'),
    });
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
