import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from './support/open-browser.ts';
import { type ServedWorld, serveWorld } from './support/served-world.ts';

let served: ServedWorld;
let browser: TestBrowser;

beforeAll(async () => {
  browser = await openBrowser();
});

beforeEach(async () => {
  served = await serveWorld();
});

afterEach(() => served.close());
afterAll(() => browser?.close());

/** Everybody is blocked at once: more than the brake lets pass. */
async function holdAll(): Promise<number> {
  const [leen] = served.world.simulators;
  const people = leen?.directory.people().filter(({ status }) => status === 'ACTIVE') ?? [];
  for (const { id } of people) leen?.directory.setStatus(id, 'INACTIVE');
  served.wait(15);
  await served.sweep('simulated-leen');
  served.wait(15);
  return people.length;
}

describe('a hold', () => {
  it('shows what it would become, is approved with a reason, and its events appear', async () => {
    const count = await holdAll();
    const { page, faults } = await browser.open(served.url);
    await page.getByRole('link', { name: 'Changes are held' }).click();
    await page.getByRole('link', { name: `${count} changes of status` }).click();
    await page.getByLabel('Why, for whoever looks at it later').fill('the office has closed');
    const previewed = await page.locator('tbody tr').count();
    await page.getByRole('button', { name: 'Approve…' }).click();
    await page.getByText('no way to take it back').waitFor();
    await page.getByRole('button', { name: 'Approve, publish' }).click();
    await page.getByText('This hold has ended').waitFor();
    const said = await page.locator('.finding').textContent();
    await page.goto(new URL('/events?type=user.status_changed', served.url).href);
    await page.locator('a.event').first().waitFor();

    expect(said).toContain('(the office has closed)');
    expect(previewed).toBe(count);
    expect(await page.locator('.events').getAttribute('data-count')).toBe(String(count));
    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  it('is rejected after a second thought, and no event of a user follows', async () => {
    await holdAll();
    const { page } = await browser.open(served.url);
    await page.getByRole('link', { name: 'Changes are held' }).click();
    await page.getByRole('link', { name: 'changes of status' }).click();
    await page.getByRole('button', { name: 'Approve…' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Reject…' }).click();
    await page.getByRole('button', { name: 'Reject, never publish' }).click();
    await page.getByText('This hold has ended').waitFor();
    await page.goto(new URL('/events', served.url).href);
    await page.locator('a.event', { hasText: 'changes rejected' }).waitFor();

    expect(await page.locator('a.event', { hasText: 'status changed' }).count()).toBe(0);
    await page.context().close();
  });
});

describe('the simulators', () => {
  it('rename a user by a button, and the event is seen after the sweep', async () => {
    const { page, faults } = await browser.open(served.url);
    await page.getByRole('link', { name: 'Simulators' }).click();
    await page.getByRole('link', { name: 'truto' }).click();
    const button = page.getByRole('button', { name: /^Rename / }).first();
    const name = ((await button.getAttribute('aria-label')) ?? '').replace('Rename ', '');
    await button.click();
    await page.getByRole('button', { name: `Rename ${name}-Berg` }).waitFor();
    served.wait(1);
    await page.getByRole('button', { name: 'Sweep now' }).click();
    await page.locator('.consequences li', { hasText: `${name}-Berg` }).waitFor();

    expect(faults).toStrictEqual([]);
    await page.context().close();
  });

  it('misbehave by a switch, and the health of the connection says what the feed makes of it', async () => {
    const { page } = await browser.open(served.url);
    await page.getByRole('link', { name: 'Simulators' }).click();
    await page.getByRole('checkbox', { name: 'forbidden' }).click();
    await page.getByRole('button', { name: 'Switch all off' }).waitFor();
    served.wait(1);
    await page.getByRole('button', { name: 'Sweep now' }).click();
    await page.locator('.mark.failing').waitFor();
    await page.getByText('answered 403').first().waitFor();
    await page.getByRole('button', { name: 'Switch all off' }).click();
    served.wait(1);
    await page.getByRole('button', { name: 'Sweep now' }).click();
    await page.locator('.mark.fresh').waitFor();

    expect(await page.getByRole('checkbox', { name: 'forbidden' }).isChecked()).toBe(false);
    await page.context().close();
  });
});
