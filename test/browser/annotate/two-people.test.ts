import { beforeAll, describe, expect, it } from 'vitest';
import { deskLab } from '../../annotate/desk/desk-lab.ts';
import type { WebLab } from '../../annotate/server/web-lab.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import {
  browserForFile,
  enter,
  numberOf,
  otherPlace,
  type Person,
  pagesForFile,
  placeOf,
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

    it('are handed different items', async () => {
      expect(numberOf(ann.page)).not.toBe(numberOf(bo.page));
    });

    it('are told who is at work on an item, and given it once it is free', async () => {
      const place = await placeOf(ann.page);
      await ann.page.keyboard.type('Mine');
      await bo.page.goto(`${web.url}/#item=${numberOf(ann.page)}`);
      await bo.page.getByText('Ann is at work on this one.').waitFor();
      expect(await placeOf(bo.page)).toBe(place);
      expect(await bo.page.getByRole('button', { name: 'Submit' }).isDisabled()).toBe(true);
      expect(await response(bo.page).inputValue()).toBe('');

      await bo.page.keyboard.press('n');
      await otherPlace(bo.page, place);
    });

    it('end with every item answered exactly once', async () => {
      for (const { page } of [ann, bo, ann, bo, ann, bo]) {
        if ((await page.getByRole('heading', { name: /All done|Nothing is left/ }).count()) > 0) continue;
        const place = await placeOf(page);
        await write(page, `An answer to ${place}`);
        await page.keyboard.press('Control+Enter');
        await page.getByRole('heading', { name: `Item ${place} of 6` }).waitFor({ state: 'detached' });
      }
      await bo.page.getByRole('heading', { name: /All done|Nothing is left/ }).waitFor();
      const { people } = web.desk.teamOverview();
      expect(people.map(({ answered }) => answered)).toEqual([3, 3]);
      expect(web.desk.list('Ann', WHOLE).items.filter(({ state }) => state === 'answered')).toHaveLength(3);
      expect([...ann.complaints, ...bo.complaints]).toEqual([]);
    });
  });

  it('keep what they wrote when somebody else was quicker', async () => {
    const web = await serve('quicker', {});
    const { page } = await newPerson();
    await enter(page, web.url, 'Ann');
    const number = numberOf(page);
    await response(page).fill('Slow words');
    await page.getByText('Saved', { exact: true }).waitFor();
    // Ann was away so long that her hold ended, and Bo has answered it meanwhile.
    web.desk.release('Ann', number);
    web.desk.open('Bo', number);
    const { writing } = web.desk.open('Bo', number);
    web.desk.submit('Bo', number, {
      ...writing,
      verdict: 'accepted',
      response: 'Quick words',
      comment: '',
      seconds: 1,
    });
    await page.keyboard.press('Control+Enter');
    await page.getByText('As many people as are wanted have answered this one.').waitFor();
    expect(await response(page).inputValue()).toBe('Slow words');
    await page.getByRole('button', { name: 'Next item' }).click();
    await otherPlace(page, 1);
  });

  it('hear of each other with the first words they write, where a hold has ended', async () => {
    const web = await serve('ended', {});
    const { page } = await newPerson();
    await enter(page, web.url, 'Ann');
    const number = numberOf(page);
    web.desk.release('Ann', number);
    web.desk.open('Bo', number);
    await page.keyboard.type('Too late');
    await page.getByText('Bo is at work on this one. What you wrote is kept.').waitFor();
    expect(web.desk.open('Ann', number).writing.response).toBe('Too late');
  });

  it('hear of each other on a page that the browser kept and shows again', async () => {
    const web = await serve('shown-again', {});
    const { page } = await newPerson();
    await enter(page, web.url, 'Ann');
    const number = numberOf(page);
    const tell = (type: string) =>
      page.evaluate((name) => dispatchEvent(new PageTransitionEvent(name, { persisted: true })), type);
    await tell('pagehide');
    await expect.poll(() => web.desk.progress(null).atWork).toEqual([]);
    await tell('pageshow');
    await expect.poll(() => web.desk.progress(null).atWork).toEqual(['Ann']);
    await tell('pagehide');
    await expect.poll(() => web.desk.progress(null).atWork).toEqual([]);
    web.desk.open('Bo', number);
    await tell('pageshow');
    await page.getByText('Bo is at work on this one.').waitFor();
  });

  it('are told that a round is over which went on without some of their answers', async () => {
    const lab = await deskLab(home, 'over');
    const web = await servePage(lab);
    const { page } = await newPerson();
    await enter(page, web.url, 'Ann');
    const { items } = web.desk.list('Ann', WHOLE);
    const say = (number: number) =>
      web.desk.submit('Bo', number, { verdict: 'accepted', revision: 0, response: 'B', comment: '', seconds: 0 });
    for (const { number } of items.slice(1, 4)) say(number);
    await lab.work((campaign) => campaign.waitForLabels({ goOn: true }));
    await page.reload();
    await page.getByText('Its round went on without an answer to this one.').waitFor();
    await page.getByRole('button', { name: 'Next item' }).click();
    await page.getByRole('heading', { name: 'The round is over' }).waitFor();
    expect(await page.locator('.end').textContent()).toContain('went on with 3 of its 6 items');
    const progress = page.getByRole('region', { name: 'Progress' });
    expect(await progress.textContent()).not.toContain('about');
    await page.goto(`${web.url}/lead`);
    await progress.getByText(/^0 left$/).waitFor();
  });

  it('are compared on the lead’s page where both answered', async () => {
    const web = await serve('overlap', { annotators: 2 });
    const [first, second] = web.desk.list('Ann', WHOLE).items;
    const say = (name: string, number: number, words: string, verdict: 'accepted' | 'rejected' = 'accepted') => {
      const { writing } = web.desk.open(name, number);
      const [text, comment] = verdict === 'accepted' ? [words, ''] : ['', words];
      web.desk.submit(name, number, { ...writing, verdict, response: text, comment, seconds: 30 });
    };
    say('Ann', first!.number, 'Water boils at one hundred degrees.');
    say('Bo', first!.number, 'Water boils at one hundred degrees here.');
    say('Ann', second!.number, 'It is fine.');
    say('Bo', second!.number, 'Nobody could know', 'rejected');
    const { page, complaints } = await newPerson();
    await page.clock.install();
    await enter(page, web.url, 'Lea');
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { name: 'Agreement' }).waitFor();
    const overview = web.desk.teamOverview();
    for (const { annotator, answered, rejected } of overview.people) {
      const row = page.getByRole('row', { name: new RegExp(`^${annotator} ${answered} ${rejected} `) });
      expect(await row.count()).toBe(1);
    }
    const share = `${Math.round(overview.pairs[0]!.wordF1 * 100)} %`;
    expect(await page.getByRole('row', { name: /^Ann and Bo/ }).textContent()).toContain(share);
    const disputed = page.getByRole('article').filter({ hasText: 'Answered by one, rejected by another' });
    expect(await disputed.textContent()).toMatch(/It is fine\..*Nobody could know/s);

    // What is new appears by itself, and an item can be opened from here.
    say('Cy', web.desk.list('Cy', WHOLE).items[2]!.number, 'A third voice.');
    await page.clock.fastForward(10_000);
    await page.getByRole('row', { name: /^Cy 1/ }).waitFor();
    await disputed.getByRole('link').click();
    await page.getByRole('heading', { name: `Item ${second!.rank} of 6` }).waitFor();
    expect(complaints).toEqual([]);
  });
});
