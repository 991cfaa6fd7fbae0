import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { livedInWorld } from './support/lived-in-world.ts';
import { openBrowser, type TestBrowser } from './support/open-browser.ts';
import type { ServedWorld } from './support/served-world.ts';

let served: ServedWorld;
let browser: TestBrowser;

beforeAll(async () => {
  [served, browser] = await Promise.all([livedInWorld(), openBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await served?.close();
});

const truto = () => served.world.simulators.find(({ vendor }) => vendor === 'truto')?.directory;

/** The page of an address of the console, and whatever its scripts complain of. */
async function open(path: string) {
  const { page, faults } = await browser.open(served.url);
  await page.locator('main h1').waitFor();
  await page.goto(new URL(path, served.url).href);
  return { page, faults, leave: () => page.context().close() };
}

const pathOf = (page: Page) => page.url().replace(new URL(served.url).origin, '');

describe('the feed', () => {
  it('shows a new event at the top without a reload', async () => {
    const { page, faults, leave } = await open('/events');
    await page.locator('.live.on').waitFor();
    await page.evaluate('window.isSame = true');
    // The first one may still be in what the page reads when it opens.
    for (const givenName of ['Early', 'Newly']) {
      truto()?.add({ givenName, familyName: 'Arrived' });
      served.wait(15);
      await served.sweep('simulated-truto');
      await page.locator('a.event', { hasText: `${givenName} Arrived` }).waitFor();
    }

    expect(await page.locator('a.event .who').first().textContent()).toContain('Newly Arrived');
    expect(await page.evaluate('window.isSame')).toBe(true);
    expect(faults).toStrictEqual([]);
    await leave();
  });

  it('filters by type, connection and user, keeps that through a reload, and takes it back', async () => {
    const { page, leave } = await open('/events');
    const types = async () => new Set(await page.locator('a.event .type').allTextContents());
    await page.locator('a.event').first().waitFor();
    await page.getByRole('combobox', { name: 'Type' }).selectOption('user.deleted');
    await page.waitForURL(/type=user\.deleted/);
    await page.locator('a.event', { hasText: 'deleted' }).first().waitFor();
    const deleted = await types();
    await page.getByRole('combobox', { name: 'Connection' }).selectOption('simulated-truto');
    await page.waitForURL(/connection=simulated-truto/);
    await page.locator('a.event', { hasText: 'simulated-truto' }).first().waitFor();
    const somebody = (await page.locator('a.event .who').first().textContent()) ?? '';
    await page.getByRole('searchbox', { name: 'User' }).fill(somebody);
    await page.waitForURL(/user=/);
    await page.reload();
    await page.locator('a.event').first().waitFor();
    const names = new Set(await page.locator('a.event .who').allTextContents());

    expect([...deleted].map((type) => type.replace(/^\W/, ''))).toStrictEqual(['deleted']);
    expect([...names]).toStrictEqual([somebody]);
    expect(await page.getByRole('searchbox', { name: 'User' }).inputValue()).toBe(somebody);
    expect(await page.getByRole('combobox', { name: 'Type' }).inputValue()).toBe('user.deleted');

    await page.goBack();
    await page.waitForURL((url) => !url.search.includes('connection'));
    await page.locator('a.event', { hasText: 'simulated-leen' }).first().waitFor();
    expect(await page.getByRole('combobox', { name: 'Connection' }).inputValue()).toBe('');
    expect(await page.getByRole('searchbox', { name: 'User' }).inputValue()).toBe('');

    await page.getByRole('link', { name: 'Feed', exact: true }).click();
    await page.waitForURL(/\/events$/);
    expect(await page.getByRole('combobox', { name: 'Type' }).inputValue()).toBe('');
    await leave();
  });

  it('opens an event with what was before, what is after, and why', async () => {
    const { page, leave } = await open('/events?type=user.updated');
    await page.locator('a.event').first().click();
    const sides = page.locator('.sides tbody tr').first();
    await sides.waitFor();

    expect(await page.locator('.reasons li').first().textContent()).toBe(
      'The list shows other values than in the sweep before.',
    );
    expect(await sides.locator('del').textContent()).not.toBe(await sides.locator('ins').textContent());
    const opened = pathOf(page);
    expect(opened).toContain('open=');
    await page.getByRole('link', { name: 'Close' }).click();
    await page.locator('.story').waitFor({ state: 'detached' });
    await page.goBack();
    await page.locator('.sides').waitFor();
    expect(pathOf(page)).toBe(opened);
    await leave();
  });

  it('is walked, filtered, opened and left by keys alone, and says where the focus is', async () => {
    const { page, leave } = await open('/events');
    await page.locator('a.event').nth(5).waitFor();
    await page.keyboard.press('Tab');
    const isSkipSeen = await page.evaluate(
      "document.activeElement.matches('.skip') && document.activeElement.getBoundingClientRect().left >= 0",
    );
    await page.keyboard.press('Enter');
    const isInMain = await page.evaluate("document.activeElement?.id === 'main' || location.hash === '#main'");
    const focused = () => page.evaluate<string>("document.activeElement?.dataset.row ?? ''");
    const rows: string[] = [];
    for (const key of ['j', 'j', 'j', 'k']) {
      await page.keyboard.press(key);
      rows.push(await focused());
    }
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    await page.keyboard.press('Enter');
    await page.locator('.story h2').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.story').waitFor({ state: 'detached' });
    await page.locator('a.event[data-row="1"]:focus').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('Newly');
    await page.waitForURL(/user=Newly/);
    await page.keyboard.press('Escape');

    expect({ isSkipSeen, isInMain, rows, outline }).toStrictEqual({
      isSkipSeen: true,
      isInMain: true,
      rows: ['0', '1', '2', '1'],
      outline: 'solid',
    });
    expect(await page.evaluate("document.activeElement?.tagName === 'INPUT'")).toBe(false);
    await leave();
  });

  it.each([
    '<script>window.isHit = true</script>',
    '<img src=x onerror="window.isHit = true">',
    'javascript:window.isHit=1',
  ])('shows a name as text, whatever is in it: %s', async (familyName) => {
    truto()?.add({ givenName: 'Mallory', familyName });
    served.wait(15);
    await served.sweep('simulated-truto');
    const { page, faults, leave } = await open('/events?type=user.created&connection=simulated-truto');
    const row = page.locator('a.event', { hasText: familyName });
    await row.click();
    await page.locator('.story h2', { hasText: familyName }).waitFor();
    await page.getByRole('link', { name: 'history of this user' }).click();
    await page.locator('h1', { hasText: familyName }).waitFor();

    expect(await page.evaluate('window.isHit')).toBeUndefined();
    expect(await page.locator('main script, main img, main [href^="javascript"]').count()).toBe(0);
    expect(faults).toStrictEqual([]);
    await leave();
  });

  it('shows nothing and asks for nothing without the token', async () => {
    const { page } = await browser.open(`${new URL(served.url).origin}/events`);
    await page.getByText('Not signed in').waitFor();

    expect(await page.locator('a.event').count()).toBe(0);
    await page.context().close();
  });

  it('takes the token out of the address', async () => {
    const { page } = await browser.open(served.url);
    await page.locator('main h1').waitFor();

    expect(page.url()).not.toContain('token');
    await page.context().close();
  });
});
