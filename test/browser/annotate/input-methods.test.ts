import type { CDPSession, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { deskLab } from '../../annotate/desk/desk-lab.ts';
import type { WebLab } from '../../annotate/server/web-lab.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { browserForFile, enter, itemHeading, otherItem, pagesForFile, rankOf, response } from './annotate-lab.ts';

describe.skipIf(!HAS_CHROMIUM)('A person with an input method', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const servePage = pagesForFile();
  let web: WebLab;
  let page: Page;
  let browser: CDPSession;
  beforeAll(async () => {
    web = await servePage(await deskLab(home, 'input-methods'));
    const person = await newPerson();
    page = person.page;
    browser = await person.context.newCDPSession(page);
    await enter(page, web.url, 'Yui');
  });

  const compose = (text: string) =>
    browser.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  const commit = (text: string) => browser.send('Input.insertText', { text });
  /** Safari reports the key that ended a composition like this, and Chromium all keys during one. */
  const toInputMethod = (key: string) =>
    browser.send('Input.dispatchKeyEvent', { type: 'keyDown', key, windowsVirtualKeyCode: 229 });

  it('accepts words with Enter, which submits nothing', async () => {
    const rank = await rankOf(page);
    await compose('にほん');
    await page.keyboard.press('Control+Enter');
    await toInputMethod('Enter');
    await commit('日本');
    expect(await response(page).inputValue()).toBe('日本');
    await page.keyboard.press('Escape');
    await page.keyboard.press('s');
    const next = await otherItem(page, rank);
    await page.keyboard.press('Alt+y');
    const dialog = page.getByRole('dialog', { name: 'Reason for skipping item' });
    await dialog.waitFor();
    for (const key of ['Enter', 'Escape']) {
      await compose('むずかしい');
      await page.keyboard.press(key);
      await toInputMethod(key);
    }
    await commit('難しい');
    expect(await dialog.isVisible()).toBe(true);
    expect(await rankOf(page)).toBe(next);
    expect(web.desk.teamOverview().people[0]).toMatchObject({ answered: 0, skipped: 1 });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  it('searches, and opens nothing during a composition', async () => {
    const rank = await rankOf(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    const search = page.getByRole('searchbox');
    await search.waitFor();
    await compose('に');
    for (const key of ['ArrowDown', 'Enter']) {
      await toInputMethod(key);
      expect(await search.and(page.locator(':focus')).count()).toBe(1);
    }
    await commit('');
    await search.fill('');
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    expect(await rankOf(page)).toBe(rank);
  });

  it.each([
    ['Greek', 'λ', 'KeyL', 'Items'],
    ['Hebrew', 'ע', 'KeyG', 'Items'],
    ['Cyrillic', 'Д', 'KeyL', 'Items'],
    ['Russian', '?', 'Digit7', 'Shortcuts'],
    ['French', '?', 'KeyM', 'Shortcuts'],
    ['Dvorak', 'l', 'KeyP', 'Items'],
  ])('can use shortcuts on a %s keyboard: %s', async (_, key, code, name) => {
    await itemHeading(page).focus();
    await browser.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code });
    const dialog = page.getByRole('dialog', { name });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('loses no text', async () => {
    const rank = await rankOf(page);
    await response(page).fill('日本語で');
    await page.keyboard.press('Control+Enter');
    await otherItem(page, rank);
    expect(web.desk.teamOverview().people[0]).toMatchObject({ answered: 1 });
  });
});
