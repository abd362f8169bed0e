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

  it('decide, send back and drop in the name of the lead, and refuse what they do not know', async () => {
    const act = (request: object) => web.ask(null, 'POST', `/api/lead/items/${number}/actions`, request);
    const { id } = web.desk.labels.item(number).labels[0]!;
    expect((await act({ kind: 'choose', label: id })).body).toMatchObject({ decision: { by: 'Lead' } });
    expect((await act({ kind: 'undo-decision' })).body).toMatchObject({ decision: null });
    const back = await act({ kind: 'send-back', annotator: 'Ann', comment: 'Why?' });
    expect(back.body.requests).toEqual([{ annotator: 'Ann', comment: 'Why?' }]);
    for (const wrong of [
      { kind: 'send-back', annotator: 'Ann', comment: '' },
      { kind: 'erase' },
      { kind: 'choose', label: id, more: 1 },
    ]) {
      expect((await act(wrong)).status).toBe(400);
    }
    expect(await act({ kind: 'choose', label: 999 })).toMatchObject({
      status: 404,
      body: { error: { code: 'NO_SUCH_LABEL' } },
    });
    const dropped = await web.ask(null, 'POST', '/api/lead/people/drop', { annotator: 'Ann', askAgain: true });
    expect(dropped.body.people).toMatchObject([{ annotator: 'Ann', isDropped: true }]);
    const restored = await web.ask(null, 'POST', '/api/lead/people/restore', { annotator: 'Ann' });
    expect(restored.body.people).toMatchObject([{ annotator: 'Ann', isDropped: false }]);
    // A lead with a link of their own acts in its name.
    expect((await web.ask('Mia', 'POST', `/api/lead/items/${number}/actions`, { kind: 'close' })).status).toBe(403);
  });

  it('show the pay, adjust it with a reason, and give it as a table', async () => {
    const adjust = (request: object) => web.ask(null, 'POST', '/api/lead/pay', request);
    const { body } = await adjust({ annotator: 'Ann', microUsd: 2_000_000, reason: 'Bonus' });
    expect(body).toMatchObject([{ annotator: 'Ann', answered: 1, totalMicroUsd: 2_000_000 }]);
    expect((await web.ask(null, 'GET', '/api/lead/pay')).body).toEqual(body);
    expect((await adjust({ annotator: 'Ann', microUsd: 1, reason: ' ' })).status).toBe(400);
    expect((await adjust({ annotator: 'Ann', microUsd: 0.5, reason: 'Half' })).status).toBe(400);
    const table = await fetch(`${web.url}/api/lead/pay.csv`, { headers: { authorization: `Bearer ${TOKENS.lead}` } });
    expect(table.headers.get('content-disposition')).toBe('attachment; filename="pay.csv"');
    expect(await table.text()).toContain('2.000000,"Bonus (Lead)"');
  });

  it.each([
    ['GET', '/api/lead'],
    ['GET', '/api/lead/labels'],
    ['GET', '/api/lead/items/1'],
    ['POST', '/api/lead/items/1/actions', { kind: 'undo-decision' }],
    ['POST', '/api/lead/people/drop', { annotator: 'Ann', askAgain: false }],
    ['POST', '/api/lead/people/restore', { annotator: 'Ann' }],
    ['GET', '/api/lead/pay'],
    ['GET', '/api/lead/pay.csv'],
    ['POST', '/api/lead/pay', { annotator: 'Ann', microUsd: 1, reason: 'Mine' }],
  ])('refuse annotators: %s %s', async (method, path, request?: object) => {
    const { status, body } = await web.ask('Ann', method, path, request);
    expect({ status, code: body.error.code }).toEqual({ status: 403, code: 'LEADS_ONLY' });
  });
});
