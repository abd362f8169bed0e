import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { formatUsdBriefly } from '../../../src/domain/money.ts';
import { ITEM_FATES, type PoolMap } from '../../../src/report/pool-figures.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { fakeReport } from './fake-report.ts';
import { cellsOf, reportOpener, sidewaysOverflow } from './report-lab.ts';

const [ROUND, RANK, , , STATE] = [0, 1, 2, 3, 4];

describe.skipIf(!HAS_CHROMIUM)('the table of all picks', () => {
  const open = reportOpener();
  const report = fakeReport({ points: 10, picksPerRound: 60 });

  it('is sorted up, then down, then restored by clicks on a title', async () => {
    const { page } = await open(report);
    const columns = await page.locator('#picks th').allInnerTexts();
    expect(columns).toHaveLength(10);
    const cost = page.locator('#picks').getByRole('button', { name: 'LLM cost' });
    const costs = async () => (await cellsOf(page, 'Picks')).map((row) => row.at(-1)!);
    await cost.click();
    const expected = report.picks.map(({ costMicroUsd }) => costMicroUsd).sort((a, b) => a - b);
    expect((await costs())[0]).toBe('$0.00');
    await cost.click();
    expect(await page.locator('#picks th[aria-sort=descending]').innerText()).toContain('LLM cost');
    expect((await costs())[0]).toBe(formatUsdBriefly(expected.at(-1)!));
    await cost.click();
    expect((await cellsOf(page, 'Picks'))[0]!.slice(0, 2)).toEqual(['1', '1']);
    expect(await page.locator('#picks th[aria-sort]').count()).toBe(0);
  });

  it('can be sorted by each column in both directions', async () => {
    const { page } = await open(fakeReport({ points: 10, picksPerRound: 8 }));
    const titles = ['Round', 'Rank', 'Instruction', 'Why', 'State', 'By', 'Necessity', 'Strategy', 'Score', 'LLM cost'];
    for (const [column, title] of titles.entries()) {
      const shown = async () => {
        await page.locator('#picks').getByRole('button', { name: title, exact: true }).click();
        return (await cellsOf(page, 'Picks')).map((row) => row[column]!).filter((cell) => cell !== '–');
      };
      const [up, down] = [await shown(), await shown()];
      expect(up, title).toEqual(up.toSorted(byNumberOrWords));
      expect(down, title).toEqual(down.toSorted((a, b) => byNumberOrWords(b, a)));
      expect(new Set([...up, ...down]).size, title).toBeGreaterThan(1);
    }
  });

  it('can be searched, filtered by state and round, and paged', async () => {
    const { page } = await open(report);
    const picks = page.locator('#picks');
    await picks.getByRole('button', { name: 'Next' }).click();
    expect((await cellsOf(page, 'Picks'))[0]![RANK]).toBe('51');
    await picks.getByLabel('State').selectOption('rejected');
    await picks.getByLabel('Round').selectOption('2');
    const expected = report.picks.filter(({ state, round }) => state === 'rejected' && round === 2);
    const rows = await cellsOf(page, 'Picks');
    expect(rows.map((row) => [row[ROUND], row[RANK], row[STATE]])).toEqual(
      expected.map(({ rank }) => ['2', String(rank), 'rejected']),
    );
    await picks.getByLabel('State').selectOption('');
    await picks.getByLabel('Round').selectOption('');
    const wanted = report.picks[77]!;
    await picks.getByLabel('Search').fill(`${wanted.id.toUpperCase()} ${wanted.strategy}`);
    await picks.getByText('1 of 180 picks').waitFor();
    expect((await cellsOf(page, 'Picks'))[0]![RANK]).toBe(String(wanted.rank));
    await picks.getByLabel('Search').fill('no such words');
    await picks.getByText('No matching rows.').waitFor();
  });

  it('stays quick with ten thousand picks', async () => {
    const { page } = await open(fakeReport({ points: 10, picksPerRound: 3334, excerpt: 100, reason: 100 }));
    expect(await page.locator('#picks tbody tr').count()).toBe(50);
    await page.locator('#picks').getByRole('button', { name: 'Why' }).click();
    await page.locator('#picks').getByLabel('Search').fill('violins');
    await page.locator('#picks').getByRole('button', { name: 'Last' }).click();
    expect(await page.locator('#picks tbody tr').count()).toBeLessThanOrEqual(50);
  });
});

describe.skipIf(!HAS_CHROMIUM)('the map of the pool', () => {
  const open = reportOpener();
  const map: PoolMap = {
    ...fakeReport({ points: 4 }).map!,
    instructions: 4,
    position: [0, 1, 2, 3],
    x: [0, 10, 0, 10],
    y: [0, 0, 10, 10],
    fate: [0, 4, 5, 3],
    round: [1, 0, 0, 2],
    cluster: [0, 0, 1, 1],
    score: [null, 3, null, null],
    excerpt: ['bottom left', 'bottom right', 'top left', 'top right'],
    clusters: [
      { name: 'low, ground', items: 2 },
      { name: 'high, sky', items: 2 },
    ],
    fields: [
      { name: 'kind', kind: 'words', values: ['closed', 'open'], of: [0, 1, 1, null] },
      { name: 'length', kind: 'numbers', of: [10, 20, 30, 40] },
    ],
  };
  const report = { ...fakeReport({ points: 4 }), map };

  it('shows the item under the pointer', async () => {
    const { page } = await open(report);
    const canvas = page.locator('canvas');
    const { width, height } = (await canvas.boundingBox())!;
    // The four points form a square in the middle, with margins above and below.
    const [left, right] = [(width - height) / 2 + 14, (width + height) / 2 - 14];
    await canvas.hover({ position: { x: right, y: 14 } });
    await page.getByText('top right').waitFor();
    expect(await card(page)).toContain('selected · round 2 · cluster high, sky · length 40 · row 4');
    await canvas.hover({ position: { x: left + 3, y: height - 14 } });
    await page.getByText('bottom left').waitFor();
    await canvas.hover({ position: { x: width / 2, y: height / 2 } });
    await expect.poll(() => page.locator('.card').count()).toBe(0);
  });

  it('shows a tapped item until a tap elsewhere', async () => {
    const { page } = await open(report, { hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } });
    const canvas = page.locator('canvas');
    const { width, height } = (await canvas.boundingBox())!;
    await canvas.tap({ position: { x: (width + height) / 2 - 30, y: 28 } });
    await page.getByText('top right').waitFor();
    expect((await page.locator('.card').boundingBox())!.x).toBeGreaterThanOrEqual(0);
    expect(await sidewaysOverflow(page)).toBe(0);
    await canvas.tap({ position: { x: width / 2, y: height / 2 } });
    await expect.poll(() => page.locator('.card').count()).toBe(0);
  });

  it('can be read by keyboard, point by point in each direction', async () => {
    const { page } = await open(report);
    await page.getByRole('application').focus();
    const read: string[] = [];
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowLeft']) {
      await page.keyboard.press(key);
      read.push((await card(page)).split('\n')[0]!);
    }
    expect(read.slice(-4)).toEqual(['top right', 'bottom right', 'bottom left', 'bottom left']);
    await page.keyboard.press('+');
    expect(await page.locator('canvas.is-zoomed').count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await page.locator('.card').count()).toBe(0);
  });

  it('can be colored by status, round, cluster, score and fields, and the legend hides points', async () => {
    const { page } = await open(report);
    const choices = await page.getByLabel('Color by').locator('option').allInnerTexts();
    expect(choices).toEqual(['status', 'round', 'cluster', 'score of the model’s answer', 'kind', 'length']);
    const legend = page.locator('.map-legend');
    expect(await legend.getByRole('button').allInnerTexts()).toHaveLength(ITEM_FATES.length - 2);
    const seen = new Set<string>();
    for (const choice of choices) {
      await page.getByLabel('Color by').selectOption({ label: choice });
      seen.add(await page.evaluate('document.querySelector("canvas").toDataURL()'));
    }
    expect(seen.size).toBe(choices.length);
    await page.getByLabel('Color by').selectOption({ label: 'kind' });
    expect((await legend.innerText()).replace(/\s+/g, ' ')).toContain('Kind, by color open 2 closed 1 none 1');
    await legend.getByRole('button', { name: 'open' }).click();
    await page.getByText('Show points as a table').click();
    expect((await cellsOf(page, 'Points of the map')).map((row) => row[1])).toEqual(['bottom left', 'top right']);
    await legend.getByRole('button', { name: 'labeled' }).click();
    expect((await cellsOf(page, 'Points of the map')).map((row) => row[1])).toEqual(['top right']);
  });

  it('gives the seven largest of many groups their own colors, and the others one color', async () => {
    const values = Array.from({ length: 20 }, (_, index) => `value ${index}`);
    const points = Array.from({ length: 210 }, (_, index) => index);
    // The first value has one point, the second two, …
    const of = points.map((point) => Math.floor((Math.sqrt(8 * point + 1) - 1) / 2));
    const many = fakeReport({ points: 210 });
    const { page } = await open({
      ...many,
      map: { ...many.map!, fields: [{ name: 'many', kind: 'words', values, of }] },
    });
    await page.getByLabel('Color by').selectOption({ label: 'many' });
    const colors = await page
      .locator('.map-legend fieldset')
      .nth(1)
      .locator('rect')
      .evaluateAll((all) => all.map((one) => one.getAttribute('fill')));
    expect(colors).toHaveLength(20);
    expect(new Set(colors.slice(0, 7)).size).toBe(7);
    expect(new Set(colors.slice(7))).toEqual(new Set(['var(--series-7)']));
  });
});

async function card(page: Page): Promise<string> {
  return (await page.locator('.card').innerText()).replace(/\n+/g, '\n');
}

function byNumberOrWords(a: string, b: string): number {
  const [one, other] = [a, b].map((text) => Number(text.replace('$', ''))) as [number, number];
  return Number.isNaN(one) || Number.isNaN(other) ? a.localeCompare(b, 'en', { numeric: true }) : one - other;
}
