import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { livedInWorld } from './support/lived-in-world.ts';
import { openBrowser, type TestBrowser } from './support/open-browser.ts';
import { scanPage, sidewaysScroll } from './support/scan-page.ts';
import type { ServedWorld } from './support/served-world.ts';

/** Pictures are taken where they are asked for: fonts differ from machine to machine. Those that the documents show are kept. */
const images =
  process.env.SCREENSHOTS === undefined
    ? undefined
    : (process.env.SCREENSHOTS_FOLDER ?? join(import.meta.dirname, '../../docs/images'));

const kept = [
  ...['overview', 'event', 'hold', 'simulators'].flatMap((name) => [`${name}-light`, `${name}-dark`]),
  'event-narrow-light',
];

let served: ServedWorld;
let browser: TestBrowser;

beforeAll(async () => {
  [served, browser] = await Promise.all([livedInWorld(), openBrowser()]);
  if (images !== undefined) await mkdir(images, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  await served?.close();
});

/** Every page by its name, and what it shows once it is there. */
const pages: readonly (readonly [name: string, goTo: (page: Page) => Promise<unknown>])[] = [
  ['overview', (page) => page.locator('.vendors tbody tr').nth(4).waitFor()],
  [
    'connection',
    async (page) => {
      await page.getByRole('link', { name: 'simulated-leen' }).click();
      await page.locator('.chart canvas').nth(1).waitFor();
      await page.locator('tbody tr').first().waitFor();
    },
  ],
  [
    'feed',
    async (page) => {
      await page.getByRole('link', { name: 'Feed', exact: true }).click();
      await page.locator('a.event').nth(3).waitFor();
    },
  ],
  [
    'event',
    async (page) => {
      await page.getByRole('link', { name: 'Feed', exact: true }).click();
      await page.locator('a.event', { hasText: 'updated' }).first().click();
      await page.locator('.sides').waitFor();
    },
  ],
  [
    'users',
    async (page) => {
      await page.getByRole('link', { name: 'Users', exact: true }).click();
      await page.getByRole('link', { name: 'simulated-openproject' }).click();
      await page.locator('tbody tr').nth(5).waitFor();
    },
  ],
  [
    'user',
    async (page) => {
      await page.getByRole('link', { name: 'Feed', exact: true }).click();
      await page.locator('a.event', { hasText: 'updated' }).first().click();
      await page.getByRole('link', { name: 'history of this user' }).click();
      await page.locator('.history li').first().waitFor();
    },
  ],
  [
    'holds',
    async (page) => {
      await page.getByRole('link', { name: 'Holds', exact: true }).click();
      await page.locator('tbody tr').first().waitFor();
    },
  ],
  [
    'hold',
    async (page) => {
      await page.getByRole('link', { name: 'Holds', exact: true }).click();
      await page.locator('tbody a').first().click();
      await page.getByRole('button', { name: 'Approve…' }).waitFor();
      await page.locator('tbody tr').first().waitFor();
    },
  ],
  [
    'simulators',
    async (page) => {
      await page.getByRole('link', { name: 'Simulators' }).click();
      await page.locator('.people tbody tr').nth(5).waitFor();
      await page.locator('.mark').first().waitFor();
    },
  ],
];

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  // A theme changes colours only: one of them is enough for what a narrow screen changes.
  const shapes = [['wide', 1280] as const, ...(colorScheme === 'light' ? [['narrow', 360] as const] : [])];
  describe.each(shapes)('on a %s screen', (shape, width) => {
    it.each(pages)(
      'the page %s has no serious finding of axe, no fault and no scrolling sideways',
      async (name, goTo) => {
        const viewport = { width, height: 800 };
        const { page, faults } = await browser.open(served.url, { viewport, colorScheme, reducedMotion: 'reduce' });
        await goTo(page);

        const found = { axe: await scanPage(page), faults, sideways: await sidewaysScroll(page) };
        const picture = `${name}-${shape === 'wide' ? '' : 'narrow-'}${colorScheme}`;
        if (images !== undefined && (kept.includes(picture) || process.env.SCREENSHOTS === 'all'))
          await page.screenshot({ path: join(images, `${picture}.png`) });
        await page.context().close();

        expect(found).toStrictEqual({ axe: [], faults: [], sideways: 0 });
      },
    );
  });
});
