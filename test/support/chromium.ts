import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';

/** Debian's. */
const CHROMIUM = '/usr/bin/chromium';

/** A safety net: a page on a busy machine only takes longer. */
const TIMEOUT_MS = 300_000;

/** Without it there is nothing to open pages with. */
export const HAS_CHROMIUM = existsSync(CHROMIUM);
if (!HAS_CHROMIUM) process.stdout.write(`Tests in a browser are skipped: there is no ${CHROMIUM}.\n`);

let launched: Promise<Browser> | undefined;

/**
 * For a test file: a browser that all files of the worker share and that ends with it. What the file opens in it is closed
 * after its last test.
 * @returns the browser, from the first hook or test on
 */
export function sharedChromium(): () => Browser {
  let browser: Browser;
  beforeAll(async () => {
    launched ??= launchChromium();
    browser = await launched;
  });
  afterAll(() => Promise.all(browser.contexts().map((context) => context.close())));
  return () => browser;
}

/** A browser without a window and without any traffic of its own. */
function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    timeout: TIMEOUT_MS,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ],
  });
}

/** A person's own storage and window. */
export async function newContext(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', ...options });
  context.setDefaultTimeout(TIMEOUT_MS);
  return context;
}
