import { hash } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { composeEvents } from '../../src/events/compose-events.ts';
import type { FeedEvent } from '../../src/events/feed-event.ts';
import type { BusEntry } from '../../src/events/pack-entries.ts';
import { type ConnectionId, sweepId } from '../../src/model/ids.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { LogBatch } from '../../src/model/log-batch.ts';
import type { BatchProtector, EventBus } from '../../src/publish/ports.ts';
import { publishLog } from '../../src/publish/publish-log.ts';
import { createStore, type FeedStore } from '../../src/store/create-store.ts';
import { createIndexStore } from '../../src/store/index-store.ts';
import { newConnectionState, stateItem } from '../../src/store/state-store.ts';
import { createTableClient } from '../../src/store/table-client.ts';
import type { SweepPorts, UserList } from '../../src/sweep/ports.ts';
import { runTick } from '../../src/sweep/run-tick.ts';
import type { TickAsk, TickResult } from '../../src/sweep/tick.ts';

/** A clock that moves only when told to. */
export type TestClock = { nowMs: number };

/** What consumers have received, in order; accepted entries only. */
export type ReceivedEvent = Pick<FeedEvent, 'metadata' | 'data'> & { readonly type: string };

export type FeedUnderTest = {
  readonly store: FeedStore;
  readonly received: ReceivedEvent[];
  tick(list: UserList, settings?: TickSettings): Promise<TickResult>;
  publish(): Promise<void>;
};

export type TickSettings = Pick<TickAsk, 'mode' | 'continues'> & {
  readonly holder?: string;
  readonly dueAt?: Instant | undefined;
};

export const leaseMs = 60_000;
/** Publishes as the log has it. */
const openly: BatchProtector = { protectBatch: (batch) => batch };

/** A worker of the feed: the real store, sweep and publisher over a client, and a bus that keeps what it accepts. */
export function feedUnderTest(options: {
  readonly client?: DynamoDBClient;
  readonly tableName?: string;
  /** In place of a client and a table. */
  readonly store?: FeedStore;
  readonly connectionId: ConnectionId;
  readonly clock: TestClock;
  readonly received?: ReceivedEvent[];
  /** The feed's epoch; the connection's own where it is left out. */
  readonly readEpoch?: SweepPorts['readEpoch'];
  /** Called before entries are accepted, and after. */
  readonly onPut?: (when: 'before' | 'after') => void;
}): FeedUnderTest {
  const { client, tableName = '', connectionId, clock } = options;
  const received = options.received ?? [];
  const store = options.store ?? createStore(client as DynamoDBClient, tableName, async () => undefined);
  const bus: EventBus = {
    async putEntries(entries) {
      options.onPut?.('before');
      received.push(...entries.map(toReceived));
      options.onPut?.('after');
    },
  };
  let sweeps = 0;
  const publish = () => publishLog({ store, bus, protectorOf: async () => openly }, connectionId);
  return {
    store,
    received,
    publish,
    tick: (list, { holder = 'worker', dueAt, mode, continues } = {}) => {
      const ports = {
        store,
        republish: publish,
        readEpoch: options.readEpoch ?? (async (known: number) => known),
        nowMs: () => clock.nowMs,
        newSweepId: (nowMs: number) => {
          sweeps += 1;
          return sweepId(`${nowMs}-${holder}-${sweeps}`);
        },
        hashText: (text: string) => hash('sha256', text).slice(0, 16),
      };
      const ends = { deadlineMs: clock.nowMs + leaseMs / 2, leaseEndsAtMs: clock.nowMs + leaseMs };
      const wanted = { ...(dueAt && { dueAt }), ...(mode && { mode }), ...(continues && { continues }) };
      return runTick(ports, list, { holder, ownsAllLeases: false, ...ends, ...wanted });
    },
  };
}

/** Makes a connection that has never been swept. */
export async function createConnection(client: DynamoDBClient, tableName: string, id: ConnectionId): Promise<void> {
  const table = createTableClient(DynamoDBDocumentClient.from(client), tableName, async () => undefined);
  const state = newConnectionState(0, '00112233445566778899aabbccddeeff');
  await createIndexStore(table).writeLayout(id, state.layout, [new Uint8Array()], 0);
  await table.put(stateItem(id, { leaseToken: 0 }, state));
}

/** Everything in a connection's log. */
export async function readWholeLog(store: FeedStore, id: ConnectionId): Promise<readonly LogBatch[]> {
  const batches: LogBatch[] = [];
  for await (const batch of store.readLog(id, 0)) batches.push(batch);
  return batches;
}

export async function loggedEvents(store: FeedStore, id: ConnectionId): Promise<readonly FeedEvent[]> {
  return (await readWholeLog(store, id)).flatMap(composeEvents);
}

function toReceived(entry: BusEntry): ReceivedEvent {
  return { type: entry.DetailType, ...(JSON.parse(entry.Detail) as Pick<FeedEvent, 'metadata' | 'data'>) };
}
