import { describe, expect, it } from 'vitest';
import { necessityLab } from '../../annotate/desk/desk-lab.ts';
import { seriousViolations } from '../../support/axe.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { browserForFile, enter, otherItem, pagesForFile, response, saved } from './annotate-lab.ts';

const QUESTIONS = [
  { name: 'quality', kind: 'rating', ask: 'How good is the <b>answer</b>?' },
  { name: 'language', kind: 'choice', options: ['en', 'de'] },
  { name: 'faults', kind: 'choices', options: ['wrong', 'long'] },
  { name: 'best', kind: 'ranking', of: ['instruction', 'output', 'model'] },
  { name: 'flaws', kind: 'span', labels: ['wrong', 'odd'] },
  { name: 'remark', kind: 'text' },
];

describe.skipIf(!HAS_CHROMIUM)('Questions', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const servePage = pagesForFile();

  it('are answered by keyboard alone, asked for on submit, and kept after a reload', async () => {
    const lab = await necessityLab(home, 'questions', { labels: { heldOutShare: 0.25, questions: QUESTIONS } });
    const web = await servePage(lab);
    const { page, complaints } = await newPerson();
    await enter(page, web.url, 'Ann');
    const { keyboard } = page;
    await response(page).fill('Yes.');
    await keyboard.press('Control+Enter');
    await page.getByRole('alert').getByText('Not answered yet: How good is the <b>answer</b>?').waitFor();
    // The focus is in the first question.
    await keyboard.press('4');
    const quality = page.getByRole('group', { name: /How good/ });
    expect(await quality.getByRole('radio', { name: '4' }).isChecked()).toBe(true);
    await keyboard.press('ArrowRight');
    expect(await quality.getByRole('radio', { name: '5' }).isChecked()).toBe(true);
    await keyboard.press('Tab');
    await keyboard.press('Space');
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await keyboard.press('Space');
    const places = page.getByRole('combobox');
    await keyboard.press('Tab');
    await keyboard.type('2');
    await keyboard.press('Tab');
    // A text that scrolls takes the focus too.
    await places.nth(1).focus();
    await keyboard.type('3');
    expect(await places.evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).value))).toEqual([
      '2',
      '3',
      '1',
    ]);

    const judged = page.getByRole('textbox', { name: 'flaws' });
    await judged.focus();
    await keyboard.press('1');
    await page.getByText('Select a part of the text first.').waitFor();
    await keyboard.press('Control+Home');
    for (let at = 0; at < 3; at += 1) await keyboard.press('Shift+ArrowRight');
    await keyboard.type('x');
    await keyboard.press('Delete');
    await keyboard.press('2');
    await page.locator('.marked li').waitFor();
    const text = await judged.inputValue();
    expect(await page.locator('.marked').textContent()).toBe(`odd ${text.slice(0, 3)} ✕`);
    // The text itself cannot be changed.
    expect(await page.getByRole('region', { name: /^Model's answer/ }).textContent()).toContain(text);
    await page.getByRole('textbox', { name: 'remark' }).fill('Fine.');
    await saved(page);
    for (const width of [1280, 760, 360]) {
      await page.setViewportSize({ width, height: 740 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await seriousViolations(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.reload();
    await page.locator('.marked li').waitFor();
    expect(await places.evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).value))).toEqual([
      '2',
      '3',
      '1',
    ]);
    await page.keyboard.press('Control+Enter');
    await otherItem(page, 1);

    const [stored] = lab.rows<{ answers: string }>(
      'SELECT answers FROM annotation WHERE answers IS NOT NULL ORDER BY id DESC',
    );
    expect(JSON.parse(stored!.answers)).toEqual({
      quality: 5,
      language: 'en',
      faults: ['long'],
      best: ['model', 'instruction', 'output'],
      flaws: [{ start: 0, end: 3, label: 'odd' }],
      remark: 'Fine.',
    });
    // A single key leads to the questions.
    await page.keyboard.press('Escape');
    await page.keyboard.press('a');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('fieldset')?.textContent))
      .toContain('How good');
    await page.goBack();
    await page.locator('.marked li').waitFor();
    expect(await quality.getByRole('radio', { name: '5' }).isChecked()).toBe(true);
    expect(complaints).toEqual([]);
  });
});
