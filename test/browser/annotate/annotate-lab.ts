import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, expect } from 'vitest';
import { systemClock } from '../../../src/domain/clock.ts';
import { type WebLab, type WebLabOptions, webLab } from '../../annotate/server/web-lab.ts';
import type { CampaignLab } from '../../campaign/campaign-lab.ts';
import { newContext, sharedChromium } from '../../support/chromium.ts';

/** Serves annotation pages with the built client and the real clock, until the test file ends. */
export function pagesForFile() {
  const open = new Set<WebLab>();
  afterAll(() => Promise.all([...open].map((web) => web.close())));
  return async (lab: CampaignLab, options: Partial<WebLabOptions> = {}): Promise<WebLab> => {
    const web = await webLab(lab.folder, { campaign: { ...lab.options, clock: systemClock }, ...options });
    const served: WebLab = {
      ...web,
      close: () => {
        open.delete(served);
        return web.close();
      },
    };
    open.add(served);
    return served;
  };
}

/** Messages of the browser itself about failed requests, which the page handles. */
export const REPORTED = /Failed to load resource/;

/** One person's browser. */
export interface Person {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors and warnings of the console, uncaught errors, and requests to other servers. */
  readonly complaints: string[];
}

/** A browser in which each person has separate storage. */
export function browserForFile() {
  const browser = sharedChromium();
  return async (options: BrowserContextOptions = {}): Promise<Person> => {
    const context = await newContext(browser(), options);
    const complaints: string[] = [];
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    context.on('weberror', (error) => complaints.push(String(error.error())));
    context.on('request', (request) => {
      if (new URL(request.url()).hostname !== '127.0.0.1' && !request.url().startsWith('data:'))
        complaints.push(request.url());
    });
    return { context, page: await context.newPage(), complaints };
  };
}

/** Opens the page, enters a name and waits for the first item. */
export async function enter(page: Page, url: string, name: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Your name').fill(name);
  await page.keyboard.press('Enter');
  await itemHeading(page).waitFor();
}

export function itemHeading(page: Page) {
  return page.getByRole('heading', { name: /^Item \d+ of \d+$/ });
}

/** Rank of the current item, from 1. */
export async function rankOf(page: Page): Promise<number> {
  return Number(/\d+/.exec((await itemHeading(page).textContent())!)![0]);
}

/** Waits until another item is shown and the server has all labels. @returns its rank */
export async function otherItem(page: Page, before: number): Promise<number> {
  await expect.poll(() => rankOf(page)).not.toBe(before);
  await page.locator('.sending').waitFor({ state: 'detached' });
  return rankOf(page);
}

/** Number of the current item in the address. */
export function numberOf(page: Page): number {
  return Number(/#item=(\d+)/.exec(page.url())![1]);
}

export function response(page: Page) {
  return page.getByRole('textbox', { name: 'Your response' });
}

/** Goes to the editor by keyboard and replaces its text. */
export async function write(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

/** Waits until the page shows that the text is saved. */
export async function saved(page: Page): Promise<void> {
  await page.getByText('Saved', { exact: true }).waitFor();
}
