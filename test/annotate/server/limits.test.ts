import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANNOTATOR_HEADER } from '../../../src/annotate/server/web-api.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { deskLab } from '../desk/desk-lab.ts';
import { rawRequest, withHeaders } from './raw-request.ts';
import { plainAssets, type WebLab, webLab } from './web-lab.ts';

const home = temporaryFolder();
const NOTHING = { revision: 0, response: '', comment: '', seconds: 0 };
const IMPATIENT = { headersMs: 100, requestMs: 200, silenceMs: 60_000, checkMs: 20, graceMs: 3_000 };

let web: WebLab;
let impatient: WebLab;
beforeAll(async () => {
  const lab = await deskLab(home, 'campaign');
  const options = { campaign: lab.options, assets: plainAssets(home) };
  web = await webLab(lab.folder, options);
  impatient = await webLab(lab.folder, { ...options, limits: IMPATIENT });
});
afterAll(async () => {
  await web.close();
  await impatient.close();
});

const headers = (...more: string[]) => [
  'Host: localhost',
  `${ANNOTATOR_HEADER}: anna`,
  'Content-Type: application/json',
  ...more,
];

describe('a request', () => {
  it('that is too large is refused before it is read', async () => {
    // No body follows, and the answer still comes.
    const { status, body } = await rawRequest(
      web.port,
      withHeaders('PUT /api/items/1/writing', headers('Content-Length: 8388609')),
    );
    expect(status).toBe(413);
    expect(JSON.parse(body).error).toMatchObject({ code: 'TOO_LARGE', hint: 'Shorten the text.' });
  });

  it('without a length is refused', async () => {
    const chunked = withHeaders('POST /api/next', headers('Transfer-Encoding: chunked'), '2\r\n{}\r\n0\r\n\r\n');
    const { status, body } = await rawRequest(web.port, chunked);
    expect({ status, code: JSON.parse(body).error.code }).toEqual({ status: 411, code: 'LENGTH_MISSING' });
  });

  it('with two lengths is refused', async () => {
    const smuggled = headers('Content-Length: 2', 'Transfer-Encoding: chunked');
    expect((await rawRequest(web.port, withHeaders('POST /api/next', smuggled, '{}'))).status).toBe(400);
    const twice = headers('Content-Length: 2', 'Content-Length: 3');
    expect((await rawRequest(web.port, withHeaders('POST /api/next', twice, '{}'))).status).toBe(400);
  });

  it('with huge headers is refused', async () => {
    const huge = headers(`X-Padding: ${'x'.repeat(20_000)}`);
    expect((await rawRequest(web.port, withHeaders('GET /api/session', huge))).status).toBe(431);
  });

  it.each([
    ['POST', '/api/next', 'null'],
    ['POST', '/api/next', '{"after":-1}'],
    ['POST', '/api/next', '{"after":"1"}'],
    ['POST', '/api/next', '{"before":1}'],
    ['POST', '/api/next', '{"after":1'],
    ['POST', '/api/next', '['.repeat(100_000)],
    ['PUT', '/api/items/1/writing', '{}'],
    ['PUT', '/api/items/1/writing', JSON.stringify({ ...NOTHING, seconds: -1 })],
    ['PUT', '/api/items/1/writing', JSON.stringify({ ...NOTHING, revision: 0.5 })],
    ['PUT', '/api/items/1/writing', JSON.stringify({ ...NOTHING, response: ['x'] })],
    ['PUT', '/api/items/1/writing', JSON.stringify({ ...NOTHING, annotator: 'bob' })],
    ['POST', '/api/items/1/label', JSON.stringify(NOTHING)],
    ['POST', '/api/items/1/label', JSON.stringify({ ...NOTHING, verdict: 'draft' })],
    ['GET', '/api/items?limit=0', ''],
    ['GET', '/api/items?limit=1001', ''],
    ['GET', '/api/items?offset=-1', ''],
    ['GET', '/api/items?filter=secret', ''],
    ['GET', `/api/items?search=${'x'.repeat(1001)}`, ''],
    ['GET', '/api/items?round=1e9', ''],
    ['GET', '/api/progress?round=', ''],
  ])('with invalid fields is refused without quoting them: %s %s %.40s', async (method, path, body) => {
    const response = await fetch(`${web.url}${path}`, {
      method,
      headers: { [ANNOTATOR_HEADER]: 'anna', 'content-type': 'application/json' },
      ...(body === '' ? {} : { body }),
    });
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    expect({ status: response.status, code: error.code }).toEqual({ status: 400, code: 'BAD_REQUEST' });
    expect(error.message).not.toMatch(/secret|bob|xxx/);
    expect(error.message.length).toBeLessThan(300);
  });

  it.each(['%E0%A4%A', '%', '%ff'])('with the malformed name %s is refused', async (name) => {
    const response = await fetch(`${web.url}/api/items`, { headers: { [ANNOTATOR_HEADER]: name } });
    expect(response.status).toBe(400);
  });

  it('that ends in the middle causes no server error', async () => {
    const cut = withHeaders('POST /api/next', headers('Content-Length: 100'), '{"after"');
    await new Promise<void>((resolve) => {
      const socket = connect(web.port, '127.0.0.1', () => socket.write(cut, () => socket.destroy()));
      socket.on('close', () => resolve());
    });
    expect((await web.ask('anna', 'GET', '/api/session')).status).toBe(200);
    expect(web.errors).toEqual([]);
  });
});

describe('a slow connection', () => {
  it('is closed when the headers take too long', async () => {
    expect((await rawRequest(impatient.port, 'GET /api/session HTTP/1.1\r\nHost: localhost\r\n')).status).toBe(408);
  });

  it('is closed when the body takes too long', async () => {
    const slow = withHeaders('POST /api/next', headers('Content-Length: 100'), '{');
    expect((await rawRequest(impatient.port, slow)).status).toBe(408);
  });

  it('delays no other request', async () => {
    const slow = connect(web.port, '127.0.0.1');
    const closed = new Promise((resolve) => slow.on('close', resolve));
    await new Promise<void>((resolve) => slow.write('GET / HTTP/1.1\r\n', () => resolve()));
    expect((await web.ask('anna', 'GET', '/api/session')).status).toBe(200);
    slow.destroy();
    await closed;
  });
});
