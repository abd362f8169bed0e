import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DeskProgress } from '../../../src/annotate/desk/desk-views.ts';
import { answer, atDesk, deskLab } from '../../annotate/desk/desk-lab.ts';
import type { WebLab } from '../../annotate/server/web-lab.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { browserForFile, enter, otherItem, type Person, pagesForFile } from './annotate-lab.ts';

const HOUR_MS = 3_600_000;
const ITEMS = 30;

describe.skipIf(!HAS_CHROMIUM)('The progress of a round', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const servePage = pagesForFile();
  let web: WebLab;
  let person: Person;
  beforeAll(async () => {
    const lab = await deskLab(home, 'progress', {
      labels: { heldOutShare: 0, perLabelUsd: 0.25 },
      budget: { labelUsd: 60 },
      rounds: { most: 1, seed: { strategy: 'random', count: ITEMS }, necessity: { count: 1, evaluate: 1 } },
    });
    // An hour ago, Bo spent six minutes on each of five items.
    const clock = new VirtualClock();
    await clock.advance(Date.now() - HOUR_MS);
    const work = async (desk: Parameters<Parameters<typeof atDesk>[1]>[0]) => {
      for (const { number } of desk.list('Bo', { filter: 'all', search: '', offset: 0, limit: 5 }).items) {
        desk.open('Bo', number);
        await clock.advance(HOUR_MS / 10);
        desk.submit('Bo', number, answer('An answer', { seconds: 360 }));
      }
    };
    await atDesk(lab, work, clock);
    web = await servePage(lab);
    person = await newPerson();
    await enter(person.page, web.url, 'Ann');
  });

  const dollars = (microUsd: number) => `$${(microUsd / 1e6).toFixed(2)}`;
  const shown = async (page: Page) =>
    (await page.getByRole('region', { name: 'Progress' }).getByRole('listitem').allTextContents()).map((line) =>
      line.replace(/\s+/g, ' ').trim(),
    );
  const progressOf = async (name: string | null): Promise<DeskProgress> =>
    name === null ? web.desk.teamOverview().progress : (await web.ask(name, 'GET', '/api/progress')).body;

  it('shows the server’s figures: done, left, money, pace and time', async () => {
    const { page } = person;
    const before = await progressOf('Ann');
    expect(before).toMatchObject({ complete: 5, leftForMe: 25, spentMicroUsd: 1_250_000, itemsPerHour: 10 });
    expect(await shown(page)).toEqual([
      '5 of 30 done',
      `${before.leftForMe} left for you`,
      `${dollars(before.spentMicroUsd)} of ${dollars(before.capMicroUsd!)} spent on labels`,
      `${before.itemsPerHour} per hour`,
      `about ${before.hoursLeft!.toFixed(1)} h left`,
    ]);
    expect(await page.getByRole('progressbar', { name: '5 of 30 items done' }).getAttribute('value')).toBe('5');
  });

  it('changes with every label', async () => {
    const { page } = person;
    await page.keyboard.type('One more');
    await page.keyboard.press('Control+Enter');
    await otherItem(page, 6);
    const after = await progressOf('Ann');
    expect(after).toMatchObject({ complete: 6, spentMicroUsd: 1_500_000, mine: { answered: 1 } });
    const lines = await shown(page);
    expect(lines).toContain('6 of 30 done');
    expect(lines).toContain('1 by you');
    expect(lines).toContain('$1.50 of $60.00 spent on labels');
    expect(lines).toContain(`${Math.round(after.itemsPerHour!)} per hour`);
    expect(lines).toContain(`about ${after.hoursLeft!.toFixed(1)} h left`);
  });

  it('shows the whole team on the lead’s page, and screen readers get all of it on a phone', async () => {
    const { page, complaints } = person;
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await shown(page)).toContain('$1.50 of $60.00 spent on labels');
    await page.goto(`${web.url}/lead`);
    await page
      .getByRole('table', { name: 'Team' })
      .getByRole('row', { name: /^Ann 1/ })
      .waitFor();
    const team = await progressOf(null);
    const lines = await shown(page);
    expect(lines.slice(0, 2)).toEqual(['6 of 30 done', `${team.items - team.complete} left`]);
    const row = await page.getByRole('table', { name: 'Team' }).getByRole('row', { name: /^Bo 5/ }).textContent();
    expect(row).toContain(dollars(5 * 250_000));
    expect(row).toContain('6 min');
    expect(complaints).toEqual([]);
  });
});
