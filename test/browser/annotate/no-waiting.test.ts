import type { Page, Route } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { deskLab } from '../../annotate/desk/desk-lab.ts';
import type { WebLab } from '../../annotate/server/web-lab.ts';
import { seriousViolations } from '../../support/axe.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { browserForFile, enter, itemHeading, pagesForFile, REPORTED, response, saved } from './annotate-lab.ts';

const WHOLE = { filter: 'all', search: '', offset: 0, limit: 100 } as const;

/** Keeps requests waiting, as a slow network does. */
function holdRequests() {
  let goOn: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const handler = async (route: Route) => {
    await released;
    // Taking the handler away has let the request go already.
    await route.continue().catch(() => undefined);
  };
  return { handler, goOn: () => goOn() };
}

describe.skipIf(!HAS_CHROMIUM)('No one waits for the server', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const servePage = pagesForFile();
  const answers = (web: WebLab) =>
    web.desk.list('Ann', WHOLE).items.map(({ number }) => {
      const { verdict, writing } = web.desk.open('Ann', number);
      return `${verdict ?? 'open'} ${writing.response}`.trim();
    });
  const isAt = (page: Page, rank: number) => page.getByRole('heading', { name: `Item ${rank} of 6` }).waitFor();
  const allSent = (page: Page) => page.locator('.sending').waitFor({ state: 'detached' });

  it('while typing, however late the answers are: every key is in the item it was meant for', async () => {
    const web = await servePage(await deskLab(home, 'slow'));
    const { page, complaints } = await newPerson();
    await enter(page, web.url, 'Ann');
    const [first, second] = [holdRequests(), holdRequests()];
    await page.route('**/api/**', first.handler);
    await page.keyboard.type('one');
    await page.keyboard.press('Control+Enter');
    await page.keyboard.type('two');
    // The item after this one is not here yet, and a second press is ignored.
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Control+Enter');
    await page.keyboard.type('three, typed early');
    await page.getByRole('heading', { name: 'Loading the next item…' }).waitFor();
    await page.getByText('2 being sent').waitFor();
    await page.unroute('**/api/**');
    await page.route('**/api/**', second.handler);
    first.goOn();
    await page.getByText('1 being sent').waitFor();
    await page.keyboard.type(', and more');
    second.goOn();
    await isAt(page, 3);
    expect(await response(page).inputValue()).toBe('three, typed early, and more');
    await page.keyboard.type(' and late');
    await page.keyboard.press('Control+Enter');
    await page.keyboard.type('four');
    await isAt(page, 4);
    await allSent(page);
    await saved(page);
    expect(answers(web)).toEqual([
      'accepted one',
      'accepted two',
      'accepted three, typed early, and more and late',
      'open four',
      'open',
      'open',
    ]);
    expect(complaints.filter((line) => !REPORTED.test(line))).toEqual([]);
  });

  it('without a connection: what is submitted is sent when it is back, also after a reload', async () => {
    const web = await servePage(await deskLab(home, 'offline'));
    const { context, page, complaints } = await newPerson();
    await enter(page, web.url, 'Ann');
    await page.keyboard.type('one');
    await saved(page);
    await context.setOffline(true);
    await page.keyboard.press('Control+Enter');
    await isAt(page, 2);
    await page.keyboard.type('two');
    await page.keyboard.press('Control+Enter');
    await page.getByText('2 submitted items will be sent then.').waitFor();
    await page.keyboard.type('early');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await seriousViolations(page)).toEqual([]);
    }
    expect(answers(web).filter((one) => one.startsWith('accepted'))).toEqual([]);
    await context.setOffline(false);
    await isAt(page, 3);
    await allSent(page);
    expect(await response(page).inputValue()).toBe('early');
    await saved(page);

    await page.route('**/label', (route) => route.abort());
    await page.keyboard.press('Control+Enter');
    await page.getByText('1 submitted item will be sent then.').waitFor();
    await page.unroute('**/label');
    await page.reload();
    await itemHeading(page).waitFor();
    await allSent(page);
    expect(answers(web)).toEqual(['accepted one', 'accepted two', 'accepted early', 'open', 'open', 'open']);
    expect(web.desk.teamOverview().people[0]!.answered).toBe(3);
    expect(complaints.filter((line) => !REPORTED.test(line))).toEqual([]);
  });

  it('for a skip and the reason given afterwards: both are sent after a reload', async () => {
    const web = await servePage(await deskLab(home, 'reasons'));
    const { page, complaints } = await newPerson();
    await enter(page, web.url, 'Ann');
    await page.route('**/label', (route) => route.abort());
    await page.keyboard.press('Alt+p');
    await page.getByText('Item 1 skipped.').waitFor();
    await page.keyboard.press('Alt+y');
    await page.keyboard.type('Not my field');
    await page.keyboard.press('Enter');
    await page.getByText('2 submitted items will be sent then.').waitFor();
    await page.reload();
    await itemHeading(page).waitFor();
    await page.unroute('**/label');
    await allSent(page);
    const { items } = web.desk.list('Ann', { ...WHOLE, filter: 'skipped' });
    expect(items.map(({ number }) => web.desk.open('Ann', number).writing.comment)).toEqual(['Not my field']);
    expect(await page.getByText('was not submitted').count()).toBe(0);
    expect(complaints.filter((line) => !REPORTED.test(line))).toEqual([]);
  });

  it('for a very long text: keys do not copy it into the browser’s storage', async () => {
    const web = await servePage(await deskLab(home, 'large'));
    const { page } = await newPerson();
    await enter(page, web.url, 'Ann');
    // Inserted as a person would paste them, so many lines take Chromium long.
    await response(page).fill(`${'word '.repeat(10)}\n`.repeat(1_000));
    const copies = await page.evaluate(() => {
      let count = 0;
      const store = Storage.prototype.setItem;
      Storage.prototype.setItem = function (...given) {
        count += 1;
        store.apply(this, given);
      };
      for (let key = 0; key < 20; key += 1) document.execCommand('insertText', false, 'x');
      return count;
    });
    expect(copies).toBe(0);
    await page.reload();
    await expect.poll(async () => (await response(page).inputValue()).length).toBe(51_020);
  });
});
