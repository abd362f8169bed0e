import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { readAssets } from '../../../src/report/read-assets.ts';
import { renderReport } from '../../../src/report/render-html.ts';
import { seriousViolations } from '../../support/axe.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { EMPTY_REPORT } from './empty-report.ts';
import { fakeReport } from './fake-report.ts';
import { cellsOf, reportOpener, sidewaysOverflow, textOf } from './report-lab.ts';

const THEMES = ['light', 'dark'] as const;

describe.skipIf(!HAS_CHROMIUM)('a report opened from disk', () => {
  const open = reportOpener();
  const report = fakeReport();

  it('draws everything, without requests or console messages', async () => {
    const { page, problems, requests } = await open(report);
    for (const title of [
      'Map of the pool',
      'Rounds',
      'Coverage',
      'Cost',
      'Scores',
      'Agreement',
      'Unusual items',
      'All picks',
    ])
      await page.getByRole('heading', { level: 2, name: title }).waitFor();
    expect(await page.locator('[role=img]').count()).toBe(2 + 3 + 2 + report.scores.length + 1 + report.judges.length);
    expect(await pixelsDrawn(page)).toBeGreaterThan(5000);
    expect({ problems, requests }).toEqual({ problems: [], requests: [] });
  });

  it.each(THEMES)(
    'has no serious violation found by axe with all tables open, in the %s theme',
    async (colorScheme) => {
      const { page, problems } = await open(fakeReport({ points: 12, picksPerRound: 3, rounds: 2 }), { colorScheme });
      for (const summary of await page.locator('summary').all()) await summary.click();
      await page.getByRole('application').focus();
      await page.keyboard.press('ArrowRight');
      expect(await seriousViolations(page)).toEqual([]);
      expect(problems).toEqual([]);
    },
  );

  it('draws no costs of zero, shows the gain with the score it belongs to, and lists test files', async () => {
    const { headline, spending, ...rest } = fakeReport({ points: 12, picksPerRound: 3, rounds: 2 });
    const nothing = { settledMicroUsd: 0, reservedMicroUsd: 0 };
    const { page } = await open({
      ...rest,
      headline: {
        ...headline,
        spentMicroUsd: 0,
        reservedMicroUsd: 0,
        microUsdPerUsefulLabel: 0,
        failureRate: { ...headline.failureRate!, first: null, last: 0.5, change: null },
        testScore: 4.78,
        gainOn: 'test',
      },
      spending: {
        accounts: spending.accounts.map((account) => ({ ...account, ...nothing })),
        byKindAndRound: spending.byKindAndRound.map((row) => ({ ...row, ...nothing })),
        perUsefulLabel: spending.perUsefulLabel.map((row) => ({ ...row, spentMicroUsd: 0, microUsdPerLabel: 0 })),
      },
    });
    const tiles = await textOf(page.locator('.tiles'));
    expect(tiles).toContain('Failure rate 50 % last model 310 instructions of the pool; 95 % interval 36 % to 47 %');
    expect(tiles).toContain('Held-out score 6.02 last model, out of 10 (5.62 to 6.42, 41 items)');
    expect(tiles).toContain(
      'Test score 4.78 out of 10 (5.62 to 6.42, 41 items), +0.40 (95 %: +0.12 to +0.68, 41 items) over the previous model',
    );
    expect(tiles).not.toContain('Cost per useful label');
    expect(await page.locator('#spending [role=img]').count()).toBe(0);
    const cost = await textOf(page.locator('#spending'));
    expect(cost).toContain('Nothing has been spent or set aside.');
    expect(await page.getByLabel('Calls by kind and round').isVisible()).toBe(true);
    expect(await textOf(page.getByLabel('Test files'))).toContain(`test/held.jsonl ${'a07e'.repeat(16)}`);
  });

  it('rounds the used part of a cap down, as the status does', async () => {
    const { spending, ...rest } = fakeReport({ points: 12, picksPerRound: 3, rounds: 2 });
    const account = { settledMicroUsd: 29_000_000, reservedMicroUsd: 0, capMicroUsd: 100_000_000 };
    const nearly = { ...account, settledMicroUsd: 99_900_000 };
    const accounts = [
      { ...account, account: 'labels' },
      { ...nearly, account: 'total' },
    ] as const;
    const { page } = await open({ ...rest, spending: { ...spending, accounts } });
    expect(await page.locator('.used').allInnerTexts()).toEqual(['29\u00a0%', '99\u00a0%']);
  });

  it.each([360, 1024, 1920])('fits a window of %i pixels', async (width) => {
    const { page } = await open(report, { viewport: { width, height: 900 } });
    expect(await sidewaysOverflow(page)).toBe(0);
    for (const drawing of await page.locator('.drawing').all())
      expect((await drawing.boundingBox())!.width).toBeLessThanOrEqual(width);
  });

  it('describes charts with their figures in words', async () => {
    const { page } = await open(report);
    const text = await textOf(page.locator('main'));
    expect(text).toContain('40 % of the answers to the test set failed in round 3.');
    expect(text).toContain('Round 3’s model has a mean score of 6.02 on the test set');
    const label = await page.locator('#rounds [role=img]').first().getAttribute('aria-label');
    expect(label!.replaceAll('\u00a0', ' ')).toContain(
      'Failure rate by round. 40 % of the answers to the test set failed',
    );
    await page.locator('#rounds summary').first().click();
    expect((await cellsOf(page, 'Failure rate by round'))[0]).toEqual(['1', '41', '60 %', '50 % to 70 %', '6']);
  });

  it('prints all picks, in light colors and without buttons', async () => {
    const { page } = await open(report, { colorScheme: 'dark' });
    await page.getByRole('application').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.card').isVisible()).toBe(true);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    // It would cover the map.
    expect(await page.locator('.card').isVisible()).toBe(false);
    await page
      .locator('#picks tbody tr')
      .nth(report.picks.length - 1)
      .waitFor();
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.getByRole('button', { name: 'Copy' }).count()).toBe(0);
    // Plain titles are repeated at the top of every sheet.
    expect(await page.locator('#picks th').first().innerHTML()).toBe('Round');
    expect(await page.getByRole('navigation').count()).toBe(0);
    expect(await page.getByText('This print has').count()).toBe(0);
    // The map, sharp and in the blue of the light theme.
    const points = page.locator('.map-frame svg path');
    expect(await points.count()).toBe(report.map!.position.length);
    expect(await page.locator('.map-frame g').last().locator('path').first().evaluate(fillOf)).toBe('rgb(0, 114, 178)');
    await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
    await expect.poll(() => page.locator('#picks tbody tr').count()).toBe(50);
    await expect.poll(() => pixelsDrawn(page)).toBeGreaterThan(5000);
  });

  it('says which groups of the map share a color', async () => {
    const map = fakeReport({ points: 40, picksPerRound: 4 }).map!;
    const shared = (count: number) => {
      const clusters = Array.from({ length: count }, (_, index) => ({ name: `cluster ${index}`, items: 4 }));
      return { ...map, clusters, cluster: map.cluster.map((_, index) => index % count) };
    };
    for (const [clusters, note] of [
      [8, null],
      [10, 'The last 3 share one color. Hide one to see where it is.'],
    ] as const) {
      const { page } = await open({ ...report, map: shared(clusters) });
      await page.getByLabel('Color by').selectOption('cluster');
      expect(await page.locator('.legend-note').allInnerTexts()).toEqual(note === null ? [] : [note]);
    }
  });

  it('prints the first thousand picks if there are more, and says so', async () => {
    const { page } = await open(fakeReport({ points: 10, picksPerRound: 400, excerpt: 20, reason: 20 }));
    await page.emulateMedia({ media: 'print' });
    await page.getByText('This print has 1,000 of 1,200 picks').waitFor();
    expect(await page.locator('#picks tbody tr').count()).toBe(1000);
  });

  it('of a new campaign says for each section why it is empty', async () => {
    const { page, problems } = await open(EMPTY_REPORT, { viewport: { width: 360, height: 800 } });
    const text = await page.locator('main').innerText();
    for (const line of [
      'There is no map. See the notes at the end.',
      'No round has been planned yet.',
      'Coverage needs at least one label.',
      'Nothing has been picked yet.',
      'There is no map: nothing has been embedded yet.',
    ])
      expect(text).toContain(line);
    expect(await page.locator('[role=img]').count()).toBe(0);
    expect(await sidewaysOverflow(page)).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('of a campaign in its first round shows no trend', async () => {
    const full = fakeReport({ points: 40, picksPerRound: 4, rounds: 1 });
    const { page, problems } = await open({ ...full, rounds: [{ ...full.rounds[0]!, test: null }] });
    expect(await textOf(page.locator('#rounds'))).toContain(
      '62 % of the answers failed in round 1. The 95 % interval is 57 % to 67 %',
    );
    expect(problems).toEqual([]);
  });
});

it('is smaller than 5 MB for a pool of 50,000 with a thousand picks', async () => {
  const size = { points: 8000, instructions: 50_000, picksPerRound: 334, reason: 400 };
  const html = renderReport(fakeReport(size), await readAssets());
  expect(Buffer.byteLength(html)).toBeLessThan(5_000_000);
});

/** How many pixels of the map are drawn. */
function pixelsDrawn(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector('canvas');
    if (canvas === null) return 0;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let drawn = 0;
    for (let at = 3; at < data.length; at += 4) if (data[at]! > 60) drawn += 1;
    return drawn;
  });
}

function fillOf(element: Element): string {
  return getComputedStyle(element).fill;
}
