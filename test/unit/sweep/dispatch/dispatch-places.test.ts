import { describe, expect, it } from 'vitest';
import { type ConnectionId, connectionId } from '../../../../src/model/ids.ts';
import { grantPlaces, placeLifeMs, takePlaces } from '../../../../src/sweep/dispatch-places.ts';
import type { PlaceStore, SweepPlaces } from '../../../../src/sweep/dispatch-ports.ts';

const idsOf = (names: string) => names.split(' ').filter(Boolean).map(connectionId);
const nowMs = 1_000;

function placesOf(budget: string, until: Readonly<Record<string, number>> = {}): SweepPlaces {
  return { budget, until: new Map(Object.entries(until) as [ConnectionId, number][]), revision: 3 };
}

type Given = {
  readonly wanted: Readonly<Record<string, string>>;
  readonly places?: readonly SweepPlaces[];
  readonly write?: (budget: string, writes: number) => boolean;
};

/** Takes places over what stands there, and tells what was read, written and wrong. */
async function take({ wanted, places, write = () => true }: Given) {
  const reads: (readonly string[])[] = [];
  const written: [string, Record<string, number>][] = [];
  const faults: unknown[] = [];
  const store: Pick<PlaceStore, 'readPlaces' | 'writePlaces'> = {
    async readPlaces(budgets) {
      reads.push(budgets);
      const there = places ?? budgets.map((budget) => placesOf(budget));
      return new Map(there.filter(({ budget }) => budgets.includes(budget)).map((one) => [one.budget, one]));
    },
    async writePlaces({ budget }, until) {
      written.push([budget, Object.fromEntries(until)]);
      return write(budget, written.length);
    },
  };
  const asked = new Map(Object.entries(wanted).map(([budget, names]) => [budget, idsOf(names)]));
  const ports = { store, nowMs: () => nowMs, onFault: (...fault: unknown[]) => faults.push(fault) };
  const taken = await takePlaces(ports as never, asked);
  return { taken: [...taken], reads, written, faults };
}

describe(takePlaces, () => {
  it('takes two places in every budget, the first that are asked for', async () => {
    const { taken, reads, written, faults } = await take({ wanted: { north: 'a b c', south: 'd' } });

    const until = nowMs + placeLifeMs;
    expect(taken).toStrictEqual(['a', 'b', 'd']);
    expect(reads).toStrictEqual([['north', 'south']]);
    expect(written).toStrictEqual([
      ['north', { a: until, b: until }],
      ['south', { d: until }],
    ]);
    expect(faults).toStrictEqual([]);
  });

  it('reads nothing where nobody wants a place', async () => {
    expect(await take({ wanted: {} })).toStrictEqual({ taken: [], reads: [], written: [], faults: [] });
  });

  it('writes nothing where there is no room', async () => {
    const places = [placesOf('north', { x: nowMs + 1, y: nowMs + 1 })];

    expect(await take({ wanted: { north: 'a' }, places })).toMatchObject({
      taken: [],
      written: [],
      reads: [['north']],
    });
  });

  it('tries a budget again whose places somebody else has written, and only that one', async () => {
    const { taken, reads } = await take({
      wanted: { north: 'a', south: 'b' },
      write: (budget, writes) => budget === 'south' || writes > 2,
    });

    expect(reads).toStrictEqual([['north', 'south'], ['north']]);
    expect(taken).toStrictEqual(['b', 'a']);
  });

  it('gives a budget up that somebody else writes again and again', async () => {
    const { taken, reads, faults } = await take({ wanted: { north: 'a' }, write: () => false });

    expect(reads).toHaveLength(4);
    expect(taken).toStrictEqual([]);
    expect(faults).toStrictEqual([]);
  });

  it('tells of places that cannot be written, once, and takes the others', async () => {
    const fault = new Error('no table');
    const { taken, faults, reads } = await take({
      wanted: { north: 'a', south: 'b' },
      write(budget) {
        if (budget === 'north') throw fault;
        return true;
      },
    });

    expect(taken).toStrictEqual(['b']);
    expect(faults).toStrictEqual([[undefined, fault]]);
    expect(reads).toHaveLength(1);
  });
});

describe(grantPlaces, () => {
  it.each([
    { name: 'gives both places of a free budget', until: {}, granted: 'a b' },
    { name: 'gives the one that is left', until: { x: nowMs + 1 }, granted: 'a' },
    { name: 'gives a place again once its time is over', until: { x: nowMs, y: nowMs + 1 }, granted: 'a' },
    { name: 'gives none beyond those that are taken', until: { x: 2_000, y: 2_000, z: 2_000 }, granted: '' },
    { name: 'passes over whoever has a place', until: { a: nowMs + 1 }, granted: 'b' },
    { name: 'gives a place to whoever has lost his', until: { a: nowMs }, granted: 'a b' },
  ])('$name', ({ until, granted }) => {
    const { ids, until: after } = grantPlaces(placesOf('north', until), idsOf('a b c'), nowMs);

    const alive = Object.entries(until).filter(([, untilMs]) => untilMs > nowMs);
    expect(ids).toStrictEqual(idsOf(granted));
    expect([...after]).toStrictEqual([...alive, ...ids.map((id) => [id, nowMs + placeLifeMs])]);
  });
});
