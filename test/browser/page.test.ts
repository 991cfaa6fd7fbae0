import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ToldEvent } from '../../console/api/told-event.ts';
import { openBreakableWay } from './support/breakable-way.ts';
import { openBrowser, type TestBrowser } from './support/open-browser.ts';
import { type ServedWorld, serveWorld } from './support/served-world.ts';

let served: ServedWorld;
let browser: TestBrowser;

beforeAll(async () => {
  [served, browser] = await Promise.all([serveWorld(), openBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await served?.close();
});

const many = 10_000;

function inventEvent(number: number): ToldEvent {
  const at = new Date(Date.UTC(2026, 2, 2) - number * 1_000).toISOString();
  const of = { connectionId: 'simulated-leen', vendor: 'leen', type: 'user.updated', epoch: 1 };
  const said = { what: 'title: Clerk → Planner', why: 'The list shows other values.', changes: [] };
  return {
    ...of,
    ...said,
    key: `simulated-leen~1~${many - number}`,
    sequence: many - number,
    at,
    who: `Person ${number}`,
  };
}

/** Answers in place of the server, in its pages. */
async function tellMany(page: Page): Promise<void> {
  await page.route(/\/api\/events\?/, async (route) => {
    const { searchParams } = new URL(route.request().url());
    const from = Number(searchParams.get('before'));
    const to = Math.min(many, from + Number(searchParams.get('limit')));
    const events = Array.from({ length: to - from }, (_, at) => inventEvent(from + at));
    await route.fulfill({ json: { events, leftOut: 0, ...(to < many && { next: String(to) }) } });
  });
}

describe('the page', () => {
  it('keeps few rows in the document, however far somebody scrolls through 10,000 events', async () => {
    const { page, faults } = await browser.open(served.url);
    await page.locator('main h1').waitFor();
    await tellMany(page);
    await page.getByRole('link', { name: 'Feed', exact: true }).click();
    const list = page.locator('.events');
    await page.locator('a.event').nth(5).waitFor();
    const counts: number[] = [];
    while ((await list.getAttribute('data-count')) !== String(many)) {
      const known = await list.getAttribute('data-count');
      await page.evaluate("document.querySelector('.events').scrollTop = 1e9");
      await page.locator(`.events:not([data-count="${known}"])`).waitFor();
      counts.push(await page.locator('a.event').count());
    }
    await page.evaluate("document.querySelector('.events').scrollTop = 1e9");
    await page.getByText('Person 9999', { exact: true }).waitFor();
    counts.push(await page.locator('a.event').count());

    expect(counts.length).toBeGreaterThan(many / 200 - 2);
    expect(Math.max(...counts)).toBeLessThan(60);
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  it('keeps what is read in its place when something new comes above it', async () => {
    const { page } = await browser.open(served.url);
    await page.locator('main h1').waitFor();
    await tellMany(page);
    await page.getByRole('link', { name: 'Feed', exact: true }).click();
    await page.locator('a.event').nth(5).waitFor();
    await page.evaluate("document.querySelector('.events').scrollTop = 3400");
    const row = page.getByText('Person 104', { exact: true });
    const before = (await row.boundingBox())?.y;
    served.world.simulators[0]?.directory.add();
    served.wait(15);
    await served.sweep('simulated-leen');
    await page.locator('.events:not([data-count="200"])').waitFor();

    expect((await row.boundingBox())?.y).toBe(before);
    await page.context().close();
  });

  it('says when the server is lost, keeps what it knew, and shows what it missed once the server is back', async () => {
    const way = await openBreakableWay(served.url);
    const { page } = await browser.open(way.url);
    await page.getByRole('link', { name: 'Feed', exact: true }).click();
    await page.locator('.live.on').waitFor();
    await page.locator('a.event').first().waitFor();
    await way.cut();
    await page.getByText('ucf does not answer').waitFor();
    await page.getByText('not live').waitFor();
    const kept = await page.locator('a.event').count();
    served.world.simulators[0]?.directory.add({ givenName: 'Meanwhile', familyName: 'Hired' });
    served.wait(15);
    await served.sweep('simulated-leen');
    await way.mend();
    await page.locator('a.event', { hasText: 'Meanwhile Hired' }).waitFor();
    await page.getByText('ucf does not answer').waitFor({ state: 'detached' });

    expect(kept).toBeGreaterThan(0);
    await page.context().close();
    await way.close();
  });

  it('shows a fault in place of what was never known', async () => {
    const { page } = await browser.open(served.url);
    await page.locator('main h1').waitFor();
    await page.goto(new URL('/connections/nobody', served.url).href);
    await page.getByText('there is no such connection').first().waitFor();
    await page.goto(new URL('/nonsense', served.url).href);
    await page.getByText('There is no such page').waitFor();
    await page.context().close();
  });

  it('follows the system in light and dark until somebody chooses, and remembers that', async () => {
    const { page } = await browser.open(served.url, { colorScheme: 'dark' });
    const theme = () => page.evaluate('document.documentElement.dataset.theme');
    const button = page.getByRole('button', { name: /^Theme/ });
    await button.waitFor();
    const seen = [await theme()];
    await page.emulateMedia({ colorScheme: 'light' });
    await page.locator('html[data-theme="light"]').waitFor();
    seen.push(await theme());
    await button.click();
    await button.click();
    seen.push(await theme());
    await page.reload();
    await button.waitFor();
    seen.push(await theme(), await button.textContent());

    expect(seen).toStrictEqual(['dark', 'light', 'dark', 'dark', 'Theme: dark']);
    await page.context().close();
  });

  it('moves nothing for whoever wants no motion', async () => {
    const { page } = await browser.open(served.url, { reducedMotion: 'reduce' });
    await page.getByRole('button', { name: /^Theme/ }).waitFor();

    expect(await page.evaluate("getComputedStyle(document.querySelector('button')).transitionDuration")).toBe('0s');
    await page.context().close();
  });
});
