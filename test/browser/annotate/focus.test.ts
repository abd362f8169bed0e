import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { deskLab } from '../../annotate/desk/desk-lab.ts';
import type { WebLab } from '../../annotate/server/web-lab.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { browserForFile, enter, itemHeading, otherItem, pagesForFile, rankOf, response } from './annotate-lab.ts';

describe.skipIf(!HAS_CHROMIUM)('The focus', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const servePage = pagesForFile();
  let web: WebLab;
  beforeAll(async () => {
    web = await servePage(await deskLab(home, 'focus', { labels: { heldOutShare: 0, annotators: 4 } }));
  });

  const hasFocus = (page: Page) => response(page).and(page.locator(':focus')).waitFor();
  const isAtHeading = (page: Page) => itemHeading(page).and(page.locator(':focus')).waitFor();
  const labelsOf = (name: string) => {
    const person = web.desk.teamOverview().people.find(({ annotator }) => annotator === name);
    return person === undefined ? [0, 0, 0] : [person.answered, person.rejected, person.skipped];
  };

  const commentsOf = (name: string) =>
    web.desk
      .list(name, { filter: 'mine', search: '', offset: 0, limit: 100 })
      .items.map(({ number }) => web.desk.open(name, number).writing.comment)
      .filter((comment) => comment !== '');

  it('is in the editor of every new item, so that letters are text and never shortcuts', async () => {
    const { page, complaints } = await newPerson();
    await enter(page, web.url, 'Ann');
    await hasFocus(page);
    await page.keyboard.type('Rust, so sure');
    expect(await page.getByRole('dialog').count()).toBe(0);
    // Text typed without a pause, while the label is being sent, goes into the next item and is no shortcut.
    await page.keyboard.press('Control+Enter');
    await page.keyboard.type('rs');
    await otherItem(page, 1);
    await hasFocus(page);
    await page.keyboard.type('Really sweet');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await response(page).inputValue()).toBe('rsReally sweet');
    expect(labelsOf('Ann')).toEqual([1, 0, 0]);
    const first = web.desk.list('Ann', { filter: 'done', search: '', offset: 0, limit: 1 }).items[0]!;
    expect(web.desk.open('Ann', first.number).writing).toMatchObject({ response: 'Rust, so sure', submitted: true });
    expect(complaints).toEqual([]);
  });

  it('is announced with the number of the item', async () => {
    const { page } = await newPerson();
    await enter(page, web.url, 'Bea');
    const described = await response(page).getAttribute('aria-describedby');
    expect(await page.locator(`#${described!.split(' ')[0]}`).textContent()).toBe('Item 1 of 6');
    await page.keyboard.type('An answer');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('status').getByText('Submitted. Item 2 of 6.').waitFor();
  });

  it('stays out of the editor while browsing with single-key shortcuts', async () => {
    const { page } = await newPerson();
    await enter(page, web.url, 'Cy');
    await page.keyboard.press('Escape');
    await isAtHeading(page);
    for (const rank of [2, 3]) {
      await page.keyboard.press('j');
      await page.getByRole('heading', { name: `Item ${rank} of 6` }).waitFor();
      await page.getByRole('status').getByText(`Item ${rank} of 6.`).waitFor();
      await isAtHeading(page);
    }
    await page.keyboard.press('e');
    await hasFocus(page);
    // After a click the person may want to write.
    await page.getByRole('button', { name: 'Next item' }).click();
    await page.getByRole('heading', { name: 'Item 4 of 6' }).waitFor();
    await hasFocus(page);
  });

  it('goes to the reason, where digits and spaces never submit', async () => {
    const { page } = await newPerson();
    await enter(page, web.url, 'Di');
    const rank = await rankOf(page);
    for (const key of ['s', 'r']) {
      await page.keyboard.press('Escape');
      await page.keyboard.press(key);
      await otherItem(page, key === 's' ? rank : rank + 1);
      await page.keyboard.press('Alt+y');
      const reason = page.getByRole('textbox', { name: 'Reason' });
      await reason.and(page.locator(':focus')).waitFor();
      for (const digit of ['1', '3', '2']) await page.keyboard.press(digit);
      const second = page.getByRole('list', { name: 'Common reasons' }).getByRole('button').nth(1);
      await expect.poll(() => second.getAttribute('aria-pressed')).toBe('true');
      await page.keyboard.type('  2 3 ');
      const choice = key === 's' ? 'Takes too long' : 'Missing information';
      expect(await reason.inputValue()).toBe(`${choice}  2 3 `);
      await page.keyboard.press('Shift+Enter');
      await second.focus();
      await page.keyboard.press('Space');
      await reason.and(page.locator(':focus')).waitFor();
      expect(await reason.inputValue()).toBe(choice);
      expect(commentsOf('Di')).toEqual([]);
      if (key === 's') await page.keyboard.press('Escape');
    }
    await page.keyboard.press('Enter');
    await expect.poll(() => commentsOf('Di')).toEqual(['Missing information']);
    expect(labelsOf('Di')).toEqual([0, 1, 1]);
  });

  it('writes nothing into the next item while a key that skips is held, or AltGr writes a letter', async () => {
    const { page } = await newPerson();
    await enter(page, web.url, 'Flo');
    const rank = await rankOf(page);
    await page.keyboard.press('Escape');
    for (let times = 0; times < 3; times += 1) await page.keyboard.down('s');
    await page.keyboard.up('s');
    await otherItem(page, rank);
    expect(await response(page).inputValue()).toBe('');
    expect(labelsOf('Flo')).toEqual([0, 0, 1]);
    await page.keyboard.press('Control+Alt+p');
    await page.keyboard.press('Alt+Shift+P');
    expect(await rankOf(page)).not.toBe(rank);
    expect(labelsOf('Flo')).toEqual([0, 0, 1]);
  });

  it('is at the heading on devices with an on-screen keyboard', async () => {
    const { page } = await newPerson({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    await enter(page, web.url, 'Eve');
    await isAtHeading(page);
    const rank = await rankOf(page);
    await page.getByRole('button', { name: 'Skip', exact: true }).tap();
    await otherItem(page, rank);
    await isAtHeading(page);
    await page.getByRole('button', { name: 'Add a reason' }).tap();
    await page.getByRole('button', { name: 'Takes too long' }).tap();
    expect(await page.evaluate(() => document.activeElement!.tagName)).toBe('BUTTON');
    await page.getByRole('button', { name: 'Save reason' }).tap();
    await page.getByText(`Item ${rank} skipped, with a reason.`).waitFor();
    await page.getByRole('button', { name: 'Write' }).tap();
    await hasFocus(page);
  });
});
