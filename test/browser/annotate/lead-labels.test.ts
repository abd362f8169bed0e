import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { answer, deskLab } from '../../annotate/desk/desk-lab.ts';
import { TOKENS, type WebLab } from '../../annotate/server/web-lab.ts';
import { seriousViolations } from '../../support/axe.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { browserForFile, type Person, pagesForFile } from './annotate-lab.ts';

const ALL = { filter: 'all', search: '', offset: 0, limit: 1000 } as const;

describe.skipIf(!HAS_CHROMIUM)('All labels, on the lead’s page', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const servePage = pagesForFile();
  let web: WebLab;
  let person: Person;
  let page: Page;
  beforeAll(async () => {
    web = await servePage(await deskLab(home, 'labels', { labels: { heldOutShare: 0, annotators: 2 } }), {
      tokens: TOKENS,
    });
    const [first, second] = web.desk.list('Ann', ALL).items;
    web.desk.submit('Ann', first!.number, answer('Penguins live in the south.'));
    web.desk.submit('Bo', first!.number, answer('Penguins live in the north. <b>Not bold</b>\u202e'));
    web.desk.submit('Ann', second!.number, { ...answer('A walrus.'), doubtful: true });
    person = await newPerson();
    page = person.page;
    await page.goto(`${web.url}/lead#token=${TOKENS.lead}`);
    await page.getByRole('heading', { name: 'All labels' }).waitFor();
  });

  const section = () => page.getByRole('region', { name: 'All labels' });
  const expectAccessible = async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await seriousViolations(page)).toEqual([]);
    }
  };

  it('are filtered and searched', async () => {
    await section().getByText('1–6 of 6').waitFor();
    await section().getByLabel('Person').selectOption('Ann');
    await section().getByText('1–2 of 2').waitFor();
    await section().getByLabel('Doubtful only').check();
    await section().getByText('1–1 of 1').waitFor();
    await section().getByLabel('Doubtful only').uncheck();
    await section().getByLabel('Person').selectOption('');
    await section().getByLabel('Search items and labels').fill('WALRUS');
    await section().getByText('1–1 of 1').waitFor();
    await section().getByLabel('Search items and labels').fill('no such words');
    await section().getByText('No matching items.').waitFor();
    await section().getByLabel('Search items and labels').fill('');
    await section().getByText('1–6 of 6').waitFor();
    await expectAccessible();
  });

  it('are paid by month, adjusted with a reason and downloaded', async () => {
    const pay = page.getByRole('region', { name: 'Pay' });
    await pay.getByLabel('Adjust pay of').selectOption('Bo');
    await pay.getByLabel('by US dollars').focus();
    await page.keyboard.type('-1.5');
    await pay.getByLabel('because').focus();
    await page.keyboard.type('Paid twice');
    await page.keyboard.press('Enter');
    await pay.getByText('Pay of Bo adjusted.').waitFor();
    expect(await pay.getByRole('row', { name: /^Bo / }).textContent()).toContain('−$1.50');
    await expectAccessible();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      pay.getByRole('link', { name: 'Download as CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('pay.csv');
  });

  it('are opened by keyboard, every answer side by side with its history', async () => {
    await section().getByRole('listitem').first().getByRole('button').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Round 1, item 2 of 6' }).getByText('A walrus.').waitFor();
    await page.keyboard.press('k');
    const dialog = page.getByRole('dialog', { name: 'Round 1, item 1 of 6' });
    await dialog.getByText('Penguins live in the south.').waitFor();
    expect(await dialog.getByText('<b>Not bold</b>[U+202E]').count()).toBe(1);
    await dialog.getByLabel('Compare with').selectOption('Ann');
    await expect.poll(() => dialog.locator('del').allTextContents()).toEqual(['[removed: south] ']);
    expect(await dialog.locator('ins').first().textContent()).toContain('north');
    await dialog.getByText('History (2)').click();
    await expectAccessible();
    await page.setViewportSize({ width: 360, height: 740 });
    await expectAccessible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.setViewportSize({ width: 1280, height: 800 });
    expect(page.url()).toContain('/lead#item=');
    await page.reload();
    await dialog.getByText('Penguins live in the south.').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(new URL(page.url()).hash).toBe('');
    expect(person.complaints).toEqual([]);
  });
});
