import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { isFeedError } from '../../src/model/feed-error.ts';
import type { Page } from '../../src/model/page.ts';
import type { HttpJson } from '../../src/vendors/http/http-client.ts';
import { vendors } from '../../src/vendors/registry.ts';
import type { Vendor } from '../../src/vendors/vendor.ts';
import { openVendor } from '../conformance/vendor-under-test.ts';
import { keysOf, mapObjects, poison } from './poisoned-rows.ts';

const pageSize = 10;
const inherited = Object.getOwnPropertyNames(Object.prototype).join();

afterEach(() => {
  expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(inherited);
});

async function open(vendor: Vendor) {
  const opened = await openVendor(vendor, 4);
  onTestFinished(opened.close);
  return opened;
}

const first = { cursor: undefined, deadlineMs: Number.POSITIVE_INFINITY };

function note(answer: HttpJson, keys: Set<string>): HttpJson {
  keysOf(answer.body, keys);
  return answer;
}

/** How deeply a value is nested, as far as the stack reaches. */
function levelsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(levelsOf));
}

/** The same of a page's users; 0 where the page was refused. */
async function levelsIn(page: Promise<Page>): Promise<number> {
  try {
    return levelsOf((await page).users);
  } catch (error) {
    if (isFeedError(error, 'vendor.bad_response')) return 0;
    throw error;
  }
}

const levels = 20_000;
const deepArray: unknown = JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
const deepObject: unknown = JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

/** As a vendor would send it: `JSON.parse` makes own fields of these names. */
const traps =
  '"__proto__":{"isAdmin":true,"status":"active"},"constructor":{"prototype":{"isAdmin":true}},"prototype":{"isAdmin":true}';
const withTraps = (answer: HttpJson): HttpJson => ({
  ...answer,
  body: mapObjects(answer.body, (object) => {
    const text = JSON.stringify(object);
    return JSON.parse(text === '{}' ? `{${traps}}` : `{${traps},${text.slice(1)}`) as object;
  }),
});

describe.each(vendors.map((vendor) => [vendor.id, vendor] as const))('rows of %s', (_, vendor) => {
  it('nested without end in any field are refused, or come out with an end', async () => {
    const { list } = await open(vendor);
    const keys = new Set<string>();
    await list({ pageSize, rewrite: (answer) => note(answer, keys) }).fetchPage(first);

    for (const value of [{ a: deepArray }, [deepObject]]) {
      // A fresh one each time: some let an account ask so many times only.
      const { list } = await open(vendor);
      for (const key of keys) {
        const page = list({ pageSize, rewrite: (answer) => poison(answer, key, value) }).fetchPage(first);

        expect(await levelsIn(page), key).toBeLessThan(16);
      }
    }
    expect(keys.size).toBeGreaterThan(5);
  });

  it('with fields that are called __proto__, constructor and prototype are read as if they had none', async () => {
    const { list } = await open(vendor);
    const clean = await list({ pageSize }).fetchPage(first);
    const trapped = await list({ pageSize, rewrite: withTraps }).fetchPage(first);

    // The avatar's address of a simulator tells the time.
    const withoutFree = ({ identifiers: __, avatar: ___, ...user }: (typeof clean.users)[number]) => user;
    expect(clean.users).toHaveLength(4);
    expect(trapped.users.map(withoutFree)).toStrictEqual(clean.users.map(withoutFree));
    for (const user of trapped.users) {
      expect(Object.getPrototypeOf(user)).toBe(Object.prototype);
      expect(user).not.toHaveProperty('isAdmin');
      expect(Object.hasOwn(user.identifiers ?? {}, '__proto__')).toBe(false);
    }
  });
});
