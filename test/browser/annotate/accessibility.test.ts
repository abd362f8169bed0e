import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { deskLab, necessityLab } from '../../annotate/desk/desk-lab.ts';
import { TOKENS, type WebLab } from '../../annotate/server/web-lab.ts';
import { seriousViolations } from '../../support/axe.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import {
  browserForFile,
  enter,
  itemHeading,
  type Person,
  pagesForFile,
  REPORTED,
  response,
  saved,
} from './annotate-lab.ts';

const WHOLE = { filter: 'all', search: '', offset: 0, limit: 100 } as const;

describe.skipIf(!HAS_CHROMIUM)('Axe finds nothing serious, in light and in dark', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const servePage = pagesForFile();
  let [rounds, guarded]: (WebLab | undefined)[] = [];
  let person: Person;
  let page: Page;
  beforeAll(async () => {
    rounds = await servePage(await necessityLab(home, 'rounds'));
    guarded = await servePage(await deskLab(home, 'guarded', { labels: { heldOutShare: 0, annotators: 2 } }), {
      tokens: TOKENS,
    });
    person = await newPerson();
    page = person.page;
  });

  const expectAccessible = async (view: string) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect({ view, colorScheme, violations: await seriousViolations(page) }).toEqual({
        view,
        colorScheme,
        violations: [],
      });
    }
    expect(person.complaints.filter((line) => !REPORTED.test(line))).toEqual([]);
  };
  const submit = (name: string, number: number, text: string, verdict: 'accepted' | 'rejected' | 'skipped') => {
    const { writing } = guarded!.desk.open(name, number);
    guarded!.desk.submit(name, number, { ...writing, verdict, response: text, comment: text, seconds: 60 });
  };

  it('on the entry pages', async () => {
    await page.goto(`${guarded!.url}/#token=wrong-wrong-wrong-wrong`);
    await page.getByRole('heading', { name: 'This link is not valid' }).waitFor();
    await expectAccessible('the wrong token');
    await page.getByLabel('Link or token').fill(TOKENS.annotator);
    await page.keyboard.press('Enter');
    await page.getByLabel('Your name').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Enter your name.').waitFor();
    await expectAccessible('the entry');
    await page.goto(`${guarded!.url}/lead`);
    await page.getByRole('alert').waitFor();
    await expectAccessible('the lead’s page, refused');
  });

  it('on an item with a failing answer, and in its dialogs', async () => {
    await enter(page, rounds!.url, 'Ann');
    await page.getByRole('region', { name: /needs fixing/ }).waitFor();
    await expectAccessible('the item');
    await page.keyboard.press('Alt+p');
    await page.getByText('Item 1 skipped.').waitFor();
    await expectAccessible('the item after a skip');
    for (const [key, name] of [
      ['y', 'Reason for skipping item 1'],
      ['?', 'Shortcuts'],
      ['l', 'Items'],
    ] as const) {
      await page.keyboard.press('Escape');
      await page.keyboard.press(key);
      await page.getByRole('dialog', { name }).waitFor();
      if (key === 'l') await page.getByRole('listitem').first().waitFor();
      await expectAccessible(name);
      await page.keyboard.press('Escape');
    }
    await page.keyboard.press('e');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'As written' }).click();
    await expectAccessible('nothing to submit');
  });

  it('on a phone', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await expectAccessible('the item');
    await page.getByRole('button', { name: /^Items/ }).click();
    await page.getByRole('listitem').first().waitFor();
    await expectAccessible('the list');
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('on an item that was edited in two places or is taken', async () => {
    const [first, , third] = rounds!.desk.list('Ann', WHOLE).items;
    await page.goto(`${rounds!.url}/#item=${first!.number}`);
    await response(page).fill('From here');
    await saved(page);
    const { revision } = rounds!.desk.open('Ann', first!.number).writing;
    rounds!.desk.save('Ann', first!.number, { revision, response: 'From elsewhere', comment: '', seconds: 1 });
    await response(page).fill('From here again');
    await page.getByRole('heading', { name: /edited elsewhere/ }).waitFor();
    await expectAccessible('the conflict');
    await page.getByRole('button', { name: 'Keep mine' }).click();
    await saved(page);
    await page.route('**/api/**', (route) => route.abort());
    await response(page).fill('From here, alone');
    await page.getByText('Draft kept in this browser. Reconnecting…').waitFor();
    await expectAccessible('without the server');
    await page.unroute('**/api/**');
    await saved(page);
    rounds!.desk.open('Bo', third!.number);
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `item=${third!.number}`);
    await page.getByText('is working on this item.').waitFor();
    await expectAccessible('the taken item');
  });

  it('on the end page and the lead’s page', async () => {
    await page.goto(`${guarded!.url}/lead#token=${TOKENS.lead}`);
    await page.getByText('No item has answers from two people yet.').waitFor();
    await expectAccessible('the empty lead’s page');
    const { items } = guarded!.desk.list('Ann', WHOLE);
    for (const [index, { number }] of items.entries()) {
      submit('Ann', number, 'Some text by Ann', 'accepted');
      submit('Bo', number, 'Something else entirely', (['accepted', 'rejected', 'skipped'] as const)[index % 3]!);
    }
    await page.reload();
    await page.getByRole('article').first().waitFor();
    await page.getByRole('row', { name: /^Ann and Bo/ }).waitFor();
    await expectAccessible('the lead’s page');
    await page.goto('about:blank');
    await page.goto(guarded!.linkOf('Ann'));
    await page.getByRole('heading', { name: 'All done' }).waitFor();
    await expectAccessible('the end');
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `item=${items[1]!.number}`);
    await itemHeading(page).waitFor();
    await page.getByText('You answered this item.').waitFor();
    await expectAccessible('the answered item');
  });
});
