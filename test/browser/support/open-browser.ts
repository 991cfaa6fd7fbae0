import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** A browser for one file of tests. */
export type TestBrowser = {
  /** A page of its own, with nothing kept from others. Faults of its scripts are in `faults`. */
  open(url: string, options?: BrowserContextOptions): Promise<OpenPage>;
  close(): Promise<void>;
};

export type OpenPage = {
  readonly page: Page;
  /** What the console of the browser calls an error: a script that threw, a policy that was broken. */
  readonly faults: readonly string[];
};

export async function openBrowser(): Promise<TestBrowser> {
  // In a container there are no name spaces to build a sandbox from, and nothing but our own page is opened.
  const browser: Browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  return {
    async open(url, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
      await page.goto(url);
      return { page, faults };
    },
    close: () => browser.close(),
  };
}

/** CHROMIUM_PATH, or Debian's `chromium` in PATH. */
function findChromium(): string {
  const named = process.env.CHROMIUM_PATH;
  const places = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'chromium'));
  const found = named ?? places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new Error('there is no Chromium: install chromium (Debian), or let CHROMIUM_PATH name one');
}
