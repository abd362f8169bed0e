import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deskLab } from '../../annotate/desk/desk-lab.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import {
  browserForFile,
  enter,
  itemHeading,
  numberOf,
  otherItem,
  pagesForFile,
  REPORTED,
  rankOf,
  response,
  saved,
} from './annotate-lab.ts';

describe.skipIf(!HAS_CHROMIUM)('A draft', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const serve = pagesForFile();

  it('is complete after a reload while typing', async () => {
    const web = await serve(await deskLab(home, 'reload'));
    const { page, complaints } = await newPerson();
    await enter(page, web.url, 'Ann');
    const number = numberOf(page);
    let text = '';
    for (const more of ['Half a ', 'sentence, and ', 'a bit more']) {
      await page.keyboard.type(more, { delay: 15 });
      text += more;
      await page.reload();
      await response(page).waitFor();
      expect(numberOf(page)).toBe(number);
      await expect.poll(() => response(page).inputValue()).toBe(text);
      expect(await page.getByText('edited elsewhere').count()).toBe(0);
      await page.keyboard.press('Control+End');
    }
    await saved(page);
    expect(web.desk.open('Ann', number).writing.response).toBe(text);
    expect(complaints.filter((line) => !REPORTED.test(line))).toEqual([]);
  });

  it('reaches the server within about a second', async () => {
    const web = await serve(await deskLab(home, 'crash'));
    const { context, page } = await newPerson();
    await enter(page, web.url, 'Ann');
    const number = numberOf(page);
    // No pause is long enough to trigger a save, so only the second since the first letter does.
    for (let letter = 0; letter < 16; letter++) await page.keyboard.type('a', { delay: 100 });
    const { response: stored } = web.desk.open('Ann', number).writing;
    expect(stored.length).toBeGreaterThanOrEqual(4);
    await saved(page);
    expect(web.desk.open('Ann', number).writing.response).toBe('a'.repeat(16));
    await context.close();
  });

  it('survives a server that stops and restarts', async () => {
    const lab = await deskLab(home, 'away');
    const first = await serve(lab);
    const { page, complaints } = await newPerson();
    await enter(page, first.url, 'Ann');
    const number = numberOf(page);
    await page.keyboard.type('Before. ');
    await saved(page);
    await first.close();
    await page.keyboard.type('Meanwhile. ');
    await page.getByText('Draft kept in this browser. Reconnecting…').waitFor();
    await page.getByText("Can't reach the server. Reconnecting…").first().waitFor();
    // What is submitted now is sent later, and the next item is there already.
    const rank = await rankOf(page);
    await page.keyboard.press('Control+Enter');
    await page.getByText('1 submitted item will be sent then.').waitFor();
    expect(await rankOf(page)).not.toBe(rank);
    await page.keyboard.type('Of the next item.');

    const second = await serve(lab, { port: first.port });
    await otherItem(page, rank);
    await saved(page);
    expect(second.desk.open('Ann', number)).toMatchObject({
      verdict: 'accepted',
      writing: { response: 'Before. Meanwhile. ', submitted: true },
    });
    expect(second.desk.open('Ann', numberOf(page)).writing.response).toBe('Of the next item.');
    expect(complaints.filter((line) => !REPORTED.test(line))).toEqual([]);
  });

  it('in two tabs causes a conflict, and the person chooses a version', async () => {
    const web = await serve(await deskLab(home, 'tabs'));
    const { context, page, complaints } = await newPerson();
    await enter(page, web.url, 'Ann');
    const number = numberOf(page);
    const other = await context.newPage();
    await other.goto(page.url());
    await response(other).waitFor();

    await response(page).fill('From the first tab');
    await saved(page);
    await response(other).fill('From the second tab');
    const conflict = other.getByRole('alert').filter({ hasText: 'edited elsewhere' });
    await conflict.waitFor();
    expect(await conflict.textContent()).toContain('From the first tab');
    expect(await conflict.textContent()).toContain('From the second tab');
    expect(web.desk.open('Ann', number).writing.response).toBe('From the first tab');
    expect(await other.getByRole('button', { name: 'Submit' }).isDisabled()).toBe(true);

    await conflict.getByRole('button', { name: 'Keep mine' }).click();
    await response(other).and(other.locator(':focus')).waitFor();
    await saved(other);
    expect(web.desk.open('Ann', number).writing.response).toBe('From the second tab');
    await response(page).fill('First tab again');
    await page.getByRole('button', { name: 'Use other' }).click();
    await expect.poll(() => response(page).inputValue()).toBe('From the second tab');
    await saved(page);
    expect(web.desk.open('Ann', number).writing.response).toBe('From the second tab');
    expect(complaints.filter((line) => !REPORTED.test(line))).toEqual([]);
  });

  it('reaches the server without browser storage, and the page warns if it cannot', async () => {
    const web = await serve(await deskLab(home, 'private'));
    const { context, page, complaints } = await newPerson();
    await context.addInitScript(() => {
      for (const storage of ['localStorage', 'sessionStorage'])
        Object.defineProperty(window, storage, {
          get() {
            throw new DOMException('No', 'SecurityError');
          },
        });
    });
    await enter(page, web.url, 'Ann');
    await page.keyboard.type('Saved on the server');
    await saved(page);
    await context.setOffline(true);
    await page.keyboard.type(' only');
    await page.getByText('Not saved. Keep this page open.').waitFor();
    const banner = page.locator('.banner');
    await banner.waitFor();
    expect(await banner.textContent()).toContain("Your browser can't save drafts.");
    expect(await banner.textContent()).not.toContain('kept in this browser');
    await context.setOffline(false);
    await saved(page);
    expect(web.desk.open('Ann', numberOf(page)).writing.response).toBe('Saved on the server only');
    expect(complaints.filter((line) => !REPORTED.test(line))).toEqual([]);
  });

  it('that is too long stays complete, with an error message', async () => {
    const web = await serve(await deskLab(home, 'long'));
    const { page } = await newPerson();
    await enter(page, web.url, 'Ann');
    await response(page).evaluate((field: HTMLTextAreaElement) => {
      field.select();
      document.execCommand('insertText', false, 'x'.repeat(1_000_001));
    });
    await page.getByText('The response is longer than 1,000,000 characters.').waitFor();
    expect((await response(page).inputValue()).length).toBe(1_000_001);
    await response(page).fill('Shorter');
    await saved(page);
    expect(await page.getByText('is longer than').count()).toBe(0);
    expect(web.desk.open('Ann', numberOf(page)).writing.response).toBe('Shorter');
  });

  it('never goes into another campaign at the same address', async () => {
    for (const folder of ['one', 'two']) mkdirSync(home.file(folder));
    const first = await serve(await deskLab(home, 'one/campaign'));
    const { page, complaints } = await newPerson();
    await enter(page, first.url, 'Ann');
    const number = numberOf(page);
    await page.keyboard.type('Text of the first one');
    await saved(page);
    await first.close();
    // It has the same name, pool and items.
    const second = await serve(await deskLab(home, 'two/campaign'), { port: first.port });
    await page.keyboard.type(', and more');
    await page.getByText('This server now runs another campaign.').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.reload();
    await itemHeading(page).waitFor();
    expect(numberOf(page)).toBe(number);
    expect(await response(page).inputValue()).toBe('');
    await page.keyboard.type('Text of the second');
    await saved(page);
    expect(second.desk.open('Ann', number)).toMatchObject({
      verdict: null,
      writing: { revision: 1, response: 'Text of the second' },
    });
    expect(complaints.filter((line) => !REPORTED.test(line))).toEqual([]);
  });

  it('is submitted once even if the answer was lost', async () => {
    const web = await serve(await deskLab(home, 'lost'));
    const { page } = await newPerson();
    await enter(page, web.url, 'Ann');
    const number = numberOf(page);
    const rank = await rankOf(page);
    await response(page).fill('Submitted once');
    await saved(page);
    await page.route('**/label', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.keyboard.press('Control+Enter');
    await page.getByText('1 submitted item will be sent then.').waitFor();
    await page.unroute('**/label');
    await otherItem(page, rank);
    expect(web.desk.open('Ann', number)).toMatchObject({
      verdict: 'accepted',
      writing: { response: 'Submitted once' },
    });
    expect(web.desk.teamOverview().people[0]!.answered).toBe(1);
  });
});
