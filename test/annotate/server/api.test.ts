import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANNOTATOR_HEADER, CAMPAIGN_HEADER } from '../../../src/annotate/server/web-api.ts';
import { WINNOW_VERSION } from '../../../src/version.ts';
import type { CampaignLab } from '../../campaign/campaign-lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { deskLab } from '../desk/desk-lab.ts';
import { plainAssets, type WebLab, webLab } from './web-lab.ts';

const home = temporaryFolder();
const NOTHING = { revision: 0, response: '', comment: '', seconds: 0 };
let campaign: CampaignLab;
let web: WebLab;

beforeAll(async () => {
  const seed = { strategy: 'random', count: 12 };
  campaign = await deskLab(home, 'campaign', { rounds: { most: 1, seed, necessity: { count: 1, evaluate: 1 } } });
  web = await webLab(campaign.folder, { campaign: campaign.options, assets: plainAssets(home) });
});
afterAll(() => web.close());

const next = async (annotator: string) => (await web.ask(annotator, 'POST', '/api/next', {})).body.item;

describe('the API', () => {
  it('describes the session without a name', async () => {
    const { status, body } = await web.ask(null, 'GET', '/api/session');
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        campaign: 'campaign',
        key: web.desk.key,
        version: WINNOW_VERSION,
        role: 'lead',
        hasLinks: false,
        name: null,
      },
    });
  });

  it('lists, filters, searches and pages as the desk does', async () => {
    const all = await web.ask('anna', 'GET', '/api/items');
    expect(all.body).toMatchObject({ round: 1, total: 12, offset: 0 });
    expect(all.body.items).toHaveLength(12);
    const query = {
      round: 1,
      filter: 'open' as const,
      search: all.body.items[2].excerpt.slice(3, 20),
      offset: 0,
      limit: 5,
    };
    const found = await web.ask(
      'anna',
      'GET',
      `/api/items?${new URLSearchParams({ ...query, round: '1', offset: '0', limit: '5' })}`,
    );
    expect(found.body).toEqual(JSON.parse(JSON.stringify(web.desk.list('anna', query))));
    expect(found.body.total).toBe(1);
    expect((await web.ask('anna', 'GET', '/api/items?offset=4&limit=1')).body.items).toEqual([all.body.items[4]]);
  });

  it('gives the next item, and after it the one that follows', async () => {
    const first = await next('bob');
    expect(first).toMatchObject({ rank: 1, state: 'open', writing: { revision: 0 } });
    const second = await web.ask('bob', 'POST', '/api/next', { after: first.number });
    expect(second.body.item.rank).toBe(2);
    expect(second.body.progress).toMatchObject({ round: 1, items: 12, atWork: ['bob'] });
    expect(second.body.ahead.rank).toBe(3);
    for (const { number } of [first, second.body.item, second.body.ahead]) {
      const released = await web.ask('bob', 'POST', `/api/items/${number}/release`);
      expect(released).toMatchObject({ status: 204, body: null });
    }
    expect((await web.ask('bob', 'GET', '/api/progress')).body.atWork).toEqual([]);
  });

  it('saves, submits and shows an item', async () => {
    const { number } = await next('carla');
    const path = `/api/items/${number}`;
    const saved = await web.ask('carla', 'PUT', `${path}/writing`, { ...NOTHING, response: 'So', seconds: 1.5 });
    expect(saved.body).toMatchObject({ writing: { revision: 1, response: 'So', submitted: false } });
    expect(saved.body.heldUntilMs).toBeGreaterThan(0);
    const label = { ...NOTHING, revision: 1, response: 'So it is. \u0000 \u001b[31m <script>', verdict: 'accepted' };
    const submitted = await web.ask('carla', 'POST', `${path}/label`, label);
    expect(submitted.body).toMatchObject({
      item: { state: 'answered', verdict: 'accepted', writing: { response: label.response, submitted: true } },
      next: { item: { rank: 2, state: 'open' }, ahead: { rank: 3 }, progress: { mine: { answered: 1 }, complete: 1 } },
    });
    const opened = await web.ask('carla', 'POST', `${path}/open`);
    expect(opened.body.item).toEqual({ ...submitted.body.item, heldUntilMs: expect.any(Number) });
    expect(opened.body.progress).toMatchObject({ complete: 1 });
    const lead = await web.ask(null, 'GET', '/api/lead');
    expect(lead.body.people).toMatchObject([{ annotator: 'carla', answered: 1 }]);
  });

  it('reserves the item that the page shows already, and answers with what follows it', async () => {
    const { item, ahead } = (await web.ask('lia', 'POST', '/api/next', {})).body;
    const label = { ...NOTHING, response: 'Done.', verdict: 'accepted', shown: ahead.number };
    const { next: following } = (await web.ask('lia', 'POST', `/api/items/${item.number}/label`, label)).body;
    expect(following.item).toMatchObject({ number: ahead.number, heldUntilMs: expect.any(Number) });
    expect(following.ahead.rank).toBeGreaterThan(ahead.rank);
    for (const { number } of [following.item, following.ahead]) {
      await web.ask('lia', 'POST', `/api/items/${number}/release`);
    }
  });

  it('accepts a name in any script', async () => {
    const { number } = await next('Zoë 山田');
    await web.ask('Zoë 山田', 'POST', `/api/items/${number}/label`, {
      ...NOTHING,
      comment: 'Not mine.',
      verdict: 'skipped',
    });
    expect(web.desk.teamOverview().people.map(({ annotator }) => annotator)).toContain('Zoë 山田');
  });

  it('accepts a response of the longest length with any characters', async () => {
    const { number } = await next('dora');
    // JSON writes each of these as six bytes.
    const response = '\u0001'.repeat(1_000_000);
    const saved = await web.ask('dora', 'PUT', `/api/items/${number}/writing`, { ...NOTHING, response });
    expect(saved.status).toBe(200);
    expect(saved.body.writing.response).toBe(response);
  });
});

describe('a refusal by the desk', () => {
  it.each([
    ['an item that was never handed out', 404, 'NO_SUCH_ITEM', (_: number) => ['POST', '/api/items/999999/open', {}]],
    ['a round that does not exist', 404, 'NO_SUCH_ITEM', () => ['GET', '/api/progress?round=7']],
    [
      'an empty response',
      422,
      'EMPTY_RESPONSE',
      (n: number) => ['POST', `/api/items/${n}/label`, { ...NOTHING, verdict: 'accepted' }],
    ],
    [
      'a response that is too long',
      413,
      'TOO_LONG',
      (n: number) => ['PUT', `/api/items/${n}/writing`, { ...NOTHING, response: 'x'.repeat(1_000_001) }],
    ],
  ] as const)('is answered for %s', async (_, status, code, request) => {
    const { number } = await next('emil');
    const [method, path, body] = request(number) as [string, string, unknown];
    const answer = await web.ask('emil', method, path, body);
    expect(answer).toMatchObject({ status, body: { error: { code, hint: expect.any(String) } } });
  });

  it('contains what another tab saved first', async () => {
    const { number } = await next('fay');
    const path = `/api/items/${number}/writing`;
    await web.ask('fay', 'PUT', path, { ...NOTHING, response: 'the first tab' });
    const late = await web.ask('fay', 'PUT', path, { ...NOTHING, response: 'the second tab' });
    expect(late.status).toBe(409);
    expect(late.body.error).toMatchObject({ code: 'CONFLICT', writing: { revision: 1, response: 'the first tab' } });
  });

  it('contains what was saved if another person has the item', async () => {
    const { number } = await next('gus');
    const answer = await web.ask('hal', 'POST', `/api/items/${number}/label`, {
      ...NOTHING,
      response: 'mine',
      verdict: 'accepted',
    });
    expect(answer.status).toBe(409);
    expect(answer.body.error).toMatchObject({ code: 'TAKEN', writing: { response: 'mine', submitted: false } });
  });

  it.each([
    ['', 'NAME_MISSING'],
    [' ', 'NAME_MISSING'],
    ['x'.repeat(61), 'NAME_TOO_LONG'],
    ['a\u202eb', 'NAME_UNUSABLE'],
  ])('is answered for the name %j', async (name, code) => {
    for (const [method, path] of [
      ['GET', '/api/items'],
      ['GET', '/api/progress'],
      ['POST', '/api/next'],
      ['POST', '/api/items/1/open'],
    ]) {
      const answer = await web.ask(name, method!, path!);
      expect(answer).toMatchObject({ status: 400, body: { error: { code } } });
    }
  });
});

describe('a request that was meant for another campaign', () => {
  it('changes nothing on any route', async () => {
    const { number } = (await web.ask('ida', 'GET', '/api/items')).body.items[0];
    const before = web.desk.open('ida', number).writing;
    const send = (key: string, method: string, path: string, body?: object) =>
      fetch(`${web.url}${path}`, {
        method,
        headers: { [ANNOTATOR_HEADER]: 'ida', [CAMPAIGN_HEADER]: key, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const draft = { ...NOTHING, response: 'of another campaign' };
    for (const [method, path, body] of [
      ['PUT', `/api/items/${number}/writing`, draft],
      ['POST', `/api/items/${number}/label`, { ...draft, verdict: 'accepted' }],
      ['POST', '/api/next', {}],
      ['GET', '/api/items'],
      ['GET', '/api/lead'],
    ] as const) {
      const refused = await send('0123456789ab', method, path, body);
      expect(refused.status).toBe(409);
      expect(await refused.json()).toMatchObject({ error: { code: 'OTHER_CAMPAIGN' } });
    }
    expect(web.desk.open('ida', number).writing).toEqual(before);
    expect((await send(web.desk.key, 'PUT', `/api/items/${number}/writing`, draft)).status).toBe(200);
  });
});

describe('an unexpected error', () => {
  it('is logged on the server and hidden from the client', async () => {
    const lab = await deskLab(home, 'closed');
    const broken = await webLab(lab.folder, { campaign: lab.options, assets: plainAssets(home) });
    await broken.desk.close();
    const answer = await broken.ask('anna', 'GET', '/api/items');
    expect(answer.status).toBe(500);
    expect(answer.body.error).toEqual({
      code: 'INTERNAL',
      message: 'Something went wrong on the server.',
      hint: expect.any(String),
    });
    expect(broken.errors).toEqual([expect.objectContaining({ message: 'The database connection is not open' })]);
    await broken.close();
  });
});
