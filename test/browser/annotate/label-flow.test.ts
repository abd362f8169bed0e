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
  otherItem,
  pagesForFile,
  rankOf,
  response,
  saved,
  write,
} from './annotate-lab.ts';

describe.skipIf(!HAS_CHROMIUM)('Labeling in the browser', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const serve = pagesForFile();

  describe('with the keyboard only', () => {
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

    it('answers, skips and rejects items', async () => {
      const { keyboard } = page;
      expect(await rankOf(page)).toBe(1);
      // The focus is in the editor from the start, so letters are text.
      await keyboard.type('srnjkbl? is what I say.');
      await keyboard.press('Control+Enter');
      expect(await otherItem(page, 1)).toBe(2);

      await keyboard.press('Escape');
      await keyboard.press('s');
      expect(await otherItem(page, 2)).toBe(3);
      await page.getByText('Item 2 skipped.').waitFor();

      // The reason comes afterwards, from within the next item's text.
      await keyboard.press('Alt+y');
      await page.getByRole('dialog', { name: 'Reason for skipping item 2' }).waitFor();
      await keyboard.press('2');
      await keyboard.press('Enter');
      await page.getByText('Item 2 skipped, with a reason.').waitFor();
      expect(await rankOf(page)).toBe(3);

      await keyboard.press('Alt+r');
      expect(await otherItem(page, 3)).toBe(4);
      expect(await response(page).inputValue()).toBe('');
      await keyboard.press('Alt+y');
      const reason = page.getByRole('textbox', { name: 'Reason' });
      await reason.waitFor();
      await keyboard.type('No one could know');
      await keyboard.press('Control+Enter');
      await page.getByText('Item 3 rejected, with a reason.').waitFor();
      await page.locator('.sending').waitFor({ state: 'detached' });
      expect(await rankOf(page)).toBe(4);

      const desk = web.desk;
      const labels = desk.teamOverview().people.map(({ answered, rejected, skipped }) => [answered, rejected, skipped]);
      expect(labels).toEqual([[1, 1, 1]]);
      const { items } = desk.list('Ann', { filter: 'all', search: '', offset: 0, limit: 10 });
      const [first, second, third] = items.map(({ number }) => desk.open('Ann', number).writing);
      expect(first).toMatchObject({ response: 'srnjkbl? is what I say.', submitted: true });
      expect(second!.comment).toBe('Takes too long');
      expect(third!.comment).toBe('No one could know');
    });

    it('does not submit an empty response', async () => {
      await page.keyboard.press('Control+Enter');
      await page.getByRole('alert').waitFor();
      expect(await page.getByRole('alert').textContent()).toMatch(/blank|empty|response/i);
      expect(await response(page).evaluate((field) => field === document.activeElement)).toBe(true);
      await page.keyboard.press('Escape');
      expect(await rankOf(page)).toBe(4);
    });

    it('goes back to change an answer, then continues', async () => {
      await page.keyboard.press('b');
      expect(await otherItem(page, 4)).toBe(3);
      await page.keyboard.press('b');
      expect(await otherItem(page, 3)).toBe(2);
      await page.keyboard.press('k');
      expect(await otherItem(page, 2)).toBe(1);
      await page.getByText('You answered this item. Submit again to change it.').waitFor();
      await page.keyboard.press('e');
      await page.keyboard.press('Control+End');
      await page.keyboard.type(' And more.');
      await saved(page);
      await page.getByText("don't count until you submit again").waitFor();
      await page.reload();
      await page.getByText("don't count until you submit again").waitFor();
      await page.keyboard.press('Control+Enter');
      await otherItem(page, 1);
      const { items } = web.desk.list('Ann', { filter: 'done', search: '', offset: 0, limit: 10 });
      expect(web.desk.open('Ann', items[0]!.number).writing.response).toBe('srnjkbl? is what I say. And more.');
    });

    it('finds items by filter, search and number', async () => {
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
      await page.getByRole('textbox', { name: 'Item number' }).waitFor();
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

    it('closes the dialog of an item when the browser goes back to another', async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('g');
      const dialog = page.getByRole('dialog', { name: 'Items' });
      await dialog.waitFor();
      const rank = await rankOf(page);
      await page.goBack();
      await otherItem(page, rank);
      expect(await dialog.count()).toBe(0);
      await page.goForward();
      await itemHeading(page).and(page.getByText('Item 5 of 6')).waitFor();
    });

    it('shows all shortcuts, and can turn off single-key shortcuts', async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      const dialog = page.getByRole('dialog', { name: 'Shortcuts' });
      for (const description of ['Submit, also while writing', 'Skip this item (pass)', 'Go back'])
        await dialog.getByText(description).waitFor();
      await dialog.getByRole('checkbox').focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('Escape');
      await page.keyboard.press('l');
      await page.keyboard.press('s');
      expect(await page.getByRole('dialog').count()).toBe(0);
      await page.getByRole('button', { name: 'Shortcuts' }).focus();
      await page.keyboard.press('Enter');
      await dialog.getByRole('checkbox').focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('Escape');
    });

    it('shows a summary at the end', async () => {
      const { items } = web.desk.list('Ann', { filter: 'open', search: '', offset: 0, limit: 10 });
      for (let left = items.length + 1; left > 0; left--) {
        if ((await page.getByRole('heading', { name: 'All done' }).count()) > 0) break;
        const rank = await rankOf(page);
        await write(page, `Answer ${rank}`);
        await page.keyboard.press('Control+Enter');
        await page.getByRole('heading', { name: `Item ${rank} of 6` }).waitFor({ state: 'detached' });
        await page.locator('.sending').waitFor({ state: 'detached' });
      }
      await page.getByRole('heading', { name: 'All done' }).waitFor();
      expect(await page.locator('.end').textContent()).toContain('You answered 4, rejected 1, skipped 1.');
      expect(complaints).toEqual([]);
    });
  });

  it('shows the failing answer, uses it as a draft, and can undo that', async () => {
    const web = await serve(await necessityLab(home, 'failing'));
    const { page, complaints } = await newPerson();
    await enter(page, web.url, 'Ann');
    const { items } = web.desk.list('Ann', { filter: 'all', search: '', offset: 0, limit: 1 });
    const { failingAnswer } = web.desk.open('Ann', items[0]!.number);
    const section = page.getByRole('region', { name: /needs fixing/ });
    expect(await section.textContent()).toContain(failingAnswer!.judgeReason);
    await page.keyboard.press('Escape');
    await page.keyboard.press('f');
    expect(await response(page).inputValue()).toBe(failingAnswer!.response);
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);

    await response(page).fill('My own text');
    await section.getByRole('button', { name: /Use as draft/ }).click();
    expect(await response(page).inputValue()).toBe(failingAnswer!.response);
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await response(page).inputValue()).toBe('My own text');
    await saved(page);
    // The browser's own undo works too, and the button still works after more text was written.
    await section.getByRole('button', { name: /Use as draft/ }).click();
    await page.keyboard.press('Control+Z');
    expect(await response(page).inputValue()).toBe('My own text');
    await section.getByRole('button', { name: /Use as draft/ }).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' and more');
    expect(await response(page).inputValue()).toBe(`${failingAnswer!.response} and more`);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(', and more');
    expect(await response(page).inputValue()).toBe('My own text, and more');
    await saved(page);
    expect(complaints).toEqual([]);
  });

  it('takes a note and a doubt with any answer, without leaving the text first, and shows them to the lead', async () => {
    const web = await serve(await deskLab(home, 'notes'));
    const { page, complaints } = await newPerson();
    await enter(page, web.url, 'Ann');
    const note = page.getByRole('textbox', { name: 'Note' });
    const doubtful = page.getByRole('checkbox', { name: 'Doubtful' });
    await page.keyboard.type('Perhaps.');
    await page.keyboard.press('Alt+x');
    await page.keyboard.press('Alt+c');
    await page.keyboard.type('Two readings <b>');
    await saved(page);
    await page.reload();
    await itemHeading(page).waitFor();
    expect(await response(page).inputValue()).toBe('Perhaps.');
    expect([await note.inputValue(), await doubtful.isChecked()]).toEqual(['Two readings <b>', true]);
    await note.focus();
    await page.keyboard.press('Control+Enter');
    await otherItem(page, 1);
    expect([await note.inputValue(), await doubtful.isChecked()]).toEqual(['', false]);
    await page.goto(`${web.url}/lead`);
    await page.getByText('Ann answered, doubtful').waitFor();
    await page.getByText('Note: Two readings <b>').waitFor();
    expect(complaints).toEqual([]);
  });

  it('asks for the token, and removes it from the address', async () => {
    const tokens = { annotator: 'annotator-token-0123', lead: 'lead-token-0123456789' };
    const web = await serve(await deskLab(home, 'tokens'), { tokens });
    const { page } = await newPerson();
    await page.goto(`${web.url}/#token=wrong-wrong-wrong-wrong`);
    await page.getByRole('heading', { name: 'This link is not valid' }).waitFor();
    expect(page.url()).toBe(`${web.url}/`);
    await page.getByLabel('Link or token').fill(`${web.url}/#token=${tokens.annotator}`);
    await page.keyboard.press('Enter');
    await page.getByLabel('Your name').fill('Ann');
    await page.keyboard.press('Enter');
    await itemHeading(page).waitFor();
    expect(await page.getByRole('link', { name: 'Team' }).count()).toBe(0);
    await page.reload();
    await itemHeading(page).waitFor();

    // If the page is already open, opening a link with another token loads nothing.
    await page.evaluate(() => location.assign('#token=wrong-wrong-wrong-wrong'));
    await page.getByRole('heading', { name: 'This link is not valid' }).waitFor();
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
