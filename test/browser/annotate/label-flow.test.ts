import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { deskLab, necessityLab } from '../../annotate/desk/desk-lab.ts';
import type { WebLab } from '../../annotate/server/web-lab.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import {
  browserForFile,
  enter,
  itemHeading,
  otherPlace,
  pagesForFile,
  placeOf,
  response,
  saved,
  write,
} from './annotate-lab.ts';

describe.skipIf(!HAS_CHROMIUM)('Labeling in the browser', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const serve = pagesForFile();

  describe('by keyboard alone', () => {
    let web: WebLab;
    let page: Page;
    let complaints: string[];
    beforeAll(async () => {
      web = await serve(await deskLab(home, 'keyboard'));
      ({ page, complaints } = await newPerson());
      await page.goto(web.url);
      await page.getByLabel('Your name').and(page.locator(':focus')).waitFor();
      await page.keyboard.type('Ann');
      await page.keyboard.press('Enter');
      await itemHeading(page).waitFor();
    });

    it('answers, skips and rejects every item of a round, each with what is asked for', async () => {
      const { keyboard } = page;
      expect(await placeOf(page)).toBe(1);
      // Letters are text while the person writes, and that is from the start.
      await keyboard.type('srnjkbl? is what I say.');
      await keyboard.press('Control+Enter');
      expect(await otherPlace(page, 1)).toBe(2);

      await keyboard.press('Escape');
      await keyboard.press('s');
      await page.getByRole('dialog', { name: 'Skip this item' }).waitFor();
      await keyboard.press('2');
      await keyboard.press('Enter');
      expect(await otherPlace(page, 2)).toBe(3);

      await keyboard.press('Escape');
      await keyboard.press('r');
      const reason = page.getByRole('textbox', { name: 'Reason' });
      await reason.waitFor();
      await keyboard.type('Nobody could know');
      await keyboard.press('Control+Enter');
      expect(await otherPlace(page, 3)).toBe(4);

      const desk = web.desk;
      const labels = desk.teamOverview().people.map(({ answered, rejected, skipped }) => [answered, rejected, skipped]);
      expect(labels).toEqual([[1, 1, 1]]);
      const { items } = desk.list('Ann', { filter: 'all', search: '', offset: 0, limit: 10 });
      const [first, second, third] = items.map(({ number }) => desk.open('Ann', number).writing);
      expect(first).toMatchObject({ response: 'srnjkbl? is what I say.', submitted: true });
      expect(second!.comment).toBe('Takes too long');
      expect(third!.comment).toBe('Nobody could know');
    });

    it('does not submit nothing, and says so', async () => {
      await page.keyboard.press('Control+Enter');
      await page.getByRole('alert').waitFor();
      expect(await page.getByRole('alert').textContent()).toMatch(/blank|empty|response/i);
      expect(await response(page).evaluate((field) => field === document.activeElement)).toBe(true);
      await page.keyboard.press('Escape');
      expect(await placeOf(page)).toBe(4);
    });

    it('goes back to change an answer, and on again', async () => {
      await page.keyboard.press('b');
      expect(await otherPlace(page, 4)).toBe(3);
      await page.keyboard.press('b');
      expect(await otherPlace(page, 3)).toBe(2);
      await page.keyboard.press('k');
      expect(await otherPlace(page, 2)).toBe(1);
      await page.getByText('You answered this one. Submit it again to change it.').waitFor();
      await page.keyboard.press('e');
      await page.keyboard.press('Control+End');
      await page.keyboard.type(' And more.');
      await saved(page);
      await page.getByText('counts only when you submit it again').waitFor();
      await page.reload();
      await page.getByText('counts only when you submit it again').waitFor();
      await page.keyboard.press('Control+Enter');
      await otherPlace(page, 1);
      const { items } = web.desk.list('Ann', { filter: 'done', search: '', offset: 0, limit: 10 });
      expect(web.desk.open('Ann', items[0]!.number).writing.response).toBe('srnjkbl? is what I say. And more.');
    });

    it('finds items by filter, by search and by place', async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('l');
      const dialog = page.getByRole('dialog', { name: 'Items' });
      await dialog.getByRole('button', { name: /Skipped 1/ }).focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => dialog.getByRole('listitem').count()).toBe(1);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });

      const sixth = web.desk.list('Ann', { filter: 'all', search: '', offset: 5, limit: 1 }).items[0]!;
      await page.keyboard.press('g');
      await page.getByRole('textbox', { name: 'Place in the round' }).waitFor();
      await page.keyboard.type('6');
      await page.keyboard.press('Enter');
      await itemHeading(page).and(page.getByText('Item 6 of 6')).waitFor();
      expect(page.url()).toContain(`#item=${sixth.number}`);

      const fifth = web.desk.list('Ann', { filter: 'all', search: '', offset: 4, limit: 1 }).items[0]!;
      const { id } = web.desk.open('Ann', fifth.number);
      await page.keyboard.press('Escape');
      await page.keyboard.press('/');
      await dialog.getByRole('button', { name: /All 6/ }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('searchbox').focus();
      await page.keyboard.type(id.toUpperCase());
      await page.keyboard.press('Enter');
      await itemHeading(page).and(page.getByText('Item 5 of 6')).waitFor();
    });

    it('answers of no other item what was asked of one, where the browser goes back meanwhile', async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('r');
      const dialog = page.getByRole('dialog', { name: 'Reject this instruction' });
      await dialog.waitFor();
      const place = await placeOf(page);
      await page.goBack();
      await otherPlace(page, place);
      expect(await dialog.count()).toBe(0);
      await page.goForward();
      await itemHeading(page).and(page.getByText('Item 5 of 6')).waitFor();
    });

    it('shows all keys, and lets single ones be turned off', async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      const dialog = page.getByRole('dialog', { name: 'Keys' });
      for (const says of ['Submit, also while writing', 'Skip, with a reason', 'Back to the item before'])
        await dialog.getByText(says).waitFor();
      await dialog.getByRole('checkbox').focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('Escape');
      await page.keyboard.press('l');
      await page.keyboard.press('s');
      expect(await page.getByRole('dialog').count()).toBe(0);
      await page.getByRole('button', { name: 'Keys' }).focus();
      await page.keyboard.press('Enter');
      await dialog.getByRole('checkbox').focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('Escape');
    });

    it('ends in a friendly way, and goes on when an item comes back', async () => {
      const { items } = web.desk.list('Ann', { filter: 'open', search: '', offset: 0, limit: 10 });
      for (let left = items.length + 1; left > 0; left--) {
        if ((await page.getByRole('heading', { name: 'All done' }).count()) > 0) break;
        const place = await placeOf(page);
        await write(page, `Answer ${place}`);
        await page.keyboard.press('Control+Enter');
        await expect
          .poll(
            async () => (await page.getByRole('heading', { level: 2 }).first().textContent()) !== `Item ${place} of 6`,
          )
          .toBe(true);
      }
      await page.getByRole('heading', { name: 'All done' }).waitFor();
      expect(await page.locator('.end').textContent()).toContain('You answered 4, rejected 1, skipped 1.');
      expect(complaints).toEqual([]);
    });
  });

  it('shows the failing answer, starts from it, and gives back what was there', async () => {
    const web = await serve(await necessityLab(home, 'failing'));
    const { page, complaints } = await newPerson();
    await enter(page, web.url, 'Ann');
    const { items } = web.desk.list('Ann', { filter: 'all', search: '', offset: 0, limit: 1 });
    const { failingAnswer } = web.desk.open('Ann', items[0]!.number);
    const section = page.getByRole('region', { name: /failing answer/ });
    expect(await section.textContent()).toContain(failingAnswer!.judgeReason);
    await page.keyboard.press('Escape');
    await page.keyboard.press('f');
    expect(await response(page).inputValue()).toBe(failingAnswer!.response);
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);

    await response(page).fill('My own words');
    await section.getByRole('button', { name: /Start from this answer/ }).click();
    expect(await response(page).inputValue()).toBe(failingAnswer!.response);
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await response(page).inputValue()).toBe('My own words');
    await saved(page);
    // By the browser's own keys, and however much was written since.
    await section.getByRole('button', { name: /Start from this answer/ }).click();
    await page.keyboard.press('Control+Z');
    expect(await response(page).inputValue()).toBe('My own words');
    await section.getByRole('button', { name: /Start from this answer/ }).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' and more');
    expect(await response(page).inputValue()).toBe(`${failingAnswer!.response} and more`);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(', so there');
    expect(await response(page).inputValue()).toBe('My own words, so there');
    await saved(page);
    expect(complaints).toEqual([]);
  });

  it('asks for the token of the address, and keeps it out of sight', async () => {
    const tokens = { annotator: 'annotator-token-0123', lead: 'lead-token-0123456789' };
    const web = await serve(await deskLab(home, 'tokens'), { tokens });
    const { page } = await newPerson();
    await page.goto(`${web.url}/#token=wrong-wrong-wrong-wrong`);
    await page.getByRole('heading', { name: 'The token is wrong' }).waitFor();
    expect(page.url()).toBe(`${web.url}/`);
    await page.getByLabel('Address or token').fill(`${web.url}/#token=${tokens.annotator}`);
    await page.keyboard.press('Enter');
    await page.getByLabel('Your name').fill('Ann');
    await page.keyboard.press('Enter');
    await itemHeading(page).waitFor();
    expect(await page.getByRole('link', { name: 'Overview' }).count()).toBe(0);
    await page.reload();
    await itemHeading(page).waitFor();

    // The address of another token, opened where the page is open: the browser loads nothing for it.
    await page.evaluate(() => location.assign('#token=wrong-wrong-wrong-wrong'));
    await page.getByRole('heading', { name: 'The token is wrong' }).waitFor();
    await page.evaluate((token) => location.assign(`#token=${token}`), tokens.annotator);
    await itemHeading(page).waitFor();
    expect(page.url()).not.toContain('token');

    await page.goto(`${web.url}/lead`);
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('Only leads');
    await page.goto(`about:blank`);
    await page.goto(`${web.url}/lead#token=${tokens.lead}`);
    await page.getByRole('heading', { name: 'Agreement' }).waitFor();
    expect(page.url()).toBe(`${web.url}/lead`);
  });
});
