import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { createProtectorCache } from '../functions/protector-cache.ts';
import { ownCredentials, startEmbeddedTable } from '../local/embedded-table.ts';
import { openFolderMark } from '../local/folder-mark.ts';
import { openStateFolder, type StateFolder } from '../local/state-folder.ts';
import { FeedError } from '../src/model/feed-error.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import { createStore, type FeedStore } from '../src/store/create-store.ts';
import type { TickResult } from '../src/sweep/tick.ts';
import type { Feed, FeedListener, RunningFeed } from './feed.ts';
import { listConnections } from './list-connections.ts';
import { createVendorReach, type VendorReach } from './reach-vendor.ts';
import { readSaved } from './read-saved.ts';

const nowMs = Date.now;

/** Loaded when it is needed: most commands only look, and would spend more time on this than on looking. */
const sweepers = async () => ({
  ...(await import('../local/start-runtime.ts')),
  ...(await import('../src/vendors/registry.ts')),
  ...(await import('./count-pages.ts')),
});

/** Opens the feed of a state folder for looking at it. @throws local.state_in_use, local.state_unusable */
export function openLocalFeed(state: string, mayBegin = false): Promise<Feed> {
  return openIn({ path: state, mayBegin }, async (folder) => {
    const table = await startEmbeddedTable(folder.path, ownCredentials());
    const store = createStore(table.client, table.tableName, (ms) => sleep(ms));
    const mark = openFolderMark({ folder, table, store, nowMs });
    return { ...feedOver(store, createVendorReach(folder, nowMs), [table.close, folder.close]), mark };
  });
}

/** Opens the feed of a state folder; it sweeps and publishes here. @throws local.state_in_use, local.state_unusable */
export function openRunningLocalFeed(state: string, listener: FeedListener): Promise<RunningFeed> {
  return openIn({ path: state, mayBegin: false }, async (folder) => {
    const { countPages, startRuntime, vendors } = await sweepers();
    const reach = createVendorReach(folder, nowMs);
    const results = new Map<ConnectionId, TickResult>();
    const runtime = await startRuntime({
      folder,
      vendors: listener.onPage === undefined ? vendors : countPages(vendors, listener.onPage),
      resolveCredentials: reach.resolveCredentials,
      onEvent: listener.onEvent,
      onFault: listener.onFault,
      onResult(id, result) {
        results.set(id, result);
        if (result.kind === 'suspended') listener.onSuspended?.(result.pages);
      },
    });
    return {
      ...feedOver(runtime.store, reach, [runtime.close, folder.close]),
      mark: runtime.mark,
      async save(connection) {
        const saved = await readSaved(runtime.store, connection.id);
        if (!isDeepStrictEqual(saved, connection)) await runtime.saveConnections([connection]);
      },
      async sweepNow(id, mode) {
        await runtime.publishLeftovers([id]);
        await runtime.sweepNow([id], mode);
        return results.get(id);
      },
    };
  });
}

function feedOver(store: FeedStore, reach: VendorReach, closing: readonly (() => Promise<void>)[]): Omit<Feed, 'mark'> {
  return {
    store,
    nowMs,
    runtime: 'embedded',
    refusesLoopback: false,
    refusesPrivate: false,
    reach,
    connections: () => listConnections(store),
    protectorOf: createProtectorCache({ store, nowMs }),
    openBus: async (onEvent) => (await import('./open-loopback-bus.ts')).openLoopbackBus(onEvent),
    async close() {
      for (const close of [reach.close, ...closing]) await close();
    },
  };
}

type Wanted = { readonly path: string; readonly mayBegin: boolean };

/** Opens something over a state folder, which is let go again where that fails. */
async function openIn<T>(wanted: Wanted, open: (folder: StateFolder) => Promise<T>): Promise<T> {
  const folder = await openFeedFolder(wanted);
  try {
    return await open(folder);
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** Whoever looks at a feed does not want a new one for a misspelt name, and nobody one among other files. */
async function openFeedFolder({ path, mayBegin }: Wanted): Promise<StateFolder> {
  if (existsSync(join(path, 'table')) || (mayBegin && isUnused(path))) return openStateFolder(path);
  const message = `the state folder ${path} holds no feed; check its name, or begin one with ucf dev --once --state ${path}`;
  throw new FeedError('local.state_unusable', message, { folder: path });
}

/** A folder that does not exist, or is empty. */
function isUnused(path: string): boolean {
  return !existsSync(path) || (statSync(path).isDirectory() && readdirSync(path).length === 0);
}
