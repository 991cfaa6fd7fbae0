import type { ConnectionId } from '../model/ids.ts';
import type { DispatchPorts, SweepPlaces } from './dispatch-ports.ts';

/** Connections that share a budget have at most so many sweeps under way. */
export const sweepsPerBudget = 2;
/** A message that nobody has taken after so long gives its place up. */
export const placeLifeMs = 10 * 60_000;

/** Sweeps that are wanted, by budget, each connection once, the longest due first. */
export type WantedSweeps = ReadonlyMap<string, readonly ConnectionId[]>;

/** Whoever else writes the same budget's places is a tick or a second dispatcher: it is soon over. */
const maxTries = 4;

type PlacePorts = Pick<DispatchPorts, 'store' | 'nowMs' | 'onFault'>;

/**
 * Takes places for as many of the wanted sweeps as there is room for, and answers which. A connection that has a place
 * has been asked for already, or is being swept.
 */
export async function takePlaces(ports: PlacePorts, wanted: WantedSweeps): Promise<ReadonlySet<ConnectionId>> {
  const taken = new Set<ConnectionId>();
  let open = [...wanted.keys()];
  for (let tries = 0; open.length > 0 && tries < maxTries; tries += 1) {
    const places = await ports.store.readPlaces(open);
    const answers = await Promise.all(
      [...places.values()].map((before) => takeIn(ports, before, wanted.get(before.budget) ?? [])),
    );
    for (const id of answers.flatMap(({ ids }) => ids)) taken.add(id);
    open = answers.flatMap(({ contested }) => contested ?? []);
  }
  return taken;
}

type TakenPlaces = { readonly ids: readonly ConnectionId[]; readonly contested?: string };

async function takeIn(
  { store, nowMs, onFault }: PlacePorts,
  before: SweepPlaces,
  wanted: readonly ConnectionId[],
): Promise<TakenPlaces> {
  const { ids, until } = grantPlaces(before, wanted, nowMs());
  if (ids.length === 0) return { ids };
  try {
    return (await store.writePlaces(before, until)) ? { ids } : { ids: [], contested: before.budget };
  } catch (error) {
    onFault(undefined, error);
    return { ids: [] };
  }
}

/** Who gets a place, and the places that follow. Those whose time is over are free. */
export function grantPlaces(
  { until }: SweepPlaces,
  wanted: readonly ConnectionId[],
  nowMs: number,
): { readonly ids: readonly ConnectionId[]; readonly until: ReadonlyMap<ConnectionId, number> } {
  const alive = new Map([...until].filter(([, untilMs]) => untilMs > nowMs));
  const ids = wanted.filter((id) => !alive.has(id)).slice(0, Math.max(0, sweepsPerBudget - alive.size));
  for (const id of ids) alive.set(id, nowMs + placeLifeMs);
  return { ids, until: alive };
}
