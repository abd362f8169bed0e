import { beforeAll, describe, expect, it } from 'vitest';
import { deskLab } from '../../annotate/desk/desk-lab.ts';
import type { WebLab } from '../../annotate/server/web-lab.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import {
  browserForFile,
  enter,
  numberOf,
  otherItem,
  type Person,
  pagesForFile,
  rankOf,
  response,
  write,
} from './annotate-lab.ts';

const WHOLE = { filter: 'all', search: '', offset: 0, limit: 100 } as const;

describe.skipIf(!HAS_CHROMIUM)('Two people at once', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const servePage = pagesForFile();
  const serve = async (name: string, labels: object) =>
    servePage(await deskLab(home, name, { labels: { heldOutShare: 0, ...labels } }));

  describe('who share the items of a round', () => {
    let web: WebLab;
    let ann: Person;
    let bo: Person;
    beforeAll(async () => {
      web = await serve('shared', {});
      ann = await newPerson();
      bo = await newPerson();
      await enter(ann.page, web.url, 'Ann');
      await enter(bo.page, web.url, 'Bo');
    });

    it('get different items', async () => {
      expect(numberOf(ann.page)).not.toBe(numberOf(bo.page));
    });

    it('see who is working on an item and can go to another', async () => {
      const rank = await rankOf(ann.page);
      await ann.page.keyboard.type('Mine');
      await bo.page.goto(`${web.url}/#item=${numberOf(ann.page)}`);
      await bo.page.getByText('Ann is working on this item.').waitFor();
      expect(await rankOf(bo.page)).toBe(rank);
      expect(await bo.page.getByRole('button', { name: 'Submit' }).isDisabled()).toBe(true);
      expect(await response(bo.page).inputValue()).toBe('');

      await bo.page.keyboard.press('n');
      await otherItem(bo.page, rank);
    });

    it('answer every item exactly once', async () => {
      for (const { page } of [ann, bo, ann, bo, ann, bo]) {
        if ((await page.getByRole('heading', { name: /All done|all caught up/ }).count()) > 0) continue;
        const rank = await rankOf(page);
        await write(page, `An answer to ${rank}`);
        await page.keyboard.press('Control+Enter');
        await page.getByRole('heading', { name: `Item ${rank} of 6` }).waitFor({ state: 'detached' });
        await page.locator('.sending').waitFor({ state: 'detached' });
      }
      await bo.page.getByRole('heading', { name: /All done|all caught up/ }).waitFor();
      const { people } = web.desk.teamOverview();
      expect(people.map(({ answered }) => answered)).toEqual([3, 3]);
      expect(web.desk.list('Ann', WHOLE).items.filter(({ state }) => state === 'answered')).toHaveLength(3);
      expect([...ann.complaints, ...bo.complaints]).toEqual([]);
    });
  });

  it('keep their text when the other was faster', async () => {
    const web = await serve('quicker', {});
    const { page } = await newPerson();
    await enter(page, web.url, 'Ann');
    const number = numberOf(page);
    await response(page).fill('Slow text');
    await page.getByText('Saved', { exact: true }).waitFor();
    // Ann was away so long that her hold expired, and Bo answered the item.
    web.desk.release('Ann', number);
    web.desk.open('Bo', number);
    const { writing } = web.desk.open('Bo', number);
    web.desk.submit('Bo', number, {
      ...writing,
      verdict: 'accepted',
      response: 'Quick text',
      comment: '',
      seconds: 1,
    });
    await page.keyboard.press('Control+Enter');
    await page.getByText('Item 1 was not submitted: Someone else has this item now.').waitFor();
    await page.getByRole('button', { name: 'Open item 1' }).click();
    await page.getByText('This item is complete.').waitFor();
    expect(await response(page).inputValue()).toBe('Slow text');
    await page.getByRole('button', { name: 'Next open item' }).click();
    await otherItem(page, 1);
  });

  it('are told that an item is taken when they write after their hold expired', async () => {
    const web = await serve('ended', {});
    const { page } = await newPerson();
    await enter(page, web.url, 'Ann');
    const number = numberOf(page);
    web.desk.release('Ann', number);
    web.desk.open('Bo', number);
    await page.keyboard.type('Too late');
    await page.getByText('Bo is working on this item. Your text is saved.').waitFor();
    expect(web.desk.open('Ann', number).writing.response).toBe('Too late');
  });

  it('are told that an item is taken on a page that the browser cached and shows again', async () => {
    const web = await serve('shown-again', {});
    const { page } = await newPerson();
    await enter(page, web.url, 'Ann');
    const number = numberOf(page);
    const dispatch = (type: string) =>
      page.evaluate((name) => dispatchEvent(new PageTransitionEvent(name, { persisted: true })), type);
    await dispatch('pagehide');
    await expect.poll(() => web.desk.progress(null).atWork).toEqual([]);
    await dispatch('pageshow');
    await expect.poll(() => web.desk.progress(null).atWork).toEqual(['Ann']);
    await dispatch('pagehide');
    await expect.poll(() => web.desk.progress(null).atWork).toEqual([]);
    web.desk.open('Bo', number);
    await dispatch('pageshow');
    await page.getByText('Bo is working on this item.').waitFor();
  });

  it('are told when a round ended without some of their answers', async () => {
    const lab = await deskLab(home, 'over');
    const web = await servePage(lab);
    const { page } = await newPerson();
    await enter(page, web.url, 'Ann');
    const { items } = web.desk.list('Ann', WHOLE);
    const submit = (number: number) =>
      web.desk.submit('Bo', number, { verdict: 'accepted', revision: 0, response: 'B', comment: '', seconds: 0 });
    for (const { number } of items.slice(2, 5)) submit(number);
    await lab.work((campaign) => campaign.waitForLabels({ goOn: true }));
    await page.reload();
    await page.getByText('The round ended without an answer to this item.').waitFor();
    await page.getByRole('button', { name: 'Next open item' }).click();
    await page.getByRole('heading', { name: 'This round is over' }).waitFor();
    expect(await page.locator('.end').textContent()).toContain('ended with 3 of 6 items; the rest were dropped');
    const progress = page.getByRole('region', { name: 'Progress' });
    expect(await progress.textContent()).not.toContain('about');
    await page.goto(`${web.url}/lead`);
    await progress.getByText(/^0 left$/).waitFor();
  });

  it('are compared on the lead’s page on items that both answered', async () => {
    const web = await serve('overlap', { annotators: 2 });
    const [first, second] = web.desk.list('Ann', WHOLE).items;
    const submit = (name: string, number: number, text: string, verdict: 'accepted' | 'rejected' = 'accepted') => {
      const { writing } = web.desk.open(name, number);
      const [response, comment] = verdict === 'accepted' ? [text, ''] : ['', text];
      web.desk.submit(name, number, { ...writing, verdict, response, comment, seconds: 30 });
    };
    submit('Ann', first!.number, 'Water boils at one hundred degrees.');
    submit('Bo', first!.number, 'Water boils at one hundred degrees here.');
    submit('Ann', second!.number, 'It is fine.');
    submit('Bo', second!.number, 'No one could know', 'rejected');
    const { page, complaints } = await newPerson();
    await page.clock.install();
    await enter(page, web.url, 'Lea');
    await page.getByRole('link', { name: 'Team' }).click();
    await page.getByRole('heading', { name: 'Agreement' }).waitFor();
    const overview = web.desk.teamOverview();
    for (const { annotator, answered, rejected } of overview.people) {
      const row = page
        .getByRole('table', { name: 'Team' })
        .getByRole('row', { name: new RegExp(`^${annotator} ${answered} ${rejected} `) });
      expect(await row.count()).toBe(1);
    }
    const share = `${Math.round(overview.pairs[0]!.wordF1 * 100)} %`;
    expect(await page.getByRole('row', { name: /^Ann and Bo/ }).textContent()).toContain(share);
    const disputed = page.getByRole('article').filter({ hasText: 'Answered and rejected' });
    expect(await disputed.textContent()).toMatch(/It is fine\..*No one could know/s);

    // New work appears without a reload, and items can be opened from here.
    submit('Cy', web.desk.list('Cy', WHOLE).items[2]!.number, 'A third voice.');
    await page.clock.fastForward(10_000);
    await page.getByRole('table', { name: 'Team' }).getByRole('row', { name: /^Cy 1/ }).waitFor();
    await disputed.getByRole('link').click();
    await page.getByRole('heading', { name: `Item ${second!.rank} of 6` }).waitFor();
    expect(complaints).toEqual([]);
  });
});
