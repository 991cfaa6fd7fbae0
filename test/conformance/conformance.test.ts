import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cursor } from '../../src/model/ids.ts';
import { vendors } from '../../src/vendors/registry.ts';
import { conformanceCases } from './cases.ts';
import { vendorFacts } from './vendor-facts.ts';
import { idsOf, openVendor, type VendorUnderTest, walk } from './vendor-under-test.ts';

const fixtures = fileURLToPath(new URL('../fixtures/vendors/', import.meta.url));

describe.each(vendors.map((vendor) => [vendor.id, vendor] as const))('%s', (id, vendor) => {
  let tested: VendorUnderTest;

  beforeEach(async () => {
    tested = await openVendor(vendor);
  });

  afterEach(() => tested.close());

  it('has fixtures, and excludes no case without a reason or without a name', () => {
    const excluded: Readonly<Record<string, string>> = vendorFacts[id]?.excluded ?? {};
    const names = conformanceCases.map(({ name }) => name);

    expect(existsSync(fixtures + id) && readdirSync(fixtures + id).length).toBeGreaterThan(0);
    expect(Object.keys(excluded).filter((name) => !names.includes(name))).toStrictEqual([]);
    expect(Object.values(excluded).filter((reason) => reason.length < 20)).toStrictEqual([]);
  });

  it('has a delta exactly where the facts say how it is asked for', () => {
    expect(vendor.delta !== undefined).toBe(vendorFacts[id]?.delta !== undefined);
  });

  it('goes on from a cursor in a process that has just started', async () => {
    const first = await tested.list().fetchPage({ cursor: undefined });
    const pages = [first];

    for (let next = first.next; next !== null; next = pages.at(-1)?.next ?? null)
      pages.push(await tested.list().fetchPage({ cursor: cursor(JSON.parse(JSON.stringify(next))) }));

    expect(idsOf(pages).toSorted()).toStrictEqual(
      tested.simulator.directory
        .people()
        .map((person) => person.id)
        .toSorted(),
    );
    expect(pages.length).toBeGreaterThan(2);
    expect(idsOf(await walk(tested.list()))).toStrictEqual(idsOf(pages));
  });

  for (const { name, trap, run } of conformanceCases) {
    const reason: string | undefined = vendorFacts[id]?.excluded[name];
    it.skipIf(reason !== undefined)(`${name}${reason === undefined ? '' : ` (${reason})`}`, async () => {
      await run(tested);

      if (trap !== undefined) expect(tested.simulator.traps.fired[trap], `${trap} fired`).toBeGreaterThan(0);
    });
  }
});
