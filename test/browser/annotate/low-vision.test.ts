import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { deskLab } from '../../annotate/desk/desk-lab.ts';
import type { WebLab } from '../../annotate/server/web-lab.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { browserForFile, enter, pagesForFile } from './annotate-lab.ts';

describe.skipIf(!HAS_CHROMIUM)('A person with low vision', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const servePage = pagesForFile();
  let web: WebLab;
  let page: Page;
  beforeAll(async () => {
    web = await servePage(await deskLab(home, 'low-vision'));
    ({ page } = await newPerson());
    await enter(page, web.url, 'Ann');
  });

  it('can read and reach everything at 400 % zoom', async () => {
    await page.setViewportSize({ width: 320, height: 256 });
    const isInSight = async (target: Locator) => {
      await target.scrollIntoViewIfNeeded();
      const { x, width, height } = (await target.boundingBox())!;
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(320);
      expect(height).toBeGreaterThan(20);
    };
    await isInSight(page.getByRole('button', { name: /Ann/ }));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    // The buttons cover no text.
    expect(await page.locator('.actions').evaluate((bar) => getComputedStyle(bar).position)).toBe('static');
    await page.getByRole('button', { name: /^Items/ }).click();
    const rows = page.getByRole('dialog').getByRole('list');
    await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    await isInSight(rows);
    expect((await rows.boundingBox())!.height).toBeGreaterThan(100);
    await page.keyboard.press('Escape');
  });

  it('can see the selection and the progress in high contrast', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ forcedColors: 'active' });
    await page.getByRole('button', { name: /^Items/ }).click();
    await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    const ground = (name: RegExp) =>
      page.getByRole('button', { name }).evaluate((button) => getComputedStyle(button).backgroundColor);
    expect(await ground(/^All/)).not.toBe(await ground(/^Open/));
    const [current, other] = await page
      .getByRole('dialog')
      .getByRole('listitem')
      .getByRole('button')
      .evaluateAll((buttons) => buttons.map((button) => getComputedStyle(button).backgroundColor));
    expect(current).not.toBe(other);
    expect(current).toBe(await ground(/^All/));
    await page.keyboard.press('Escape');
    const bar = page.locator('progress');
    expect(await bar.evaluate((progress) => getComputedStyle(progress).borderTopStyle)).toBe('solid');
  });
});
