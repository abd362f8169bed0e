import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Change, changesBetween } from '../../../src/annotate/page/changes.ts';
import { necessityLab } from '../../annotate/desk/desk-lab.ts';
import { seriousViolations } from '../../support/axe.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { browserForFile, enter, otherItem, pagesForFile, REPORTED, response } from './annotate-lab.ts';

/** As one line: [-removed-], {+added+}. */
function marked(changes: readonly Change[]): string {
  return changes
    .map(({ kind, text }) => (kind === 'same' ? text : kind === 'added' ? `{+${text}+}` : `[-${text}-]`))
    .join('');
}

describe('The changes between two texts', () => {
  it.each([
    ['', '', ''],
    ['', 'new', '{+new+}'],
    ['The cat sat.', 'The cat sat.', 'The cat sat.'],
    ['The cat sat.', 'The dog sat.', 'The [-cat-]{+dog+} sat.'],
    ['one two three four', 'one 2 3 four', 'one [-two three-]{+2 3+} four'],
    ['Кошка спит', 'Кошки спят', '[-Кошка спит-]{+Кошки спят+}'],
    ['我喜欢猫。', '我喜欢狗。', '我喜欢[-猫-]{+狗+}。'],
    ['a\nb\n', 'a\nb\n\n', 'a\nb\n{+\n+}'],
    ['👩‍🚀 up', '👩‍🚒 up', '[-👩‍🚀-]{+👩‍🚒+} up'],
  ])('of %j and %j are %j', (from, to, changes) => expect(marked(changesBetween(from, to))).toBe(changes));

  it('make both texts again', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'the', ' ', ' ', '\n', '.', '猫', '🙂', 'é'), { maxLength: 40 });
    fc.assert(
      fc.property(
        fc.oneof(
          text.map((parts) => parts.join('')),
          fc.string({ unit: 'binary' }),
        ),
        text,
        (from, parts) => {
          const to = parts.join('');
          const without = (left: Change['kind']) =>
            changesBetween(from, to)
              .filter(({ kind }) => kind !== left)
              .map((change) => change.text)
              .join('');
          expect([without('added'), without('removed')]).toEqual([from, to]);
        },
      ),
    );
  });

  it('are found word by word in long texts, and in texts without spaces', () => {
    const line = (at: number) => `Line ${at} of a long text that says one thing.\n`;
    const lines = Array.from({ length: 10_000 }, (_, at) => line(at));
    const from = lines.join('');
    const to = lines
      .with(50, lines[50]!.replace('long', 'short'))
      .with(9000, lines[9000]!.replace('one', 'no'))
      .join('');
    expect(changesBetween(from, to).filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'removed', text: 'long' },
      { kind: 'added', text: 'short' },
      { kind: 'removed', text: 'one' },
      { kind: 'added', text: 'no' },
    ]);
    const solid = '猫'.repeat(100_000);
    const cut = `${solid.slice(0, 50_000)}狗${solid.slice(50_001)}`;
    expect(changesBetween(solid, cut).filter(({ kind }) => kind === 'added')).toEqual([{ kind: 'added', text: '狗' }]);
  });
});

describe.skipIf(!HAS_CHROMIUM)("Changes in the model's answer", () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const servePage = pagesForFile();

  it('are shown by choice while editing and when the person looks back, and the choice is remembered', async () => {
    const web = await servePage(await necessityLab(home, 'changes'));
    const { page, complaints } = await newPerson();
    await enter(page, web.url, 'Ann');
    const answer = await web.desk.open('Ann', Number(/#item=(\d+)/.exec(page.url())![1])).failingAnswer!.response;
    const section = page.getByRole('region', { name: /^Model's answer/ });
    const toggle = section.getByRole('button', { name: /^Show changes/ });
    await page.keyboard.press('Alt+a');
    await expect.poll(() => response(page).inputValue()).toBe(answer);
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('Surely ');
    expect(await section.locator('ins').count()).toBe(0);
    await page.keyboard.press('Alt+w');
    await section.locator('ins').waitFor();
    expect(await toggle.getAttribute('aria-pressed')).toBe('true');
    expect(await section.locator('ins').textContent()).toBe('[added: Surely ] ');
    expect(await section.locator('del').count()).toBe(0);
    // They follow the typing.
    await page.keyboard.type('<b>not</b> ');
    await section.getByText('<b>not</b>').waitFor();
    for (const width of [1280, 760, 360]) {
      await page.setViewportSize({ width, height: 740 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await seriousViolations(page)).toEqual([]);
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.keyboard.press('Control+Enter');
    await otherItem(page, 1);

    await page.goBack();
    await section.locator('ins').waitFor();
    await page.reload();
    await section.locator('ins').waitFor();
    expect(await section.locator('ins').textContent()).toBe('[added: Surely <b>not</b> ] ');
    await page.keyboard.press('Alt+w');
    await section.locator('ins').waitFor({ state: 'detached' });
    expect(complaints.filter((line) => !REPORTED.test(line))).toEqual([]);
  });
});
