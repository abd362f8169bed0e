import { beforeAll, describe, expect, it } from 'vitest';
import { deskLab } from '../../annotate/desk/desk-lab.ts';
import { TOKENS } from '../../annotate/server/web-lab.ts';
import type { CampaignLab } from '../../campaign/campaign-lab.ts';
import { seriousViolations } from '../../support/axe.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { browserForFile, itemHeading, numberOf, pagesForFile, REPORTED, response, saved } from './annotate-lab.ts';

describe.skipIf(!HAS_CHROMIUM)('Personal links', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const servePage = pagesForFile();
  let lab: CampaignLab;
  beforeAll(async () => {
    const labels = { heldOutShare: 0, assign: [{ to: ['Ann'], share: 0.5 }, { to: ['Bo'] }] };
    lab = await deskLab(home, 'links', { labels });
  });

  it('are made by the lead, hold in every tab and after a restart, and end when they are revoked', async () => {
    const web = await servePage(lab, { tokens: TOKENS });
    const lead = await newPerson();
    await lead.page.goto(`${web.url}/lead#token=${TOKENS.lead}`);
    await lead.page.getByLabel('Name').fill('Ann');
    await lead.page.keyboard.press('Enter');
    await lead.page.getByText('Invited Ann.').waitFor();
    await lead.page.getByLabel('Name').fill('Апп');
    await lead.page.keyboard.press('Enter');
    await lead.page.getByText('This name looks like "Ann"').waitFor();
    await lead.page.getByLabel('Name').fill('Bo');
    await lead.page.keyboard.press('Enter');
    await lead.page.getByText('Invited Bo.').waitFor();
    const linkOf = (name: string) => lead.page.getByRole('textbox', { name: `Link of ${name}` }).inputValue();
    const [annsLink, bosLink] = [await linkOf('Ann'), await linkOf('Bo')];
    await lead.page.getByRole('button', { name: 'Copy link of Ann' }).click();
    await lead.page.getByText('Link of Ann copied.').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await lead.page.emulateMedia({ colorScheme });
      expect(await seriousViolations(lead.page)).toEqual([]);
    }

    // Ann opens her link: no name is asked, and a second tab needs no link.
    const ann = await newPerson();
    await ann.page.goto(annsLink);
    await itemHeading(ann.page).waitFor();
    expect(ann.page.url()).not.toContain('token');
    await ann.page.keyboard.type('By Ann');
    await saved(ann.page);
    const tab = await ann.context.newPage();
    await tab.goto(web.url);
    await itemHeading(tab).waitFor();
    expect(await response(tab).inputValue()).toBe('By Ann');
    await tab.close();

    // Items of others are theirs.
    await ann.page.keyboard.press('Escape');
    await ann.page.keyboard.press('j');
    await ann.page.getByText('This item is assigned to Bo.').waitFor();
    await ann.page.keyboard.press('k');
    await expect.poll(() => response(ann.page).inputValue()).toBe('By Ann');

    const port = web.port;
    await web.close();
    const again = await servePage(lab, { tokens: TOKENS, port });
    await ann.page.reload();
    await itemHeading(ann.page).waitFor();
    expect(await response(ann.page).inputValue()).toBe('By Ann');

    // Bo opens his link in Ann's browser: her tab goes on as Bo, and her text stays hers.
    const bo = await ann.context.newPage();
    await bo.goto(bosLink);
    await itemHeading(bo).waitFor();
    const annsNumber = numberOf(ann.page);
    await response(ann.page).fill('By whom?');
    await ann.page.getByRole('button', { name: /^Bo/ }).waitFor();
    expect(again.desk.open('Ann', annsNumber).writing.response).toBe('By Ann');
    expect(again.desk.open('Bo', annsNumber).writing.response).toBe('');
    await bo.getByRole('button', { name: /Sign out/ }).click();
    await bo.getByRole('heading', { name: 'Open your link' }).waitFor();
    await bo.close();

    await ann.page.goto('about:blank');
    await ann.page.goto(annsLink);
    await itemHeading(ann.page).waitFor();
    await lead.page.getByRole('button', { name: 'Revoke link of Ann', exact: true }).click();
    await lead.page.getByRole('button', { name: 'Revoke link of Ann now' }).click();
    await lead.page.getByText('Ann no longer has access.').waitFor();
    expect(await lead.page.getByText('Revoked links: 1.').count()).toBe(1);
    // Her page learns it by what she types, or has asked the server before that and shows no editor any more.
    const ended = ann.page.getByRole('heading', { name: 'This link is not valid' }).waitFor();
    const typed = response(ann.page)
      .fill('Still there?')
      .catch(() => undefined);
    await Promise.race([typed, ended]);
    await ended;
    expect(again.desk.open('Ann', annsNumber).writing.response).not.toBe('Still there?');
    expect([...lead.complaints, ...ann.complaints].filter((line) => !REPORTED.test(line))).toEqual([]);
  });

  it('are not needed to join under a new name, which no one else can take then', async () => {
    const web = await servePage(lab, { tokens: TOKENS });
    const [cy, other] = [await newPerson(), await newPerson()];
    await cy.page.goto(`${web.url}/#token=${TOKENS.annotator}`);
    await cy.page.getByLabel('Your name').fill('Cy');
    await cy.page.keyboard.press('Enter');
    await cy.page.getByRole('heading', { name: /all caught up/ }).waitFor();
    await other.page.goto(`${web.url}/#token=${TOKENS.annotator}`);
    await other.page.getByLabel('Your name').fill('Cy');
    await other.page.keyboard.press('Enter');
    await other.page.getByText('This name is already used.').waitFor();
  });
});
