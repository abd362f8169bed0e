import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/math/random.ts';
import { deskLab } from '../../annotate/desk/desk-lab.ts';
import type { WebLab } from '../../annotate/server/web-lab.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { startOpenAiServer } from '../../support/openai-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { browserForFile, enter, itemHeading, pagesForFile, rankOf, response } from './annotate-lab.ts';

const ITEMS = 10_000;
const NEEDLE = 4321;

describe.skipIf(!HAS_CHROMIUM)('With 10,000 items and the keyboard', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const servePage = pagesForFile();
  let web: WebLab;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    // Random vectors are fast. Nothing is selected by them, and no two texts are near-duplicates.
    const random = seededRandom(7, 'many items');
    const vector = () => Array.from({ length: 32 }, () => random.float() - 0.5);
    const embeddings = await startOpenAiServer({ embed: (texts) => ({ vectors: texts.map(vector) }) });
    const config = {
      embedder: { kind: 'openai', model: 'quick', baseUrl: `${embeddings.url}/v1`, price: { input: 0, output: 0 } },
      labels: { heldOutShare: 0 },
      rounds: { most: 1, seed: { strategy: 'random', count: ITEMS }, necessity: { count: 1, evaluate: 1 } },
    };
    const lab = await deskLab(home, 'many', config, (prepared) =>
      prepared.writePool(
        'pool.jsonl',
        Array.from({ length: ITEMS }, (_, index) => ({
          id: `question-${index}`,
          instruction: `Question ${index}: what is ${index} times ${index + 7}? ${index === NEEDLE ? 'A needle.' : ''}`,
          output: '',
        })),
      ),
    );
    await embeddings.close();
    web = await servePage(lab);
    ({ page, complaints } = await newPerson());
    await enter(page, web.url, 'Ann');
  });

  const dialog = () => page.getByRole('dialog', { name: 'Items' });
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const isAt = (rank: number) => page.getByRole('heading', { name: `Item ${rank} of ${ITEMS}` }).waitFor();

  it('the list shows one page at a time', async () => {
    await press('Escape', 'l');
    await dialog().getByRole('button', { name: 'All 10,000' }).waitFor();
    await dialog().getByText('1–50 of 10,000').waitFor();
    expect(await dialog().getByRole('listitem').count()).toBe(50);
    // Only one page of them is in the document.
    expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(1000);
    const rows = dialog().getByRole('listitem').getByRole('button');
    await rows.first().and(page.locator(':focus')).waitFor();
    await press('ArrowDown', 'ArrowDown');
    await rows.nth(2).and(page.locator(':focus')).waitFor();
    await dialog().getByRole('button', { name: 'Next', exact: true }).focus();
    await press('Enter');
    await dialog().getByText('51–100 of 10,000').waitFor();
    await rows.nth(9).focus();
    await press('Enter');
    await isAt(60);
  });

  it('the search finds one item', async () => {
    await press('Escape', '/');
    await page.keyboard.type('a NEEDLE');
    await dialog().getByText('1–1 of 1', { exact: true }).waitFor();
    await press('Enter');
    await page.getByText(`Question ${NEEDLE}:`).waitFor();
    await response(page).and(page.locator(':focus')).waitFor();
    await page.keyboard.type('Found');
    await press('Control+Enter');
    await expect.poll(() => web.desk.progress('Ann').mine.answered).toBe(1);
  });

  it('the filters show their counts and their items', async () => {
    await page.getByText(`Question ${NEEDLE}:`).waitFor({ state: 'detached' });
    await press('Escape', '/', 'Control+A', 'Delete');
    for (const [filter, count] of [
      ['Done', '1'],
      ['Open', '9,999'],
      ['Mine', '1'],
      ['All', '10,000'],
    ] as const) {
      await dialog()
        .getByRole('button', { name: `${filter} ${count}` })
        .focus();
      await press('Enter');
      const last = Math.min(50, Number(count.replace(',', '')));
      await dialog().getByText(`1–${last} of ${count}`, { exact: true }).waitFor();
    }
    await press('Escape');
    await dialog().waitFor({ state: 'detached' });
  });

  it('every item is a few keys away', async () => {
    for (const rank of [ITEMS, 5000]) {
      await press('Escape', 'g');
      await page.getByRole('textbox', { name: 'Item number' }).and(page.locator(':focus')).waitFor();
      await page.keyboard.type(String(rank));
      await press('Enter');
      await isAt(rank);
    }
    await press('Escape', 'k');
    await isAt(4999);
    // The list opens at the current item.
    await press('l');
    await dialog().getByText('4,951–5,000 of 10,000').waitFor();
    await dialog()
      .getByRole('button', { name: /^4999 / })
      .and(page.locator(':focus'))
      .waitFor();
    await press('Escape');

    await press('g');
    await page.keyboard.type(String(ITEMS + 1));
    await press('Enter');
    await dialog().getByText(`This round has ${ITEMS} items.`).waitFor();
    await press('Escape');
    expect(await rankOf(page)).toBe(4999);
    // The largest numbers fit on a phone too.
    await page.setViewportSize({ width: 360, height: 740 });
    const later = (await page.getByRole('button', { name: 'Later' }).boundingBox())!;
    const heading = (await itemHeading(page).boundingBox())!;
    expect(later.x + later.width).toBeLessThanOrEqual(360 - 12);
    expect(heading.y).toBeLessThan(later.y + later.height);
    expect(complaints).toEqual([]);
  });
});
