import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { createProtectorCache } from '../functions/protector-cache.ts';
import { startEmbeddedTable } from '../local/embedded-table.ts';
import { type RuntimeOptions, startRuntime } from '../local/start-runtime.ts';
import { openStateFolder, type StateFolder } from '../local/state-folder.ts';
import type { Protector } from '../src/diff/protect-user.ts';
import type { Connection } from '../src/model/connection.ts';
import { FeedError } from '../src/model/feed-error.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import type { SweepMode } from '../src/model/log-batch.ts';
import { createStore, type FeedStore } from '../src/store/create-store.ts';
import type { TickResult } from '../src/sweep/tick.ts';
import { vendors } from '../src/vendors/registry.ts';
import type { FeedOptions } from './feed-options.ts';
import { createVendorReach, type VendorReach } from './reach-vendor.ts';

/** A feed as operators look at it, wherever it runs. */
export type Feed = {
  readonly store: FeedStore;
  readonly nowMs: () => number;
  /** All connections there are, by id; removed ones are none. */
  connections(): Promise<readonly ConnectionId[]>;
  /** By a connection's present settings. */
  protectorOf(id: ConnectionId): Promise<Protector>;
  readonly reach: Pick<VendorReach, 'locate' | 'resolveCredentials'>;
  close(): Promise<void>;
};

/** A feed that sweeps and publishes as long as it is open. */
export type RunningFeed = Feed & {
  /** Saves a connection where it is not saved like this; one that was removed is back. */
  save(connection: Connection): Promise<void>;
  /** Sweeps and publishes to the end of the sweep. */
  sweepNow(id: ConnectionId, mode?: SweepMode): Promise<TickResult | undefined>;
};

/** Hears what a running feed does. */
export type FeedListener = Pick<RuntimeOptions, 'onEvent' | 'onFault'> & {
  /** A tick is over, its sweep is not. */
  readonly onSuspended?: (pages: number) => void;
};

const nowMs = Date.now;
/** Later than anything is due: as the table sorts times, the last one. */
const endOfTimeMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Opens a feed for looking at it. @throws local.state_in_use, local.state_unusable */
export function openFeed({ state }: FeedOptions): Promise<Feed> {
  return openIn(state, async (folder) => {
    const table = await startEmbeddedTable(folder.path);
    const store = createStore(table.client, table.tableName, (ms) => sleep(ms));
    return feedOver(store, createVendorReach(folder, nowMs), [table.close, folder.close]);
  });
}

/** Opens a feed for sweeping. @throws local.state_in_use, local.state_unusable */
export function openRunningFeed({ state }: FeedOptions, listener: FeedListener): Promise<RunningFeed> {
  return openIn(state, async (folder) => {
    const reach = createVendorReach(folder, nowMs);
    const results = new Map<ConnectionId, TickResult>();
    const runtime = await startRuntime({
      folder,
      vendors,
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
      async save(connection) {
        const saved = await runtime.store.readConnection(connection.id);
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

/** Uses a feed and closes it, whatever happens. */
export async function withFeed<F extends Feed, T>(opening: Promise<F>, use: (feed: F) => Promise<T>): Promise<T> {
  const feed = await opening;
  try {
    return await use(feed);
  } finally {
    await feed.close();
  }
}

function feedOver(store: FeedStore, reach: VendorReach, closing: readonly (() => Promise<void>)[]): Feed {
  return {
    store,
    nowMs,
    reach,
    async connections() {
      const ids: ConnectionId[] = [];
      for await (const { connectionId } of store.dueConnections(endOfTimeMs)) ids.push(connectionId);
      return ids.sort();
    },
    protectorOf: createProtectorCache({ store, nowMs }),
    async close() {
      for (const close of [reach.close, ...closing]) await close();
    },
  };
}

/** Opens something over a state folder, which is let go again where that fails. */
async function openIn<T>(path: string, open: (folder: StateFolder) => Promise<T>): Promise<T> {
  const folder = await openExistingFolder(path);
  try {
    return await open(folder);
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** Whoever looks at a feed does not want a new one for a misspelt name. */
async function openExistingFolder(path: string): Promise<StateFolder> {
  if (existsSync(join(path, 'table'))) return openStateFolder(path);
  const message = `the state folder ${path} holds no feed; check its name, or begin one with ucf dev --once --state ${path}`;
  throw new FeedError('local.state_unusable', message, { folder: path });
}
