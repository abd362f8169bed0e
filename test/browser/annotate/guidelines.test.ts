import { utimesSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deskLab } from '../../annotate/desk/desk-lab.ts';
import { seriousViolations } from '../../support/axe.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { browserForFile, enter, otherItem, pagesForFile, REPORTED, response } from './annotate-lab.ts';

const GUIDE =
  '# A good answer\n\n- is *true*\n- is short\n\n```js\nconst kind = true;\n```\n\n<script>alert(1)</script>\n';

describe.skipIf(!HAS_CHROMIUM)('The guidelines', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const servePage = pagesForFile();

  it('are shown before the first item, then a key away, and a new version announces itself', async () => {
    const lab = await deskLab(home, 'guide', { labels: { heldOutShare: 0, guidelines: 'guide.md' } }, (own) => {
      own.write('guide.md', GUIDE);
    });
    const web = await servePage(lab);
    const { page, complaints } = await newPerson();
    await enter(page, web.url, 'Ann');
    const dialog = page.getByRole('dialog', { name: 'Guidelines' });
    await dialog.getByRole('heading', { name: 'A good answer' }).waitFor();
    expect(await dialog.textContent()).toContain('<script>alert(1)</script>');
    for (const width of [1280, 760, 360]) {
      await page.setViewportSize({ width, height: 740 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await seriousViolations(page)).toEqual([]);
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await response(page).fill('Short and true');
    await page.keyboard.press('Control+Enter');
    await otherItem(page, 1);
    const [first] = lab.rows<{ version: string }>('SELECT version FROM followed_guidelines');
    expect(first!.version).toBe(web.desk.guidelines()!.version);

    // Not again after a reload, but when a key asks for it.
    await page.reload();
    await page.getByRole('button', { name: /^Guidelines/ }).waitFor();
    expect(await dialog.count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.keyboard.press('h');
    await dialog.waitFor();
    await page.keyboard.press('Escape');

    // A new version does not interrupt who is writing.
    lab.write('guide.md', '# A better answer\n');
    utimesSync(lab.path('guide.md'), 1, 1);
    await page.keyboard.press('e');
    await page.keyboard.type('Under the old ones');
    await page.keyboard.press('Control+Enter');
    await otherItem(page, 2);
    expect(await dialog.count()).toBe(0);
    await page.getByRole('button', { name: /^New guidelines/ }).click();
    await dialog.getByRole('heading', { name: 'A better answer' }).waitFor();
    await dialog.getByRole('button', { name: 'Start annotating' }).click();
    await page.keyboard.press('e');
    await page.keyboard.type('Under the new ones');
    await page.keyboard.press('Control+Enter');
    await otherItem(page, 3);
    const versions = lab.rows<{ version: string }>('SELECT version FROM followed_guidelines ORDER BY annotation_id');
    expect(versions.map(({ version }) => version)).toEqual([
      first!.version,
      first!.version,
      web.desk.guidelines()!.version,
    ]);
    expect(complaints.filter((line) => !REPORTED.test(line))).toEqual([]);
  });
});
