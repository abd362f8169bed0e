import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ANNOTATOR_HEADER } from '../../../src/annotate/server/web-api.ts';
import type { CampaignLab } from '../../campaign/campaign-lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { deskLab } from '../desk/desk-lab.ts';
import { plainAssets, type WebLab, type WebLabOptions, webLab } from './web-lab.ts';

const home = temporaryFolder();
let lab: CampaignLab;
beforeAll(async () => {
  lab = await deskLab(home, 'campaign');
});

const open: WebLab[] = [];
async function serve(options: Partial<WebLabOptions> = {}): Promise<WebLab> {
  const web = await webLab(lab.folder, { campaign: lab.options, assets: plainAssets(home), ...options });
  open.push(web);
  return web;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((web) => web.close()));
});

describe('the address', () => {
  it('is refused if the port is in use, with a free port to try', async () => {
    const { port } = await serve();
    await expect(serve({ port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `Port ${port} on 127.0.0.1 is in use, perhaps by another winnow annotate.`,
      hint: expect.stringContaining(`port: ${port + 1}`),
    });
  });

  it.each(['203.0.113.7', 'no-such-name.invalid'])('is refused if it is not on this machine: %s', async (host) => {
    await expect(serve({ host })).rejects.toMatchObject({
      code: 'ADDRESS_UNUSABLE',
      hint: expect.stringContaining('0.0.0.0'),
    });
  });

  it('is free again after the server stopped, and drafts are still there', async () => {
    const first = await serve();
    const { number } = (await first.ask('anna', 'POST', '/api/next')).body.item;
    const draft = { revision: 0, response: 'half a sen', comment: '', seconds: 2 };
    await first.ask('anna', 'PUT', `/api/items/${number}/writing`, draft);
    await open.pop()!.close();
    const second = await serve({ port: first.port });
    const { item } = (await second.ask('anna', 'POST', '/api/next')).body;
    expect(item).toMatchObject({ number, writing: { revision: 1, response: 'half a sen' } });
  });
});

describe('stopping the server', () => {
  it('finishes open requests and accepts no more', async () => {
    const web = await serve();
    const { number } = (await web.ask('ben', 'POST', '/api/next')).body.item;
    const body = JSON.stringify({ revision: 0, response: 'at the last moment', comment: '', seconds: 1 });
    const head = [
      `PUT /api/items/${number}/writing HTTP/1.1`,
      'Host: localhost',
      `${ANNOTATOR_HEADER}: ben`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ].join('\r\n');
    let answer = '';
    const socket = connect(web.port, '127.0.0.1');
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    const ended = new Promise((resolve) => socket.on('close', resolve));
    await new Promise<void>((resolve) => socket.write(`${head}\r\n\r\n${body.slice(0, 10)}`, () => resolve()));
    // When this is answered, the server has read the start of the other request.
    await web.ask('ben', 'GET', '/api/session');
    const closed = open.pop()!.close();
    await expect(fetch(web.url)).rejects.toThrow('fetch failed');
    socket.write(body.slice(10));
    await Promise.all([ended, closed]);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(answer).toContain('at the last moment');
  });

  it('does not wait for idle connections', async () => {
    const web = await serve();
    const agent = new Agent({ keepAlive: true });
    await new Promise((resolve) => get(web.url, { agent }, (response) => response.resume().on('end', resolve)));
    await open.pop()!.close();
    await expect(fetch(web.url)).rejects.toThrow('fetch failed');
    agent.destroy();
  });

  it('does not wait forever for a request that never ends', async () => {
    const limits = { headersMs: 60_000, requestMs: 60_000, silenceMs: 60_000, checkMs: 60_000, graceMs: 50 };
    const web = await serve({ limits });
    const socket = connect(web.port, '127.0.0.1');
    const ended = new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve));
    await new Promise<void>((resolve) => socket.write('GET / HTTP/1.1\r\n', () => resolve()));
    await web.ask(null, 'GET', '/api/session');
    await open.pop()!.close();
    await ended;
  });
});

describe('the request log', () => {
  it('has the method, path and status of each request, but no names, text or searches', async () => {
    const web = await serve();
    await web.ask('anna', 'GET', '/api/items?search=a+secret');
    await web.ask('anna', 'POST', '/api/next');
    await web.ask('anna', 'GET', '/api/nothing');
    await fetch(`${web.url}/?a+secret`);
    // The log is written after the last byte was sent, so the client may be faster.
    await expect.poll(() => web.requests).toHaveLength(4);
    expect(web.requests).toMatchObject([
      { method: 'GET', path: '/api/items', status: 200, milliseconds: expect.any(Number) },
      { method: 'POST', path: '/api/next', status: 200 },
      { method: 'GET', path: '/api/nothing', status: 404 },
      { method: 'GET', path: '/', status: 200 },
    ]);
    expect(JSON.stringify(web.requests)).not.toMatch(/secret|anna/);
  });
});
