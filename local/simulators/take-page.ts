import type { SimulatedPerson } from './simulated-person.ts';
import type { WireRow, World } from './simulated-vendor.ts';
import { type RowShape, spoilRows } from './spoil-rows.ts';
import type { Spot, Traps } from './traps.ts';

export type PageWish = {
  /** Everybody the request asks for, in the order of the list. */
  readonly people: readonly SimulatedPerson[];
  /** Index of the first person of the page. */
  readonly start: number;
  readonly size: number;
  readonly toRow: (person: SimulatedPerson) => WireRow;
  readonly shape: RowShape;
};

export type TakenPage = {
  readonly rows: WireRow[];
  /** How many the whole list has. */
  readonly total: number;
  /** The rows were withheld: the vendor must name a next page all the same. */
  readonly isEmptied: boolean;
};

/** One page of a list, after every trap that lies about its rows or their number. */
export function takePage(world: World, spot: Spot, wish: PageWish): TakenPage {
  const { traps } = world;
  if (traps.fire('emptyPageWithCursor', spot)) {
    return { rows: [], total: shrink(traps, spot, wish.people).length, isEmptied: true };
  }
  const people = shrink(traps, spot, loseOne(world, spot, wish));
  const rows = people.slice(wish.start, wish.start + wish.size).map(wish.toRow);
  const previous = people[wish.start - 1];
  const isDoubled = rows.length > 0 && previous && traps.fire('duplicateAcrossPages', spot);
  const served = isDoubled ? [wish.toRow(previous), ...rows] : rows;
  return { rows: spoilRows(traps, spot, served, wish.shape), total: people.length, isEmptied: false };
}

function loseOne({ directory, traps }: World, spot: Spot, { people, start }: PageWish): readonly SimulatedPerson[] {
  const leaver = people.slice(0, start).find(({ id }) => directory.find(id));
  if (!leaver || !traps.fire('removeWhileListing', spot)) return people;
  directory.remove(leaver.id);
  return people.filter((person) => person !== leaver);
}

function shrink(traps: Traps, spot: Spot, people: readonly SimulatedPerson[]): readonly SimulatedPerson[] {
  if (people.length === 0 || traps.fire('emptyList', spot)) return [];
  const half = traps.fire('halfList', spot);
  return half ? people.slice(0, Math.floor((people.length * (100 - half.percent)) / 100)) : people;
}
