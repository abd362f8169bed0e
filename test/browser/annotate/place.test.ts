import { describe, expect, it } from 'vitest';
import { deskLab } from '../../annotate/desk/desk-lab.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { browserForFile, enter, otherItem, pagesForFile, rankOf, response } from './annotate-lab.ts';

describe.skipIf(!HAS_CHROMIUM)('Where a person was', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const servePage = pagesForFile();

  it('is a key away after a look at other items, also after a reload, and is where the page opens the next day', async () => {
    const web = await servePage(await deskLab(home, 'place'));
    const { page, context, complaints } = await newPerson();
    await enter(page, web.url, 'Ann');
    await response(page).fill('First');
    await page.keyboard.press('Control+Enter');
    await otherItem(page, 1);
    await page.keyboard.press('Alt+n');
    await otherItem(page, 2);
    // Nothing is written for item 3, which was given to Ann, so others may take it while she looks around.
    const back = page.getByRole('button', { name: /^Return to item/ });
    expect(await back.count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await expect.poll(() => rankOf(page)).toBe(4);
    await page.keyboard.press('j');
    await expect.poll(() => rankOf(page)).toBe(5);
    await page.reload();
    await expect.poll(() => rankOf(page)).toBe(5);
    expect(await back.textContent()).toContain('3');
    await page.setViewportSize({ width: 360, height: 740 });
    for (const size of ['normal', 'largest']) {
      await page.evaluate((chosen) => document.documentElement.setAttribute('data-text-size', chosen), size);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    }
    await page.keyboard.press('Alt+z');
    await expect.poll(() => rankOf(page)).toBe(3);
    await back.waitFor({ state: 'detached' });

    // Writing in an item makes it the place.
    await page.getByRole('button', { name: 'Next item' }).click();
    await expect.poll(() => rankOf(page)).toBe(4);
    await response(page).fill('Begun');
    await back.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.keyboard.press('k');
    await expect.poll(() => rankOf(page)).toBe(3);
    await page.close();
    const nextDay = await context.newPage();
    await nextDay.goto(web.url);
    await expect.poll(() => rankOf(nextDay)).toBe(4);
    expect(await response(nextDay).inputValue()).toBe('Begun');

    // An item that is done is no place to come back to.
    await nextDay.keyboard.press('Control+Enter');
    await otherItem(nextDay, 4);
    await nextDay.goBack();
    await expect.poll(() => rankOf(nextDay)).toBe(4);
    await nextDay.goto('about:blank');
    await nextDay.goto(web.url);
    await expect.poll(() => rankOf(nextDay)).toBe(5);
    expect(complaints).toEqual([]);
  });
});
