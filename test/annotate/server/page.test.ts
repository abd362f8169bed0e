import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPageFiles } from '../../../src/annotate/server/page-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { deskLab } from '../desk/desk-lab.ts';
import { rawRequest, withHeaders } from './raw-request.ts';
import { plainAssets, type WebLab, webLab } from './web-lab.ts';

const home = temporaryFolder();
let web: WebLab;
beforeAll(async () => {
  const lab = await deskLab(home, 'campaign');
  web = await webLab(lab.folder, { campaign: lab.options, assets: plainAssets(home) });
});
afterAll(() => web.close());

const get = (path: string) => rawRequest(web.port, withHeaders(`GET ${path}`, ['Host: localhost']));

describe('the page', () => {
  it.each(['/', '/lead', '/?after=login'])('is at %s and contains no data of the campaign', async (path) => {
    const { status, head, body } = await get(path);
    expect(status).toBe(200);
    expect(head).toContain('content-type: text/html; charset=utf-8');
    expect(body).toContain('<html lang="en">');
    expect(body).not.toContain('campaign');
    // It has no inline script or style, which the policy would block.
    expect(body).not.toMatch(/<script>|<style|\son\w+=/);
  });

  it('serves its script and its styles', async () => {
    expect(await get('/annotate.js')).toMatchObject({ status: 200, body: 'document.title = "winnow";\n' });
    expect((await get('/annotate.js')).head).toContain('content-type: text/javascript; charset=utf-8');
    expect((await get('/annotate.css')).head).toContain('content-type: text/css; charset=utf-8');
  });

  it('is checked on every load and sent only if it changed', async () => {
    const first = await fetch(`${web.url}/annotate.js`);
    expect(first.headers.get('cache-control')).toBe('no-cache');
    const etag = first.headers.get('etag')!;
    const again = await fetch(`${web.url}/annotate.js`, { headers: { 'if-none-match': etag } });
    expect({ status: again.status, text: await again.text() }).toEqual({ status: 304, text: '' });
    const other = await fetch(`${web.url}/annotate.js`, { headers: { 'if-none-match': '"old"' } });
    expect(other.status).toBe(200);
    expect((await fetch(`${web.url}/annotate.css`)).headers.get('etag')).not.toBe(etag);
  });

  it('asks to build winnow if the bundles are missing', () => {
    const empty = pathToFileURL(`${home.path}/nowhere/`);
    expect(() => readPageFiles(empty)).toThrow(
      expect.objectContaining({ code: 'PAGE_MISSING', hint: expect.stringContaining('npm run build') }),
    );
  });
});

describe('every answer', () => {
  it.each(['/', '/annotate.js', '/annotate.css', '/api/session', '/api/lead', '/api/items', '/nothing', '/%zz'])(
    'forbids everything that the page does not need: %s',
    async (path) => {
      const { head } = await get(path);
      for (const header of [
        "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; ",
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        'x-content-type-options: nosniff',
        'x-frame-options: deny',
        'referrer-policy: no-referrer',
        'cross-origin-opener-policy: same-origin',
        'cross-origin-resource-policy: same-origin',
        'permissions-policy: camera=()',
      ]) {
        expect(head).toContain(header);
      }
      // A cookie that tells browsers apart and proves nothing.
      const others = head.replace(/set-cookie: winnow-browser-\S+ .*; httponly; samesite=strict/, '');
      expect(others).not.toMatch(/access-control-|set-cookie|x-powered-by|unsafe-/);
    },
  );

  it.each(['/api/session', '/api/items', '/api/lead', '/api/nothing'])(
    'of the API is never cached: %s',
    async (path) => {
      expect((await get(path)).head).toContain('cache-control: no-store');
    },
  );
});

describe('a path', () => {
  it.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/annotate.js/../../cli/main.js',
    '/annotate.js%00.css',
    '/annotate.js/',
    '/annotate.JS',
    '//etc/passwd',
    '/etc/passwd',
    '/file:///etc/passwd',
    '/..\\..\\package.json',
    '/winnow.db',
    '/winnow.yaml',
    '/src/web/client/main.tsx',
    '/report.js',
    '/api/items/..%2f..%2fwinnow.db/open',
    '/api/items/1e3/open',
    '/constructor',
    '/__proto__',
  ])('serves no other file: %s', async (path) => {
    for (const method of ['GET', 'POST']) {
      const { status, body } = await rawRequest(
        web.port,
        withHeaders(`${method} ${path}`, ['Host: localhost', 'x-winnow-annotator: anna']),
      );
      expect([400, 404]).toContain(status);
      expect(body).not.toMatch(/root:|"dependencies"|SQLite format|document\.title/);
    }
  });

  it.each(['etc/passwd', '*', 'file:///etc/passwd', 'http://[', 'javascript:alert(1)'])(
    'that is malformed is refused: %s',
    async (target) => {
      expect((await get(target)).status).toBe(400);
      expect(web.errors).toEqual([]);
    },
  );
});
