import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANNOTATOR_HEADER } from '../../../src/annotate/server/web-api.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { deskLab } from '../desk/desk-lab.ts';
import { rawRequest, withHeaders } from './raw-request.ts';
import { plainAssets, TOKENS, type WebLab, webLab } from './web-lab.ts';

const home = temporaryFolder();
const ANNA = `${ANNOTATOR_HEADER}: anna`;
/** The type of a form, which other sites can send without a preflight request. */
const FORM = 'Content-Type: application/x-www-form-urlencoded';

let web: WebLab;
let guarded: WebLab;
beforeAll(async () => {
  const lab = await deskLab(home, 'campaign');
  const options = { campaign: lab.options, assets: plainAssets(home) };
  web = await webLab(lab.folder, options);
  guarded = await webLab(lab.folder, { ...options, host: '0.0.0.0', machineNames: ['desk-pc'], tokens: TOKENS });
});
afterAll(async () => {
  await web.close();
  await guarded.close();
});

/** The status and the error code of an answer. */
async function sent(bytes: string, server = web): Promise<{ status: number; code: string | undefined }> {
  const { status, body } = await rawRequest(server.port, bytes);
  return { status, code: /"code":"(\w+)"/.exec(body)?.[1] };
}

const local = () => `Host: 127.0.0.1:${web.port}`;

describe('another site whose name points at this machine', () => {
  it.each(['GET /', 'GET /annotate.js', 'GET /api/session', 'GET /api/lead', 'POST /api/next', 'GET /nothing'])(
    'is refused for %s',
    async (line) => {
      const rebound = [
        'Host: evil.example:7410',
        ANNA,
        'Sec-Fetch-Site: same-origin',
        'Origin: http://evil.example:7410',
      ];
      expect(await sent(withHeaders(line, rebound))).toEqual({ status: 421, code: 'HOST_REFUSED' });
      expect(await sent(withHeaders(line, rebound), guarded)).toEqual({ status: 421, code: 'HOST_REFUSED' });
    },
  );

  it('is refused if it names this server in one place and itself in another', async () => {
    const to = (line: string, ...headers: string[]) => sent(withHeaders(line, [...headers, ANNA]));
    expect((await to('GET http://evil.example/api/session', local())).status).toBe(421);
    expect((await to('GET http://127.0.0.1/api/session', 'Host: evil.example')).status).toBe(421);
    for (const both of [
      [local(), 'Host: evil.example'],
      ['Host: evil.example', local()],
    ]) {
      expect((await to('GET /api/session', ...both)).status).not.toBe(200);
    }
    expect((await to('GET //evil.example/api/session', local())).status).toBe(404);
  });

  it('is refused without a host name', async () => {
    expect((await rawRequest(web.port, 'GET /api/session HTTP/1.1\r\nConnection: close\r\n\r\n')).status).toBe(400);
    expect((await rawRequest(web.port, 'GET /api/session HTTP/1.0\r\n\r\n')).status).not.toBe(200);
    expect((await rawRequest(web.port, withHeaders('GET /api/session', ['Host:']))).status).not.toBe(200);
  });
});

describe('the host names of a server for others', () => {
  it.each(['desk-pc:7410', '192.168.1.5:7410', '[fd00::5]:7410', 'localhost:9999'])('include %s', async (host) => {
    const answer = await rawRequest(guarded.port, withHeaders('GET /', [`Host: ${host}`]));
    expect(answer.status).toBe(200);
  });
});

describe('another site in the same browser', () => {
  const foreign = [
    'http://evil.example',
    'null',
    'http://127.0.0.1:3000',
    'https://127.0.0.1',
    'http://localhost:7410',
  ];

  it.each(foreign)('at %s can read and change nothing', async (origin) => {
    for (const line of [
      'GET /api/session',
      'GET /api/items',
      'GET /api/lead',
      'POST /api/next',
      'POST /api/items/1/release',
    ]) {
      const asked = await sent(withHeaders(line, [local(), ANNA, `Origin: ${origin}`]));
      expect(asked).toEqual({ status: 403, code: 'ORIGIN_REFUSED' });
    }
    expect(web.desk.progress(null).atWork).toEqual([]);
  });

  it.each(['cross-site', 'same-site'])('is refused as %s', async (site) => {
    const asked = await sent(withHeaders('GET /api/lead', [local(), `Sec-Fetch-Site: ${site}`]));
    expect(asked).toEqual({ status: 403, code: 'ORIGIN_REFUSED' });
  });

  it('gets no permission from a preflight request', async () => {
    const preflight = [local(), 'Origin: http://evil.example', 'Access-Control-Request-Method: PUT'];
    for (const path of ['/api/items/1/writing', '/api/session', '/']) {
      const { status, head } = await rawRequest(web.port, withHeaders(`OPTIONS ${path}`, preflight));
      expect(status).toBeGreaterThanOrEqual(400);
      expect(head).not.toContain('access-control-');
    }
  });

  it('cannot send a form', async () => {
    const body = JSON.stringify({ after: 1 });
    for (const type of [FORM, 'Content-Type: text/plain', 'X-Nothing: 1']) {
      const headers = [local(), ANNA, type, `Content-Length: ${body.length}`];
      expect(await sent(withHeaders('POST /api/next', headers, body))).toEqual({ status: 415, code: 'NOT_JSON' });
    }
  });

  it('can link to the page, which then loads its own data', async () => {
    const link = [local(), 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate'];
    expect((await sent(withHeaders('GET /', link))).status).toBe(200);
    const own = [local(), ANNA, `Origin: http://127.0.0.1:${web.port}`, 'Sec-Fetch-Site: same-origin'];
    expect((await sent(withHeaders('GET /api/items', own))).status).toBe(200);
  });
});

describe('a person without a token', () => {
  const host = () => `Host: 192.168.1.5:${guarded.port}`;
  const asked = (line: string, ...headers: string[]) => sent(withHeaders(line, [host(), ANNA, ...headers]), guarded);
  const PATHS = [
    'GET /api/session',
    'GET /api/items',
    'POST /api/next',
    'POST /api/items/1/open',
    'PUT /api/items/1/writing',
    'POST /api/items/1/label',
    'POST /api/items/1/release',
    'GET /api/progress',
    'GET /api/lead',
    'GET /api/links',
    'POST /api/links',
    'POST /api/name',
    'DELETE /api/session',
    'GET /api/nothing',
  ];

  it.each(PATHS)('is refused for %s', async (line) => {
    for (const header of [
      'X-Nothing: 1',
      'Authorization: Bearer wrong-token-0123',
      `Authorization: Basic ${TOKENS.lead}`,
    ]) {
      expect(await asked(line, header)).toEqual({ status: 401, code: 'TOKEN_WRONG' });
    }
    expect(guarded.desk.progress(null).atWork).toEqual([]);
  });

  it('is refused with a token in the query or in a cookie', async () => {
    expect((await asked(`GET /api/session?token=${TOKENS.lead}`, `Cookie: token=${TOKENS.lead}`)).status).toBe(401);
  });

  it('gets an authentication challenge, and the page, which contains no data', async () => {
    const { head } = await rawRequest(guarded.port, withHeaders('GET /api/session', [host()]));
    expect(head).toContain('www-authenticate: bearer');
    expect((await asked('GET /')).status).toBe(200);
    expect((await asked('GET /lead')).status).toBe(200);
  });

  it("gets the role of the token, but no one's work before entering a name", async () => {
    const [annotator, lead] = [`Authorization: Bearer ${TOKENS.annotator}`, `Authorization: Bearer ${TOKENS.lead}`];
    for (const token of [annotator, lead]) {
      expect(await asked('GET /api/items', token)).toEqual({ status: 400, code: 'NAME_MISSING' });
      expect(await asked('POST /api/items/1/release', token)).toEqual({ status: 400, code: 'NAME_MISSING' });
    }
    expect(await asked('GET /api/lead', annotator)).toEqual({ status: 403, code: 'LEADS_ONLY' });
    expect(await asked('GET /api/links', annotator)).toEqual({ status: 403, code: 'LEADS_ONLY' });
    expect((await asked('GET /api/lead', lead)).status).toBe(200);
    const session = async (token: string) =>
      (await rawRequest(guarded.port, withHeaders('GET /api/session', [host(), token]))).body;
    expect(JSON.parse(await session(annotator))).toMatchObject({ role: 'annotator', name: null });
    expect(JSON.parse(await session(lead))).toMatchObject({ role: 'lead', name: null });
  });
});

describe('a server for this machine only', () => {
  const [elsewhere] = Object.values(networkInterfaces()).flatMap(
    (own) => own?.filter((one) => !one.internal && one.family === 'IPv4') ?? [],
  );

  it.skipIf(elsewhere === undefined)('cannot be reached from the network', async () => {
    const host = elsewhere!.address;
    const request = (port: number) => rawRequest(port, withHeaders('GET /', ['Host: 127.0.0.1']), { host });
    await expect(request(web.port)).rejects.toThrow('ECONNREFUSED');
    expect((await request(guarded.port)).status).toBe(200);
  });
});
