import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answer, deskLab } from '../desk/desk-lab.ts';
import { plainAssets, TOKENS, type WebLab, webLab } from './web-lab.ts';

const home = temporaryFolder();
let web: WebLab;
let number: number;

beforeAll(async () => {
  const { folder, options } = await deskLab(home, 'lead', { labels: { heldOutShare: 0, annotators: 2 } });
  web = await webLab(folder, { campaign: options, assets: plainAssets(home), tokens: TOKENS });
  number = web.desk.next('Ann')!.number;
  web.desk.submit('Ann', number, { ...answer('By Ann.'), doubtful: true });
});
afterAll(() => web.close());

describe('the routes of the lead', () => {
  it('list and open every label', async () => {
    const query = new URLSearchParams({ person: 'Ann', verdict: 'accepted', doubtful: 'only', search: 'by ann' });
    const { body } = await web.ask(null, 'GET', `/api/lead/labels?${query}`);
    expect(body).toMatchObject({ total: 1, items: [{ number, people: ['Ann'], isDoubtful: true }] });
    expect((await web.ask(null, 'GET', '/api/lead/labels?search=nothing+of+it')).body.total).toBe(0);
    const item = await web.ask(null, 'GET', `/api/lead/items/${number}`);
    expect(item.body).toEqual(JSON.parse(JSON.stringify(web.desk.labels.item(number))));
    expect((await web.ask(null, 'GET', '/api/lead/items/39999')).status).toBe(404);
    expect((await web.ask(null, 'GET', '/api/lead/labels?verdict=nice')).status).toBe(400);
  });

  it.each([
    ['GET', '/api/lead'],
    ['GET', '/api/lead/labels'],
    ['GET', '/api/lead/items/1'],
  ])('refuse annotators: %s %s', async (method, path) => {
    const { status, body } = await web.ask('Ann', method, path);
    expect({ status, code: body.error.code }).toEqual({ status: 403, code: 'LEADS_ONLY' });
  });
});
