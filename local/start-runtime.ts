import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { createDispatchHandler } from '../functions/dispatch.ts';
import { openUserList } from '../functions/open-user-list.ts';
import { createProtectorCache } from '../functions/protector-cache.ts';
import { createPublishHandler } from '../functions/publish.ts';
import { createSweepHandler } from '../functions/sweep.ts';
import { hashText, newSweepId } from '../functions/sweep-names.ts';
import type { Connection } from '../src/model/connection.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import type { SweepMode } from '../src/model/log-batch.ts';
import { createEventBridgeBus } from '../src/publish/event-bridge-bus.ts';
import { publishLog } from '../src/publish/publish-log.ts';
import { publishNotices } from '../src/publish/publish-notices.ts';
import { createStore, type FeedStore } from '../src/store/create-store.ts';
import type { QueuedMessage } from '../src/sweep/dispatch-ports.ts';
import type { TickResult } from '../src/sweep/tick.ts';
import { ownNetworks } from '../src/vendors/http/address-refusal.ts';
import { createHttpClient } from '../src/vendors/http/create-http-client.ts';
import { createTokenCache } from '../src/vendors/http/create-token-cache.ts';
import { createVendorAgent } from '../src/vendors/http/create-vendor-agent.ts';
import { createSessionCookies } from '../src/vendors/http/session-cookies.ts';
import type { Credentials, Vendor } from '../src/vendors/vendor.ts';
import { localCredentials, localRegion, ownCredentials, startEmbeddedTable } from './embedded-table.ts';
import type { BusEvent } from './event-bus/bus-event.ts';
import { type EventBus as LoopbackBus, startEventBus } from './event-bus/event-bus.ts';
import { type FolderMark, openFolderMark } from './folder-mark.ts';
import { createLogStream } from './log-stream.ts';
import type { StateFolder } from './state-folder.ts';
import { createSweepQueue, type SweepQueue } from './sweep-queue.ts';

export type RuntimeOptions = {
  readonly folder: StateFolder;
  readonly vendors: readonly Vendor[];
  readonly resolveCredentials: (connection: Connection) => Promise<Credentials>;
  /** Called once an event is on the bus; the bus has accepted it when this resolves. */
  readonly onEvent: (event: BusEvent) => Promise<void>;
  readonly onResult: (connectionId: ConnectionId, result: TickResult) => void;
  /** Something went wrong that no report tells of. */
  readonly onFault: (where: string, error: unknown) => void;
  readonly nowMs?: () => number;
  /** How long one tick may take. */
  readonly invocationMs?: number;
  /** Called with the client of the table before the feed calls it. */
  readonly onTable?: (client: DynamoDBClient) => void;
};

/** The whole feed in one process: the production handlers, store and publisher over real protocols on loopback. */
export type EmbeddedRuntime = {
  readonly store: FeedStore;
  readonly mark: Pick<FolderMark, 'read' | 'recover'>;
  readonly bus: LoopbackBus;
  /** Saves connections as configured and polls them from now on; new ones are due at once. */
  saveConnections(connections: readonly Connection[]): Promise<void>;
  /** Asks for one sweep each, due or not, and resolves when all are done and published. */
  sweepNow(connectionIds: readonly ConnectionId[], mode?: SweepMode): Promise<void>;
  /** Publishes what an earlier process left unpublished. */
  publishLeftovers(connectionIds: readonly ConnectionId[]): Promise<void>;
  /** Asks for a sweep of every connection that is due. */
  dispatch(): Promise<void>;
  close(): Promise<void>;
};

const busName = 'user-change-feed';

/** @throws store.restored, config.invalid where the folder must not be swept in: see `openFolderMark` */
export async function startRuntime(options: RuntimeOptions): Promise<EmbeddedRuntime> {
  const { onFault } = options;
  const nowMs = options.nowMs ?? Date.now;
  const table = await startEmbeddedTable(options.folder.path, ownCredentials());
  options.onTable?.(table.client);
  const store = createStore(table.client, table.tableName, sleep);
  const mark = openFolderMark({ folder: options.folder, table, store, nowMs });
  const readEpoch = await mark.open().catch(async (error: unknown) => {
    await table.close();
    throw error;
  });
  const bus = await startEventBus({ busNames: [busName], onEvent: options.onEvent, now: nowMs });
  const eventBridge = new EventBridgeClient({
    endpoint: bus.endpoint,
    region: localRegion,
    credentials: localCredentials,
  });
  const dispatcher = createVendorAgent(ownNetworks);
  const publish = {
    store,
    bus: createEventBridgeBus({ client: eventBridge, busName, nowMs, sleep, random: Math.random }),
    protectorOf: createProtectorCache({ store, nowMs }),
  };
  const stream = createLogStream({
    store,
    handler: createPublishHandler({
      ports: publish,
      onFault: (record, error) => onFault(`publishing ${record.eventID ?? ''}`, error),
    }),
  });
  const deliver = (id: ConnectionId) =>
    stream.deliver(id).catch((error: unknown) => onFault(`publishing ${id}`, error));
  const lists = {
    findVendor: (id: string) => options.vendors.find((vendor) => vendor.id === id),
    io: {
      http: createHttpClient({ dispatcher, nowMs, sleep, random: Math.random }),
      tokens: createTokenCache(nowMs),
      sessions: createSessionCookies(),
    },
    resolveCredentials: options.resolveCredentials,
  };
  const holder = randomUUID();
  const queue: SweepQueue = createSweepQueue({
    handler: createSweepHandler({
      ports: { store, republish: (id) => publishLog(publish, id), readEpoch, nowMs, newSweepId, hashText },
      places: store,
      readConnection: store.readConnection,
      openList: (connection) => openUserList(connection, lists),
      continueSweep: (next) => queue.send(next),
      holder,
      // The state folder is this process's alone: a lease of another holder is that of a process that died.
      ownsAllLeases: true,
      onResult: options.onResult,
      onFault: ({ connectionId }, error) => onFault(`sweeping ${connectionId ?? 'a message'}`, error),
    }),
    afterMessage: deliver,
    onDeadLetter: (id) =>
      onFault(`sweeping ${id}`, new Error('the sweep failed three times; it is tried again when it is due')),
    nowMs,
    ...(options.invocationMs !== undefined && { invocationMs: options.invocationMs }),
  });
  // The state folder may know connections of an earlier run that this one was not asked to poll.
  const polled = new Set<ConnectionId>();
  const polledQueue = {
    async send(messages: readonly QueuedMessage[]) {
      const left: QueuedMessage[] = [];
      for (const one of messages) {
        const isTaken = polled.has(one.message.connectionId) && queue.offer(one.message);
        if (!isTaken) left.push(one);
      }
      return left;
    },
  };
  const dispatch = createDispatchHandler({
    ports: {
      store,
      queue: polledQueue,
      publish: (notices) => publishNotices(publish.bus, notices),
      readEpoch,
      nowMs,
      // Places of a process that died are nobody's: each process has budgets of its own.
      hashText: (text) => hashText(`${holder} ${text}`),
      onFault: (id, error) => onFault(`dispatching ${id ?? 'sweeps'}`, error),
    },
    onDispatched: () => undefined,
  });
  return {
    store,
    mark,
    bus,
    async saveConnections(connections) {
      for (const connection of connections) {
        await store.saveConnection(connection, newDigestKey, nowMs());
        polled.add(connection.id);
      }
    },
    async sweepNow(connectionIds, mode) {
      for (const connectionId of connectionIds) await queue.send({ connectionId, ...(mode && { mode }) });
      await queue.drain();
    },
    async publishLeftovers(connectionIds) {
      for (const id of connectionIds) await deliver(id);
    },
    dispatch,
    async close() {
      await queue.drain();
      await dispatcher.close();
      eventBridge.destroy();
      await bus.close();
      await table.close();
    },
  };
}

function newDigestKey(): string {
  return randomBytes(16).toString('hex');
}
