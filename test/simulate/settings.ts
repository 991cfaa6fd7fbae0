import type { Connection } from '../../src/model/connection.ts';
import { leaveRequest, operator } from './operator.ts';
import { connectionIn, stateOf } from './table-facts.ts';
import { connectionTo } from './vendor/connection-of-site.ts';
import type { SimulatedName } from './vendor/vendor-site.ts';
import { currentWorker } from './worker.ts';
import type { World } from './world.ts';

const digestKey = () => '00112233445566778899aabbccddeeff';

/** Saves the connections of a seed, as an operator does. */
export async function saveConnections(world: World): Promise<void> {
  for (const id of world.sites.keys()) await saveConnection(world, plannedConnection(world, id));
}

async function saveConnection({ store, scheduler }: World, connection: Connection): Promise<void> {
  await store.saveConnection(connection, digestKey, scheduler.nowMs());
}

const knowsDeltas: ReadonlySet<SimulatedName> = new Set(['leen', 'truto', 'delay']);

function plannedConnection({ plan, sites }: World, id: string): Connection {
  const site = sites.get(id);
  const planned = plan.connections[[...sites.keys()].indexOf(id)];
  if (site === undefined || planned === undefined) throw new Error(`no connection is planned as ${id}`);
  const deltaEvery = planned.isDelta && knowsDeltas.has(site.name) ? { deltaEvery: '120s' } : {};
  const settings = {
    every: '300s',
    ...deltaEvery,
    baseline: planned.baseline,
    deletion: { confirmSweeps: planned.confirmSweeps, probe: planned.isProbing },
    directoryId: id,
  };
  const connection = connectionTo(id, site, settings, plan.pageSize);
  const rule = { maxCount: planned.brake, maxPercent: 0 };
  return { ...connection, brake: { deleted: rule, created: rule, updated: rule, status_changed: rule } };
}

/** What an operator may do to a connection, each as often as the others; the second time it is undone. */
const changes: { readonly [what: string]: (before: Connection) => Connection } = {
  settings_paused: (before) => ({ ...before, paused: true }),
  settings_resumed: ({ paused: _, ...rest }) => rest,
  settings_rescoped: ({ users, ...rest }) =>
    users === undefined ? { ...rest, users: { include: { emailDomains: ['example.org'] } } } : rest,
  settings_remapped: ({ ignoredFields, ...rest }) => ({
    ...rest,
    ignoredFields: ignoredFields.length === 0 ? ['userName', 'vendorAttributes.accountType'] : [],
  }),
  settings_protected: ({ protection, ...rest }) => ({
    ...rest,
    protection: { ...protection, redact: protection.redact.length === 0 ? ['userName'] : [] },
  }),
  settings_braked: ({ brake, ...rest }) => {
    const rule = { maxCount: brake.deleted.maxCount === 1 ? 1_000 : 1, maxPercent: 0 };
    return { ...rest, brake: { deleted: rule, created: rule, updated: rule, status_changed: rule } };
  },
  settings_moved: ({ directoryId, ...rest }) => ({
    ...rest,
    directoryId: directoryId === rest.id ? `${rest.id}-moved` : rest.id,
  }),
};

/** Changes what one connection is told to do. One that was removed comes back. */
export async function changeSettings(world: World): Promise<void> {
  const { random, sites, table, tally, trace } = world;
  const id = random.pick([...sites.keys()]);
  const what = random.pick(Object.keys(changes));
  const before = connectionIn(table, id) ?? plannedConnection(world, id);
  tally.count(what);
  trace.note(() => `  an operator changes ${id}: ${what}`);
  // While it is being removed it cannot be saved.
  await currentWorker
    .run(operator, () => saveConnection(world, changes[what]?.(before) ?? before))
    .catch(() => undefined);
}

/** Asks for one connection to be removed, as `ucf connections remove` does. */
export async function requestRemoval(world: World): Promise<void> {
  const { random, sites, tally, trace } = world;
  const id = random.pick([...sites.keys()]);
  tally.count('removal_requested');
  trace.note(() => `  an operator removes ${id}`);
  await leaveRequest(world, id, 'remove', { act: 'remove_connection' });
}

/** Nobody is paused any more, and whoever was removed is back; answers whether there was anything to do. */
export async function bringBack(world: World): Promise<boolean> {
  const { sites, table, tally } = world;
  let isChanged = false;
  for (const id of sites.keys()) {
    const stored = connectionIn(table, id);
    // A removal that has died leaves the settings behind.
    const isRemoved = stored === undefined || stateOf(table, id)?.removedAt !== undefined;
    if (!isRemoved && stored.paused === undefined) continue;
    if (isRemoved) tally.count('brought_back');
    isChanged = true;
    const { paused: _, ...connection } = stored ?? plannedConnection(world, id);
    // Somebody may be removing it at this moment: then it is brought back the next time.
    await currentWorker.run(operator, () => saveConnection(world, connection)).catch(() => undefined);
  }
  return isChanged;
}
