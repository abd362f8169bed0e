import { afterAll, beforeAll, expect, it } from 'vitest';
import { ANNOTATOR_HEADER } from '../../../src/annotate/server/web-api.ts';
import { MORE, POOL } from '../../campaign/campaign-lab.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { answer, deskLab } from '../desk/desk-lab.ts';
import { plainAssets, type WebLab, webLab } from './web-lab.ts';

const home = temporaryFolder();
const MOST = 10;
const clock = new VirtualClock();
let web: WebLab;
beforeAll(async () => {
  const config = {
    labels: { heldOutShare: 0 },
    rounds: { most: 1, seed: { strategy: 'random', count: 60 }, necessity: { count: 1, evaluate: 1 } },
  };
  const lab = await deskLab(home, 'campaign', config, (made) => made.writePool('pool.jsonl', [...POOL, ...MORE]));
  web = await webLab(lab.folder, { campaign: { ...lab.options, clock }, assets: plainAssets(home) });
});
afterAll(() => web.close());

/** The cookie that a browser without one gets. */
async function newBrowser(): Promise<string> {
  const [cookie = ''] = (await fetch(`${web.url}/api/session`)).headers.getSetCookie();
  expect(cookie).toMatch(/^winnow-browser-[^=]+=[\w-]{22}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/);
  return cookie.split(';')[0]!;
}

async function ask(cookie: string, name: string, path: string, body: object = {}, method = 'POST') {
  const response = await fetch(`${web.url}/api${path}`, {
    method,
    headers: { [ANNOTATOR_HEADER]: name, 'content-type': 'application/json', ...(cookie === '' ? {} : { cookie }) },
    body: JSON.stringify(body),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests read any field of the answer.
  return { status: response.status, body: (await response.json()) as any };
}

it('gives names without a label ten items in one browser between them, and says so', async () => {
  const [mine, other] = [await newBrowser(), await newBrowser()];
  const given: number[] = [];
  for (let name = 1; name <= MOST; name += 1) {
    given.push((await ask(mine, `Name ${name}`, '/next')).body.item.number);
  }
  expect(new Set(given).size).toBe(MOST);
  const free = web.desk.list('Lena', { filter: 'all', search: '', offset: 0, limit: 99 }).items;
  const open = free.map(({ number }) => number).filter((number) => !given.includes(number));
  const refusal = {
    status: 429,
    body: {
      error: {
        code: 'TOO_MANY_HELD',
        message: 'This browser has 10 items reserved under names that have no label yet.',
        hint: 'Submit or release one of them, or try again in two minutes.',
      },
    },
  };
  expect(await ask(mine, 'Name 11', '/next')).toEqual(refusal);
  expect(await ask(mine, 'Name 11', `/items/${open.at(-1)}/open`)).toEqual(refusal);
  // Nor by more items for one of the names. What they have stays theirs.
  expect(await ask(mine, 'Name 1', '/next', { after: given[0] })).toEqual(refusal);
  expect((await ask(mine, 'Name 1', '/next')).body.item.number).toBe(given[0]);

  // Text is saved all the same.
  const draft = { revision: 0, response: 'My answer.', comment: '', seconds: 1 };
  const saved = await ask(mine, 'Name 11', `/items/${open.at(-1)}/writing`, draft, 'PUT');
  expect(saved).toMatchObject({ status: 200, body: { writing: { response: 'My answer.' }, heldUntilMs: null } });

  // Another browser, a request without a cookie, and a person who has submitted a label go on.
  expect((await ask(other, 'Olga', '/next')).status).toBe(200);
  expect((await ask('', 'Paul', '/next')).status).toBe(200);
  expect((await ask(mine, 'Name 1', `/items/${given[0]}/label`, answer('Done.'))).status).toBe(200);
  expect((await ask(mine, 'Name 11', '/next')).status).toBe(200);
  expect((await ask(mine, 'Name 12', '/next')).body.error.code).toBe('TOO_MANY_HELD');
  await clock.advance(120_000);
  expect((await ask(mine, 'Name 12', '/next')).status).toBe(200);
});

it('gives names without a label fifty items at one address between them, however many browsers they use', async () => {
  await clock.advance(600_000);
  const browsers = await Promise.all(Array.from({ length: 6 }, newBrowser));
  const given = new Set<number>();
  for (const [browser, cookie] of browsers.slice(0, 5).entries()) {
    for (let name = 1; name <= MOST; name += 1) {
      given.add((await ask(cookie, `Browser ${browser} name ${name}`, '/next')).body.item.number);
    }
  }
  expect(given.size).toBe(50);
  expect(await ask(browsers[5]!, 'The next one', '/next')).toMatchObject({
    status: 429,
    body: { error: { message: 'Your network address has 50 items reserved under names that have no label yet.' } },
  });
  const [one] = given;
  expect((await ask(browsers[0]!, 'Browser 0 name 1', `/items/${one}/label`, answer('Done.'))).status).toBe(200);
  expect((await ask(browsers[5]!, 'The next one', '/next')).status).toBe(200);
});
