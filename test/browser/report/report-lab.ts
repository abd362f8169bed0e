import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { readAssets } from '../../../src/report/read-assets.ts';
import { renderReport } from '../../../src/report/render-html.ts';
import type { ReportData } from '../../../src/report/report-data.ts';
import { launchChromium } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A report as it was opened from disk. */
export interface OpenReport {
  readonly page: Page;
  /** Everything the console said, and errors that nobody caught. */
  readonly complaints: string[];
  /** Addresses of all requests but that of the file itself. */
  readonly requests: string[];
}

/** One browser a test file; opens reports from disk, as whoever was sent one does. */
export function reportOpener() {
  const folder = temporaryFolder();
  let browser: Browser;
  let files = 0;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  return async (data: ReportData, options: BrowserContextOptions = {}): Promise<OpenReport> => {
    files += 1;
    const path = folder.write(`report-${files}.html`, renderReport(data, await readAssets()));
    const address = pathToFileURL(path).href;
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', ...options });
    const complaints: string[] = [];
    const requests: string[] = [];
    context.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    context.on('weberror', (error) => complaints.push(String(error.error())));
    context.on('request', (request) => {
      if (request.url() !== address) requests.push(request.url());
    });
    const page = await context.newPage();
    await page.goto(address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return { page, complaints, requests };
  };
}

/** How far the page can be moved sideways: nothing may break its layout. */
export function sidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** The cells of a table by the name of the region it is in, row by row, as they are read. */
export function cellsOf(page: Page, table: string): Promise<string[][]> {
  return readCells(page, table, false);
}

/** The same, but to the last digit and in UTC where a cell has that on demand. */
export function exactCellsOf(page: Page, table: string): Promise<string[][]> {
  return readCells(page, table, true);
}

async function readCells(page: Page, table: string, isExact: boolean): Promise<string[][]> {
  const region = page.getByRole('region', { name: table, exact: true });
  await region.waitFor();
  return region.locator('tbody tr').evaluateAll(
    (rows, exact) =>
      rows.map((row) =>
        [...row.querySelectorAll('td')].map((cell) => {
          const title = exact ? cell.querySelector('[title]')?.getAttribute('title') : undefined;
          return (title ?? cell.innerText).trim().replace(/\s+/g, ' ');
        }),
      ),
    isExact,
  );
}

/** What is read in a part of the page, on one line. */
export async function wordsOf(part: Locator): Promise<string> {
  return (await part.innerText()).trim().replace(/\s+/g, ' ');
}
