import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { answer, deskLab } from '../../annotate/desk/desk-lab.ts';
import { TOKENS, type WebLab } from '../../annotate/server/web-lab.ts';
import { seriousViolations } from '../../support/axe.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { browserForFile, itemHeading, numberOf, type Person, pagesForFile, response } from './annotate-lab.ts';

const ALL = { filter: 'all', search: '', offset: 0, limit: 1000 } as const;

describe.skipIf(!HAS_CHROMIUM)('A lead, by keyboard,', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const servePage = pagesForFile();
  let web: WebLab;
  let lead: Person;
  let page: Page;
  let numbers: number[];
  beforeAll(async () => {
    const lab = await deskLab(home, 'decisions', { labels: { heldOutShare: 0, annotators: 2 } });
    web = await servePage(lab, { tokens: TOKENS });
    numbers = web.desk.list('Ann', ALL).items.map(({ number }) => number);
    for (const number of numbers.slice(0, 3)) {
      web.desk.submit('Ann', number, answer(`By Ann, ${number}.`));
      web.desk.submit('Bo', number, answer(`By Bo, ${number}.`));
    }
    lead = await newPerson();
    page = lead.page;
    await page.goto(`${web.url}/lead#token=${TOKENS.lead}`);
    await page.getByRole('heading', { name: 'All labels' }).waitFor();
  });

  const dialog = () => page.getByRole('dialog');
  const open = async (at: number) => {
    const name = `Round 1, item ${at + 1} of 6`;
    await page.goto('about:blank');
    await page.goto(`${web.url}/lead#item=${numbers[at]}`);
    await page.getByRole('dialog', { name }).getByText('Instruction').waitFor();
  };
  const press = async (name: string, key = 'Enter') => {
    await dialog().getByRole('button', { name }).first().focus();
    await page.keyboard.press(key);
  };
  const expectAccessible = async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await seriousViolations(page)).toEqual([]);
    }
  };

  it('chooses an answer, merges two, and undoes it', async () => {
    await open(0);
    await press('Use this answer');
    await dialog().getByText('Decided by').waitFor();
    expect(web.desk.labels.item(numbers[0]!).labels[0]).toMatchObject({ annotator: 'Ann', counts: true });
    await press('Undo decision');
    await dialog().getByText('Decided by').waitFor({ state: 'detached' });

    await press('Edit');
    await dialog().getByLabel('Final answer').waitFor();
    await dialog().getByRole('button', { name: 'Add to final answer' }).nth(1).focus();
    await page.keyboard.press('Enter');
    await dialog().getByLabel('Final answer').focus();
    await page.keyboard.press('End');
    await page.keyboard.type(' jk');
    // A draft survives a look at another item.
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'All labels' }).getByRole('listitem').first().getByRole('button').click();
    expect(await dialog().getByLabel('Final answer').inputValue()).toContain(' jk');
    await expectAccessible();
    await dialog().getByRole('button', { name: 'Save as final answer' }).focus();
    await page.keyboard.press('Enter');
    await dialog().getByText('as the lead').first().waitFor();
    const { labels } = web.desk.labels.item(numbers[0]!);
    expect(labels.at(-1)).toMatchObject({ counts: true, isByLead: true });
    expect(labels.at(-1)!.response).toContain(`By Bo, ${numbers[0]}.`);
    expect(labels.at(-1)!.response).toContain(' jk');
    await dialog().getByText('History').click();
    await expectAccessible();
    await page.setViewportSize({ width: 360, height: 740 });
    await expectAccessible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('sends a label back, and the person sees why before all else and answers', async () => {
    await open(1);
    await press('Send back…');
    await dialog().getByLabel('What should Ann look at?').waitFor();
    await page.keyboard.type('Which unit?');
    await expectAccessible();
    await dialog().getByRole('button', { name: 'Send back', exact: true }).focus();
    await page.keyboard.press('Enter');
    await dialog().getByText('Sent back to Ann').waitFor();
    const ann = await newPerson();
    await ann.page.goto(web.linkOf('Ann'));
    await itemHeading(ann.page).waitFor();
    await ann.page.getByText('Lead sent this back to you:').waitFor();
    expect(numberOf(ann.page)).toBe(numbers[1]);
    expect(await ann.page.getByText('Which unit?').count()).toBe(1);
    expect(await seriousViolations(ann.page)).toEqual([]);
    await response(ann.page).fill('In kelvin.');
    await ann.page.keyboard.press('Control+Enter');
    await expect.poll(() => numberOf(ann.page)).not.toBe(numbers[1]);
    await expect.poll(() => web.desk.labels.item(numbers[1]!).requests).toEqual([]);
    expect(web.desk.labels.item(numbers[1]!).labels.at(-1)).toMatchObject({ annotator: 'Ann', response: 'In kelvin.' });
    expect(ann.complaints).toEqual([]);
  });

  it('asks for another answer, and drops a person’s work and takes it back', async () => {
    await open(2);
    await dialog().getByLabel('Ask for another answer from').selectOption('Bo');
    await press('Ask');
    await dialog().getByText('Open for another answer.').waitFor();
    await press('Stop asking');
    await dialog().getByText('Open for another answer.').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Drop… labels of Bo' }).focus();
    await page.keyboard.press('Enter');
    await expectAccessible();
    await dialog().getByRole('button', { name: 'Drop labels' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Undo the drop of Bo' }).waitFor();
    expect(web.desk.labels.item(numbers[2]!).labels[1]).toMatchObject({ annotator: 'Bo', isDropped: true });
    await expectAccessible();
    await page.getByRole('button', { name: 'Undo the drop of Bo' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Drop… labels of Bo' }).waitFor();
    expect(web.desk.labels.item(numbers[2]!).labels[1]).toMatchObject({ annotator: 'Bo', isDropped: false });
    expect(lead.complaints).toEqual([]);
  });
});
