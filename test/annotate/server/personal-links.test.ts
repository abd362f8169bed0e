import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CAMPAIGN_HEADER } from '../../../src/annotate/server/web-api.ts';
import type { CampaignLab } from '../../campaign/campaign-lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { deskLab } from '../desk/desk-lab.ts';
import { rawRequest, withHeaders } from './raw-request.ts';
import { plainAssets, TOKENS, type WebLab, webLab } from './web-lab.ts';

const home = temporaryFolder();
const NOTHING = { revision: 0, response: '', comment: '', seconds: 0 };
let lab: CampaignLab;
let web: WebLab;
const serve = (more: Partial<Parameters<typeof webLab>[1]> = {}) =>
  webLab(lab.folder, { campaign: lab.options, assets: plainAssets(home), tokens: TOKENS, ...more });

beforeAll(async () => {
  lab = await deskLab(home, 'campaign');
  web = await serve();
});
afterAll(() => web.close());

/** A browser: keeps the cookie that the server sets. */
class Browser {
  cookie = '';
  name: string | null = null;
  readonly #server: () => WebLab;

  constructor(server: () => WebLab = () => web) {
    this.#server = server;
  }

  async send(method: string, path: string, body?: object, more: Record<string, string> = {}) {
    const response = await fetch(`${this.#server().url}${path}`, {
      method,
      headers: {
        ...(this.cookie === '' ? {} : { cookie: this.cookie }),
        ...(this.name === null ? {} : { 'x-winnow-annotator': encodeURIComponent(this.name) }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...more,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const set = response.headers.getSetCookie().find((cookie) => !cookie.startsWith('winnow-browser-')) ?? null;
    if (set !== null) this.cookie = set.split(';')[0]!;
    const text = await response.text();
    return { status: response.status, set, body: text === '' ? null : JSON.parse(text) };
  }

  signIn(token: string) {
    return this.send('POST', '/api/session', { token });
  }
}

/** A lead's browser, and the token of a person's new or present link. */
async function lead(server?: () => WebLab) {
  const browser = new Browser(server);
  await browser.signIn(TOKENS.lead);
  const invite = async (name: string): Promise<{ id: number; token: string }> =>
    (await browser.send('POST', '/api/links', { names: [name] })).body.links.find(
      ({ annotator }: { annotator: string }) => annotator === name,
    );
  return { browser, invite };
}

describe('a personal link', () => {
  it('signs a browser in as its person, with a cookie that only the server reads', async () => {
    const { token } = await (await lead()).invite('Ann');
    const ann = new Browser();
    const { status, set, body } = await ann.signIn(token);
    expect({ status, body }).toMatchObject({ status: 200, body: { role: 'annotator', hasLinks: true, name: 'Ann' } });
    expect(set).toMatch(/^winnow-[0-9a-f]{12}=\S+; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(set).not.toContain(token.slice(2));
    expect((await ann.send('GET', '/api/session')).body.name).toBe('Ann');
    expect((await ann.send('POST', '/api/next', {})).body.progress.atWork).toEqual(['Ann']);
  });

  it('keeps its cookie to https where the page is reached that way', async () => {
    const server = await serve({ allowed: ['label.example.org'] });
    const body = JSON.stringify({ token: TOKENS.lead });
    const headers = ['Host: label.example.org', 'Content-Type: application/json', `Content-Length: ${body.length}`];
    const cookieFor = async (origin: string) => {
      const sent = withHeaders('POST /api/session', [...headers, `Origin: ${origin}`], body);
      return /set-cookie: (.*)/.exec((await rawRequest(server.port, sent)).head)?.[1];
    };
    expect(await cookieFor('https://label.example.org')).toMatch(/; secure$/);
    expect(await cookieFor('http://label.example.org')).toMatch(/; samesite=strict$/);
    await server.close();
  });

  it('is the same when it is asked for again, in every tab and after a restart', async () => {
    const before = await serve();
    const { token } = await (await lead(() => before)).invite('Steady');
    const tab = new Browser(() => before);
    await tab.signIn(token);
    await before.close();
    const after = await serve();
    expect((await (await lead(() => after)).invite('Steady')).token).toBe(token);
    const other = new Browser(() => after);
    other.cookie = tab.cookie;
    expect((await other.send('GET', '/api/session')).body.name).toBe('Steady');
    await after.close();
  });

  it('gives no access once it is revoked, and a new one gives it back with the work', async () => {
    const { browser, invite } = await lead();
    const { id, token } = await invite('Rae');
    const rae = new Browser();
    await rae.signIn(token);
    const { number } = (await rae.send('POST', '/api/next', {})).body.item;
    await rae.send('PUT', `/api/items/${number}/writing`, { ...NOTHING, response: 'By Rae' });
    const { body } = await browser.send('POST', `/api/links/${id}/revoke`, {});
    expect(body.links.map(({ annotator }: { annotator: string }) => annotator)).not.toContain('Rae');
    expect(body.revoked).toBe(1);
    for (const [method, path] of [
      ['GET', '/api/session'],
      ['POST', '/api/next'],
      ['GET', '/api/items'],
    ] as const) {
      expect(await rae.send(method, path)).toMatchObject({ status: 401, body: { error: { code: 'TOKEN_WRONG' } } });
    }
    expect((await new Browser().signIn(token)).status).toBe(401);
    const again = await invite('Rae');
    expect(again.token).not.toBe(token);
    await rae.signIn(again.token);
    expect((await rae.send('POST', `/api/items/${number}/open`, {})).body.item.writing.response).toBe('By Rae');
    expect((await browser.send('POST', '/api/links/999/revoke', {})).status).toBe(404);
  });

  it('is stored nowhere in the state', async () => {
    const { token } = await (await lead()).invite('Ann');
    const [, secret] = token.split('.');
    for (const file of ['winnow.db', 'winnow.db-wal']) expect(lab.read(file)).not.toContain(secret);
  });
});

describe('no one can act as someone else', () => {
  let ann: Browser;
  let bo: Browser;
  let number: number;
  beforeAll(async () => {
    const { invite } = await lead();
    [ann, bo] = [new Browser(), new Browser()];
    await ann.signIn((await invite('Ann')).token);
    await bo.signIn((await invite('Bo')).token);
    number = (await ann.send('POST', '/api/next', {})).body.item.number;
    await ann.send('PUT', `/api/items/${number}/writing`, { ...NOTHING, response: "Ann's text" });
  });

  it('by naming them', async () => {
    bo.name = 'Ann';
    for (const [method, path, body] of [
      ['GET', '/api/items', undefined],
      ['POST', `/api/items/${number}/open`, {}],
      ['PUT', `/api/items/${number}/writing`, { ...NOTHING, response: 'forged' }],
      ['POST', `/api/items/${number}/label`, { ...NOTHING, response: 'forged', verdict: 'accepted' }],
      ['POST', `/api/items/${number}/release`, {}],
      ['GET', '/api/progress', undefined],
    ] as const) {
      const answer = await bo.send(method, path, body);
      expect(answer).toMatchObject({ status: 409, body: { error: { code: 'OTHER_PERSON' } } });
    }
    bo.name = null;
    const opened = (await bo.send('POST', `/api/items/${number}/open`, {})).body.item;
    expect(opened).toMatchObject({ state: 'taken', heldBy: 'Ann', writing: { response: '' } });
    const kept = (await ann.send('POST', `/api/items/${number}/open`, {})).body.item;
    expect(kept.writing.response).toBe("Ann's text");
  });

  it('by joining under their name or one that looks like it', async () => {
    const stranger = new Browser();
    await stranger.signIn(TOKENS.annotator);
    expect(await stranger.send('POST', '/api/next', {})).toMatchObject({ body: { error: { code: 'NAME_MISSING' } } });
    for (const [name, code] of [
      ['Ann', 'NAME_TAKEN'],
      [' Ann ', 'NAME_TAKEN'],
      ['ANN', 'NAME_ALIKE'],
      ['Апп', 'NAME_ALIKE'],
      ['Án n', 'NAME_ALIKE'],
      ['A\u200bnn', 'NAME_UNUSABLE'],
    ] as const) {
      const answer = await stranger.send('POST', '/api/name', { name });
      expect({ name, code: answer.body.error?.code, set: answer.set }).toEqual({ name, code, set: null });
    }
    const joined = await stranger.send('POST', '/api/name', { name: 'Cy' });
    expect(joined.body).toMatchObject({ name: 'Cy', role: 'annotator' });
    expect((await stranger.send('POST', '/api/next', {})).status).toBe(200);
    expect((await stranger.signIn(TOKENS.annotator)).body.name).toBe('Cy');
    // Once joined, they stay who they are.
    expect((await stranger.send('POST', '/api/name', { name: 'Dee' })).body.error.code).toBe('OTHER_PERSON');
  });

  it('by changing a cookie, or with one of another campaign', async () => {
    const forged = new Browser();
    const [name, value] = ann.cookie.split('=') as [string, string];
    const [role, id, mac] = value.split('.') as [string, string, string];
    const boId = bo.cookie.split('.')[1]!;
    const other = await deskLab(home, 'other');
    const elsewhere = await webLab(other.folder, {
      campaign: other.options,
      assets: plainAssets(home),
      tokens: TOKENS,
    });
    const there = await lead(() => elsewhere);
    const browser = new Browser(() => elsewhere);
    await browser.signIn((await there.invite('Ann')).token);
    for (const cookie of [
      `${name}=${role}.${boId}.${mac}`,
      `${name}=lead.${id}.${mac}`,
      `${name}=${role}.0.${mac}`,
      `${name}=${role}.${id}.${mac.slice(0, -1)}`,
      `${name}=${role}.${id}.`,
      `${name}=`,
      `${name}=${browser.cookie.split('=')[1]}`,
      browser.cookie,
      `x${ann.cookie}`,
    ]) {
      forged.cookie = cookie;
      expect({ cookie, status: (await forged.send('GET', '/api/session')).status }).toEqual({ cookie, status: 401 });
    }
    forged.cookie = `a=1; ${ann.cookie}; b=2`;
    expect((await forged.send('GET', '/api/session')).body.name).toBe('Ann');
    await elsewhere.close();
  });

  it('and annotators make and see no links', async () => {
    for (const [method, path, body] of [
      ['GET', '/api/links', undefined],
      ['POST', '/api/links', { names: ['Eve'] }],
      ['POST', '/api/links/1/revoke', {}],
    ] as const) {
      expect((await ann.send(method, path, body)).body.error.code).toBe('LEADS_ONLY');
    }
  });

  it('signs out with an empty cookie', async () => {
    const { set } = await bo.send('DELETE', '/api/session');
    expect(set).toMatch(/=; Max-Age=0; /);
    expect((await bo.send('GET', '/api/session')).status).toBe(401);
  });
});

describe('a lead', () => {
  it('enters a name to annotate, and keeps it when the link is opened again', async () => {
    const { browser } = await lead();
    expect((await browser.send('GET', '/api/items')).body.error.code).toBe('NAME_MISSING');
    expect((await browser.send('POST', '/api/name', { name: 'Lea' })).body).toMatchObject({
      role: 'lead',
      name: 'Lea',
    });
    expect((await browser.send('POST', '/api/next', {})).status).toBe(200);
    await browser.signIn(TOKENS.lead);
    expect((await browser.send('GET', '/api/session')).body.name).toBe('Lea');
  });

  it('is not taken for the annotator who used the browser before', async () => {
    const { invite } = await lead();
    const shared = new Browser();
    await shared.signIn((await invite('Ann')).token);
    await shared.signIn(TOKENS.lead);
    expect((await shared.send('GET', '/api/session')).body).toMatchObject({ role: 'lead', name: null });
  });

  it('is signed out when the token changes', async () => {
    const { browser } = await lead();
    const changed = await serve({ tokens: { ...TOKENS, lead: 'another-lead-token' } });
    const there = new Browser(() => changed);
    there.cookie = browser.cookie;
    expect((await there.send('GET', '/api/session')).status).toBe(401);
    await changed.close();
  });
});

describe('where only invited people have access', () => {
  it('the shared token opens nothing, and personal links do', async () => {
    const closed = await serve({ tokens: { ...TOKENS, annotator: null } });
    const server = () => closed;
    expect((await new Browser(server).signIn(TOKENS.annotator)).status).toBe(401);
    expect((await new Browser(server).signIn('')).status).toBe(401);
    const { token } = await (await lead(server)).invite('Ann');
    expect((await new Browser(server).signIn(token)).body.name).toBe('Ann');
    await closed.close();
  });
});

describe('on this machine alone', () => {
  it('nothing is signed, and a name that looks like one with work is refused', async () => {
    const plain = await deskLab(home, 'plain');
    const own = await webLab(plain.folder, { campaign: plain.options, assets: plainAssets(home) });
    const send = (name: string) => own.ask(name, 'POST', '/api/next', {});
    expect((await send('Ann')).status).toBe(200);
    expect(await send('ann')).toMatchObject({ status: 409, body: { error: { code: 'NAME_ALIKE' } } });
    expect((await send('Anna')).status).toBe(200);
    expect((await own.ask('Ann', 'GET', '/api/links')).status).toBe(404);
    const opened = await fetch(`${own.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [CAMPAIGN_HEADER]: own.desk.key },
      body: JSON.stringify({ token: 'of-an-earlier-start' }),
    });
    expect(await opened.json()).toMatchObject({ hasLinks: false, name: null });
    expect(opened.headers.get('set-cookie')).toBeNull();
    await own.close();
  });
});
