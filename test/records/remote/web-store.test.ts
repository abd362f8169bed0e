import { readdirSync, statSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { readPool } from '../../../src/records/read-pool.ts';
import { etagOf, type FileServer, sendContent, startServer, storedIn } from '../../support/file-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const line = (text: string) => `${JSON.stringify({ question: text })}\n`;
let server: FileServer | undefined;
let caches = 0;

afterEach(() => server?.close());

async function serve(settings: { content: string; headers?: Record<string, string>; ranges?: boolean }) {
  const state = { ...settings };
  server = await startServer((request, response, self) =>
    sendContent(request, response, self, { ...state, content: Buffer.from(state.content) }),
  );
  caches += 1;
  const cacheFolder = folder.file(`cache-${caches}`);
  server.hasStored = storedIn(cacheFolder);
  const read = async (path = '/logs/week.jsonl?key=secret') => {
    const { instructions } = await readPool([`${server!.url}${path}`], { remote: { cacheFolder } });
    return instructions.map(({ instruction, source }) => `${instruction} ${source.file}`);
  };
  return { state, read, requests: server.requests, url: server.url };
}

it('reads a file by its address, and stores nothing of what follows a question mark', async () => {
  const { read, url } = await serve({ content: line('Why?') });
  expect(await read()).toEqual([`Why? ${url}/logs/week.jsonl`]);
});

it('keeps what it downloads for its owner alone, also what is not whole yet', async () => {
  const { read } = await serve({ content: line('Why?').repeat(10) });
  Object.assign(server!, { cutAfter: 30, failsAfterCut: true });
  await expect(read()).rejects.toThrow();
  const kept = folder.file(`cache-${caches}`);
  const modes = () =>
    readdirSync(kept, { recursive: true, encoding: 'utf8' }).map((name) => statSync(`${kept}/${name}`).mode & 0o077);
  expect(modes()).toEqual([0, 0]);
  server!.status = undefined;
  await read();
  expect(modes()).toEqual([0, 0]);
});

it('downloads it again only when it has changed', async () => {
  const { state, read, requests } = await serve({ content: line('Why?') });
  await read();
  await read();
  expect(requests.filter((request) => request.endsWith('bytes=0-'))).toHaveLength(1);
  state.content = line('Why?') + line('Who?');
  expect(await read()).toHaveLength(2);
});

it.each([true, false])('goes on after a broken connection (with ranges: %s)', async (ranges) => {
  const { read, requests } = await serve({ content: line('Why?').repeat(10) + line('Who?'), ranges });
  server!.cutAfter = 30;
  // The first answer holds all of the content where there are no ranges.
  expect(await read()).toHaveLength(2);
  expect(requests.length).toBeGreaterThan(ranges ? 2 : 1);
});

it('goes on where an earlier run was cut off', async () => {
  const { read, requests } = await serve({ content: line('Why?').repeat(10) + line('Who?') });
  Object.assign(server!, { cutAfter: 30, failsAfterCut: true });
  await expect(read()).rejects.toMatchObject({ hint: 'Run again: finished parts are kept.' });
  server!.status = undefined;
  requests.length = 0;
  expect(await read()).toHaveLength(2);
  expect(requests.map((request) => request.split(' ')[1])).toEqual(['bytes=0-0', 'bytes=30-']);
});

it('takes no content for another that has the same address', async () => {
  const { state, read } = await serve({ content: line('Why?'), headers: { etag: '' } });
  expect(await read()).toHaveLength(1);
  state.content = line('Who?') + line('How?');
  expect((await read()).map((text) => text.slice(0, 4))).toEqual(['Who?', 'How?']);
});

it.each([
  [
    'JSON Lines that are called JSON',
    '{"question":"Why?"}\n{"question":"Who?"}\n',
    { 'content-type': 'application/json' },
  ],
  ['JSON', '[{"question":"Why?"},{"question":"Who?"}]', { 'content-type': 'text/plain' }],
  ['one object around the records', '{"rows":[{"question":"Why?"},{"question":"Who?"}]}', {}],
  ['CSV by its type', 'question\nWhy?\nWho?\n', { 'content-type': 'text/csv; charset=utf-8' }],
  [
    'TSV by the name for downloads',
    'question\tx\nWhy?\t1\nWho?\t2\n',
    { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment; filename="week.tsv"' },
  ],
])('finds out the format where the address does not say it: %s', async (_, content, headers) => {
  const { read, url } = await serve({ content, headers });
  expect(await read('/export?id=7')).toEqual([`Why? ${url}/export`, `Who? ${url}/export`]);
});

it.each([
  ['a page', '<html></html>', { 'content-type': 'text/html' }],
  ['plain text', 'Why?\n', { 'content-type': 'text/plain' }],
])('does not guess what %s is', async (_, content, headers) => {
  const { read } = await serve({ content, headers });
  await expect(read('/page')).rejects.toThrow('The format of');
});

it('says what is wrong with an address', async () => {
  const { read } = await serve({ content: line('Why?') });
  server!.status = undefined;
  server!.status = 404;
  await expect(read()).rejects.toThrow('There is no');
  server!.status = 403;
  await expect(read()).rejects.toThrow('refused (status 403)');
  server!.status = 500;
  await expect(read()).rejects.toThrow('status 500');
  await server!.close();
  await expect(read()).rejects.toThrow('cannot be read: ');
});

it('has tags that tell contents apart', () => {
  expect(etagOf(Buffer.from('a'))).not.toBe(etagOf(Buffer.from('b')));
});
