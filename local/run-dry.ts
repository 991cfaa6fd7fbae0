import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openUserList } from '../functions/open-user-list.ts';
import { createSweepHandler } from '../functions/sweep.ts';
import { hashText, newSweepId } from '../functions/sweep-names.ts';
import { createProtector } from '../src/diff/protect-user.ts';
import { composeEvents } from '../src/events/compose-events.ts';
import type { FeedEvent } from '../src/events/feed-event.ts';
import type { Connection } from '../src/model/connection.ts';
import type { SweepMode } from '../src/model/log-batch.ts';
import type { OperatorRequest } from '../src/model/operator-request.ts';
import { newConnectionState } from '../src/store/state-store.ts';
import type { ConnectionState } from '../src/sweep/connection-state.ts';
import { createOverlayStore, type OverlayStore } from '../src/sweep/overlay-store.ts';
import type { SweepStore } from '../src/sweep/ports.ts';
import type { TickResult } from '../src/sweep/tick.ts';
import { ownNetworks } from '../src/vendors/http/address-refusal.ts';
import { createHttpClient } from '../src/vendors/http/create-http-client.ts';
import { createTokenCache } from '../src/vendors/http/create-token-cache.ts';
import { createVendorAgent } from '../src/vendors/http/create-vendor-agent.ts';
import { createSessionCookies } from '../src/vendors/http/session-cookies.ts';
import type { Credentials, Vendor } from '../src/vendors/vendor.ts';
import { createSweepQueue } from './sweep-queue.ts';

export type DryRunOptions = {
  /** Nothing is written to it; nobody else sweeps the connection meanwhile. */
  readonly store: SweepStore;
  /** The settings to sweep with, whatever the store has. */
  readonly connection: Connection;
  readonly vendors: readonly Vendor[];
  readonly resolveCredentials: (connection: Connection) => Promise<Credentials>;
  readonly mode: SweepMode;
  /** Whether to begin as if the settings had just been saved: also where the connection is new, or was removed. */
  readonly asIfSaved: boolean;
  /** What operators might ask of it before. */
  readonly requests: readonly OperatorRequest[];
  /** The feed's; that of the connection where it is left out. */
  readonly epoch?: number | undefined;
  readonly nowMs: () => number;
  readonly onFault: (error: unknown) => void;
};

/** What a sweep would come to, and exactly what it would publish. */
export type DryRun = { readonly result: TickResult | undefined; readonly events: readonly FeedEvent[] };

/** Runs one sweep to its end as the runtime would, over a copy of the store that is thrown away. */
export async function runDry(options: DryRunOptions): Promise<DryRun> {
  const { connection, vendors, resolveCredentials, nowMs, onFault } = options;
  const store = createOverlayStore(
    options.asIfSaved ? withSavedState(options.store, connection, nowMs()) : options.store,
  );
  for (const request of options.requests) await store.writeRequest(request);
  const dispatcher = createVendorAgent(ownNetworks);
  const lists = {
    findVendor: (id: string) => vendors.find((vendor) => vendor.id === id),
    io: {
      http: createHttpClient({ dispatcher, nowMs, sleep, random: Math.random }),
      tokens: createTokenCache(nowMs),
      sessions: createSessionCookies(),
    },
    resolveCredentials,
  };
  let result: TickResult | undefined;
  const queue = createSweepQueue({
    handler: createSweepHandler({
      ports: {
        store,
        republish: async () => undefined,
        readEpoch: async (known) => Math.max(known, options.epoch ?? 0),
        nowMs,
        newSweepId,
        hashText,
      },
      // Its message is of no budget: it waits for nobody, and nobody for it.
      places: { keepPlace: async () => true, leavePlace: async () => undefined },
      readConnection: async () => connection,
      openList: (one) => openUserList(one, lists),
      continueSweep: async (next) => void (await queue.send(next)),
      holder: randomUUID(),
      ownsAllLeases: true,
      onResult: (_, ended) => {
        result = ended;
      },
      onFault: (_, error) => onFault(error),
    }),
    afterMessage: async () => undefined,
    onDeadLetter: () => undefined,
    nowMs,
  });
  try {
    await queue.send({ connectionId: connection.id, mode: options.mode });
    await queue.drain();
  } finally {
    await dispatcher.close();
  }
  return { result, events: await composeAppended(store, connection) };
}

/** As the publisher would compose them, by the settings that the sweep went by. */
async function composeAppended(store: OverlayStore, { id, protection }: Connection): Promise<readonly FeedEvent[]> {
  const digestKey = (await store.readState(id))?.digestKey ?? '';
  const protector = createProtector(protection, digestKey);
  return store.appended.flatMap((batch) => composeEvents(protector.protectBatch(batch)));
}

/** The store with the connection's state as saving its settings would leave it. */
function withSavedState(store: SweepStore, { id }: Connection, nowMs: number): SweepStore {
  let fresh: ConnectionState | undefined;
  return {
    ...store,
    async readState(connectionId) {
      const state = await store.readState(connectionId);
      if (state === undefined && connectionId === id)
        fresh ??= newConnectionState(nowMs, randomBytes(16).toString('hex'));
      if (state?.removedAt === undefined) return state ?? fresh;
      const { removedAt: _, ...revived } = state;
      return revived;
    },
  };
}
