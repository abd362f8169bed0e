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
  otherPlace,
  pagesForFile,
  placeOf,
  REPORTED,
  response,
  saved,
} from './annotate-lab.ts';

describe.skipIf(!HAS_CHROMIUM)('What is written', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const serve = pagesForFile();

  it('is there after a reload in the middle of typing, to the last letter', async () => {
    const web = await serve(await deskLab(home, 'reload'));
    const { page, complaints } = await newPerson();
    await enter(page, web.url, 'Ann');
    const number = numberOf(page);
    let words = '';
    for (const more of ['Half a ', 'sentence, and ', 'a bit more']) {
      await page.keyboard.type(more, { delay: 15 });
      words += more;
      await page.reload();
      await response(page).waitFor();
      expect(numberOf(page)).toBe(number);
      await expect.poll(() => response(page).inputValue()).toBe(words);
      expect(await page.getByText('another place').count()).toBe(0);
      await page.keyboard.press('Control+End');
    }
    await saved(page);
    expect(web.desk.open('Ann', number).writing.response).toBe(words);
    expect(complaints.filter((line) => !REPORTED.test(line))).toEqual([]);
  });

  it('reaches the server within about a second, so that a crash loses no more', async () => {
    const web = await serve(await deskLab(home, 'crash'));
    const { context, page } = await newPerson();
    await enter(page, web.url, 'Ann');
    const number = numberOf(page);
    // Never a pause long enough to be taken for the end: what counts is the second since the first letter.
    for (let letter = 0; letter < 16; letter++) await page.keyboard.type('a', { delay: 100 });
    const { response: there } = web.desk.open('Ann', number).writing;
    expect(there.length).toBeGreaterThanOrEqual(4);
    await saved(page);
    expect(web.desk.open('Ann', number).writing.response).toBe('a'.repeat(16));
    await context.close();
  });

  it('survives a server that goes away and comes back in the middle', async () => {
    const lab = await deskLab(home, 'away');
    const first = await serve(lab);
    const { page, complaints } = await newPerson();
    await enter(page, first.url, 'Ann');
    const number = numberOf(page);
    await page.keyboard.type('Before. ');
    await saved(page);
    await first.close();
    await page.keyboard.type('Meanwhile. ');
    await page.getByText('kept in this browser, trying again').waitFor();
    await page.getByText('The server does not answer.').first().waitFor();
    // Nothing is submitted behind the person's back.
    await page.keyboard.press('Control+Enter');
    await page.getByText('Not submitted: the server does not answer.').waitFor();
    expect(await response(page).inputValue()).toBe('Before. Meanwhile. ');

    const second = await serve(lab, { port: first.port });
    await saved(page);
    expect(second.desk.open('Ann', number)).toMatchObject({
      verdict: null,
      writing: { response: 'Before. Meanwhile. ', submitted: false },
    });
    await page.keyboard.type('After.');
    const place = await placeOf(page);
    await page.keyboard.press('Control+Enter');
    await otherPlace(page, place);
    expect(second.desk.open('Ann', number).verdict).toBe('accepted');
    expect(complaints.filter((line) => !REPORTED.test(line))).toEqual([]);
  });

  it('in two tabs is never mixed: the later one is told, and chooses', async () => {
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
    const conflict = other.getByRole('alert').filter({ hasText: 'another place' });
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
    await page.getByRole('button', { name: 'Take the other' }).click();
    await expect.poll(() => response(page).inputValue()).toBe('From the second tab');
    await saved(page);
    expect(web.desk.open('Ann', number).writing.response).toBe('From the second tab');
    expect(complaints.filter((line) => !REPORTED.test(line))).toEqual([]);
  });

  it('reaches the server where the browser keeps nothing, and says so where it cannot', async () => {
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
    await page.keyboard.type('Kept by the server');
    await saved(page);
    await context.setOffline(true);
    await page.keyboard.type(' alone');
    await page.getByText('Not saved: the server does not answer; keep this page open').waitFor();
    const banner = page.locator('.banner');
    await banner.waitFor();
    expect(await banner.textContent()).toContain('do not close the page');
    expect(await banner.textContent()).not.toContain('is kept in this browser');
    await context.setOffline(false);
    await saved(page);
    expect(web.desk.open('Ann', numberOf(page)).writing.response).toBe('Kept by the server alone');
    expect(complaints.filter((line) => !REPORTED.test(line))).toEqual([]);
  });

  it('is never cut without a word: what is too long says so, and stays', async () => {
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

  it('goes into no other campaign that is served at the same address by then', async () => {
    for (const folder of ['one', 'two']) mkdirSync(home.file(folder));
    const first = await serve(await deskLab(home, 'one/campaign'));
    const { page, complaints } = await newPerson();
    await enter(page, first.url, 'Ann');
    const number = numberOf(page);
    await page.keyboard.type('Words of the first one');
    await saved(page);
    await first.close();
    // Of the same name, the same pool and the same items.
    const second = await serve(await deskLab(home, 'two/campaign'), { port: first.port });
    await page.keyboard.type(', and more');
    await page.getByText('Another campaign is served here now.').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.reload();
    await itemHeading(page).waitFor();
    expect(numberOf(page)).toBe(number);
    expect(await response(page).inputValue()).toBe('');
    await page.keyboard.type('Words of the second');
    await saved(page);
    expect(second.desk.open('Ann', number)).toMatchObject({
      verdict: null,
      writing: { revision: 1, response: 'Words of the second' },
    });
    expect(complaints.filter((line) => !REPORTED.test(line))).toEqual([]);
  });

  it('is submitted once even where the answer to it was lost', async () => {
    const web = await serve(await deskLab(home, 'lost'));
    const { page } = await newPerson();
    await enter(page, web.url, 'Ann');
    const number = numberOf(page);
    const place = await placeOf(page);
    await response(page).fill('Said once');
    await saved(page);
    await page.route('**/label', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.keyboard.press('Control+Enter');
    await page.getByText('Not submitted').waitFor();
    await page.unroute('**/label');
    await page.keyboard.press('Control+Enter');
    await otherPlace(page, place);
    expect(web.desk.open('Ann', number)).toMatchObject({ verdict: 'accepted', writing: { response: 'Said once' } });
    expect(web.desk.teamOverview().people[0]!.answered).toBe(1);
  });
});
