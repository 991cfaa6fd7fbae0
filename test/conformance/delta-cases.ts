import { expect } from 'vitest';
import { cursor } from '../../src/model/ids.ts';
import { epochMs, instant } from '../../src/model/instant.ts';
import { findDelta } from '../../src/vendors/find-delta.ts';
import type { HttpRequest } from '../../src/vendors/http/http-client.ts';
import type { ConformanceCase } from './cases.ts';
import type { DeltaFacts } from './vendor-facts.ts';
import { idsOf, type VendorUnderTest, walk } from './vendor-under-test.ts';

/** Between what a directory begins with and the changes of a case lies more than any vendor's filter overlaps. */
const pauseMs = 30 * 86_400_000;

/** A dozen users, changed long after all others. The moment asked for is that of the first change, less the overlap. */
async function changeSome({ simulator: { directory }, vendor }: VendorUnderTest) {
  const everybody = directory.people();
  const ids = everybody.filter((_, index) => index % 3 !== 0).map(({ id }) => id);
  const changes = ids.map((id) => directory.change(id, { familyName: 'Rarename' }));
  const overlapMs = (vendor.delta?.overlapSeconds ?? 0) * 1000;
  const firstMs = Math.min(...changes.map(({ updatedAt }) => Date.parse(updatedAt)));
  return { ids, everybody: everybody.map(({ id }) => id), since: instant(firstMs - 1 + overlapMs) };
}

/** Cases about asking for changed users only; vendors that cannot be asked exclude them all. */
export const deltaCases: readonly ConformanceCase[] = [
  {
    name: 'asks for changed users as its document spells it',
    async run(tested) {
      const facts = factsOf(tested);
      const { since } = await changeSome(tested);
      const [delta, full]: [HttpRequest[], HttpRequest[]] = [[], []];

      await walk(tested.list({ watch: (request) => delta.push(request) }), since);
      await walk(tested.list({ watch: (request) => full.push(request) }));

      const begun = instant(epochMs(since) - (tested.vendor.delta?.overlapSeconds ?? 0) * 1000);
      const asked = delta.map(({ url }) => url.searchParams.getAll(facts.parameter));
      expect(asked.length).toBeGreaterThan(2);
      expect(asked).toStrictEqual(asked.map((_, index) => (facts.on === 'every page' || index === 0 ? [begun] : [])));
      expect(full.filter(({ url }) => url.searchParams.has(facts.parameter))).toStrictEqual([]);
      const isRefused = ({ searchParams }: URL) =>
        searchParams.has(facts.parameter) && facts.neverWith.some((name) => searchParams.has(name));
      expect(delta.filter(({ url }) => isRefused(url))).toStrictEqual([]);
    },
  },
  {
    name: 'lists who changed since then, each once, and nobody else',
    async run(tested) {
      const { ids, since } = await changeSome(tested);

      const pages = await walk(tested.list(), since);

      expect(idsOf(pages).toSorted()).toStrictEqual(ids.toSorted());
      expect(pages.length).toBeGreaterThan(2);
      expect(pages.flatMap(({ evidence }) => evidence.vetoes ?? [])).toStrictEqual([]);
    },
  },
  {
    name: 'goes on with changed users in a process that has just started',
    async run(tested) {
      const { ids, since } = await changeSome(tested);
      const first = await tested.list().fetchPage({ cursor: undefined, updatedSince: since });
      const pages = [first];

      for (let { next } = first; next !== null; next = pages.at(-1)?.next ?? null)
        pages.push(
          await tested.list().fetchPage({ cursor: cursor(JSON.parse(JSON.stringify(next))), updatedSince: since }),
        );

      expect(idsOf(pages).toSorted()).toStrictEqual(ids.toSorted());
    },
  },
  {
    name: 'ends at once where nobody has changed since then',
    async run(tested) {
      const { since } = await changeSome(tested);

      const pages = await walk(tested.list(), instant(epochMs(since) + pauseMs));

      expect(pages.map(({ users, next }) => [users, next])).toStrictEqual([[[], null]]);
    },
  },
  {
    name: 'lists everybody, and finds nothing wrong with it, where the filter does nothing',
    trap: 'updatedSinceIgnored',
    async run(tested) {
      const { everybody, since } = await changeSome(tested);
      tested.simulator.traps.arm('updatedSinceIgnored');

      const pages = await walk(tested.list(), since);

      expect(idsOf(pages).toSorted()).toStrictEqual(everybody.toSorted());
      expect(pages.flatMap(({ rejected }) => rejected)).toStrictEqual([]);
    },
  },
  {
    name: 'has no delta beside an option that narrows by the time of an update itself',
    async run(tested) {
      const { rival } = factsOf(tested);
      const options = (more: object = {}) =>
        tested.vendor.options.parse({ ...tested.facts.options(tested.simulator, 5), ...more });

      expect(findDelta(tested.vendor, options())).toHaveProperty('delta');
      expect(findDelta(tested.vendor, options(rival))).toStrictEqual({ rivals: Object.keys(rival) });
      expect([tested.list().hasDelta, tested.list({ options: rival }).hasDelta]).toStrictEqual([true, false]);
    },
  },
  {
    name: 'says where the filter does nothing for this connection',
    trap: 'updatedSinceUnlisted',
    async run({ list, simulator }) {
      const soon = Number.POSITIVE_INFINITY;

      expect(await list().supportsDelta?.(soon)).toBe(true);
      simulator.traps.arm('updatedSinceUnlisted');
      expect(await list().supportsDelta?.(soon)).toBe(false);
    },
  },
];

function factsOf({ facts, vendor }: VendorUnderTest): DeltaFacts {
  if (facts.delta === undefined) throw new Error(`test/conformance/vendor-facts.ts knows no delta of ${vendor.id}`);
  return facts.delta;
}
