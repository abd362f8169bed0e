import { pathToFileURL } from 'node:url';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { readAssets } from '../../../src/report/read-assets.ts';
import { renderReport } from '../../../src/report/render-html.ts';
import type { ReportData } from '../../../src/report/report-data.ts';
import { newContext, sharedChromium } from '../../support/chromium.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A report opened from disk. */
export interface OpenReport {
  readonly page: Page;
  /** Console messages and uncaught errors. */
  readonly problems: string[];
  /** Addresses of all requests except for the file itself. */
  readonly requests: string[];
}

/** Opens reports from disk. */
export function reportOpener() {
  const folder = temporaryFolder();
  const browser = sharedChromium();
  let files = 0;
  return async (data: ReportData, options: BrowserContextOptions = {}): Promise<OpenReport> => {
    files += 1;
    const path = folder.write(`report-${files}.html`, renderReport(data, await readAssets()));
    const address = pathToFileURL(path).href;
    const context = await newContext(browser(), options);
    const problems: string[] = [];
    const requests: string[] = [];
    context.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`));
    context.on('weberror', (error) => problems.push(String(error.error())));
    context.on('request', (request) => {
      if (request.url() !== address) requests.push(request.url());
    });
    const page = await context.newPage();
    await page.goto(address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return { page, problems, requests };
  };
}

/** How far the page scrolls sideways, in pixels; should be 0. */
export function sidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** The visible cells of a table, row by row. @param table name of its region */
export function cellsOf(page: Page, table: string): Promise<string[][]> {
  return readCells(page, table, false);
}

/** The same with the tooltips of cells: exact amounts, and times in UTC. */
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

/** The visible text of a part of the page, on one line. */
export async function textOf(part: Locator): Promise<string> {
  return (await part.innerText()).trim().replace(/\s+/g, ' ');
}
