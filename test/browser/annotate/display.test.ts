import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { necessityLab } from '../../annotate/desk/desk-lab.ts';
import { seriousViolations } from '../../support/axe.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { browserForFile, enter, pagesForFile } from './annotate-lab.ts';

const groundOf = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const textSizeOf = (page: Page) =>
  page
    .locator('.pool-text')
    .first()
    .evaluate((text) => Number.parseFloat(getComputedStyle(text).fontSize));

const LIGHT = 'rgb(255, 255, 255)';
const DARK = 'rgb(20, 23, 28)';

it('The dark colors are the same by choice and by system', () => {
  const css = readFileSync(new URL('../../../src/annotate/page/theme.css', import.meta.url), 'utf8');
  const blocks = css.split('@media screen').slice(1);
  const colors = blocks.map((block) => [...block.split('}')[0]!.matchAll(/--[\w-]+: #\w+;/g)].map(String));
  expect(colors[0]!.length).toBeGreaterThan(5);
  expect(colors[1]).toEqual(colors[0]);
});

describe.skipIf(!HAS_CHROMIUM)('How the page looks', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const servePage = pagesForFile();

  it('is chosen by keyboard, remembered for each person, and the same on the team page', async () => {
    const web = await servePage(await necessityLab(home, 'display'));
    const { page, complaints } = await newPerson({ colorScheme: 'light' });
    await enter(page, web.url, 'Ann');
    expect([await groundOf(page), await textSizeOf(page)]).toEqual([LIGHT, 16]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('t');
    const dialog = page.getByRole('dialog', { name: 'Display' });
    await dialog.getByRole('radio', { name: 'Dark' }).check();
    await dialog.getByRole('radio', { name: 'Largest' }).check();
    expect([await groundOf(page), await textSizeOf(page)]).toEqual([DARK, 24]);
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    for (const width of [1280, 760, 360]) {
      await page.setViewportSize({ width, height: 740 });
      expect(await seriousViolations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
    await page.setViewportSize({ width: 1280, height: 800 });

    await page.reload();
    await page.locator('.pool-text').first().waitFor();
    expect([await groundOf(page), await textSizeOf(page)]).toEqual([DARK, 24]);
    await page.goto(`${web.url}/lead`);
    await page.getByRole('heading', { name: 'Team', level: 2 }).waitFor();
    expect(await groundOf(page)).toBe(DARK);
    await page.getByRole('button', { name: 'Display' }).click();
    expect(await dialog.getByRole('radio', { name: 'Dark' }).isChecked()).toBe(true);
    await dialog.getByRole('radio', { name: 'Light' }).check();
    await page.keyboard.press('Escape');
    expect(await groundOf(page)).toBe(LIGHT);

    // Light stays light on a dark system, and another person's choice does not change Ann's.
    await page.goto(web.url);
    await page.locator('.pool-text').first().waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await groundOf(page)).toBe(LIGHT);
    await page.getByRole('button', { name: /^Ann/ }).click();
    await page.getByLabel('Your name').fill('Bo');
    await page.keyboard.press('Enter');
    await page.locator('.pool-text').first().waitFor();
    await page.getByRole('button', { name: 'Display' }).click();
    await dialog.getByRole('radio', { name: 'Same as system' }).check();
    await page.keyboard.press('Escape');
    expect(await groundOf(page)).toBe(DARK);
    await page.getByRole('button', { name: /^Bo/ }).click();
    await page.getByLabel('Your name').fill('Ann');
    await page.keyboard.press('Enter');
    await page.locator('.pool-text').first().waitFor();
    await expect.poll(() => groundOf(page)).toBe(LIGHT);
    expect(complaints).toEqual([]);
  });
});
