import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { BusEvent } from '../local/event-bus/bus-event.ts';
import { createSimulatedDirectory } from '../local/simulators/create-simulated-directory.ts';
import { startSimulator } from '../local/simulators/start-simulator.ts';
import { parseConnectionFile } from '../src/config/connection-file.ts';
import { indexPartition } from '../src/store/keys.ts';
import { createTableClient } from '../src/store/table-client.ts';
import { vendors } from '../src/vendors/registry.ts';
import { startDeployedFeed } from '../test/support/deployed-feed.ts';
import { askAgain } from './ask-again.ts';
import { countPrinted } from './count-printed.ts';
import { itemBytes } from './item-size.ts';
import { padPeople } from './pad-people.ts';
import { seedFeed } from './seed-feed.ts';
import { createTableMeter } from './table-meter.ts';

export type Use = {
  readonly reads: number;
  readonly writes: number;
  /** Calls of the table. */
  readonly requests: number;
  /** Calls of the bus that put events. */
  readonly puts: number;
  readonly events: number;
  /** As they would be at the log level INFO. */
  readonly logBytes: number;
  /** Of the events that were put on the bus, in their envelopes. */
  readonly eventBytes: number;
};

/** The three deployed functions over one simulated OpenProject, and what they use. */
export type MeteredFeed = {
  /** A sweep when it is due, from the dispatcher to the bus. */
  sweep(): Promise<Use>;
  /** The dispatcher, when nobody is due. */
  idleMinute(): Promise<Use>;
  /** Changes the names of so many users whom no call before has changed. */
  change(users: number): void;
  /** What the bus has taken, in its order. */
  readonly taken: readonly BusEvent[];
  /** What the table holds, without the log. */
  bytesPerUser(): Promise<number>;
  /** Of the items that hold the index. */
  indexBytes(): Promise<number>;
  close(): Promise<void>;
};

export type MeteredFeedOptions = {
  /** How large the entry of each user is. As the simulator invents him where it is left out. */
  readonly userBytes?: number;
  /** The baseline is made in memory, which takes less time; of so many users the table then has entries. */
  readonly changeable?: number;
  /** Called with the clients before the first sweep. */
  readonly onClients?: (clients: { readonly table: DynamoDBClient; readonly bus: EventBridgeClient }) => void;
};

const everyMs = 16 * 60_000;

export async function startMeteredFeed(
  users: number,
  { userBytes, changeable, onClients }: MeteredFeedOptions = {},
): Promise<MeteredFeed> {
  const meter = createTableMeter();
  const directory = createSimulatedDirectory({ vendor: 'openproject', seed: 'bench', size: users });
  if (userBytes !== undefined) padPeople(directory, userBytes);
  const simulator = await startSimulator({ vendor: 'openproject', directory, nowMs: Date.now });
  const feed = await startDeployedFeed({
    answerVendor: (response) => response.end(),
    answerAws: () => ({ body: { Parameter: { Value: simulator.credentials.apiKey } } }),
  });
  const putCount = countPuts(feed.clients.bus);
  for (const client of Object.values(feed.clients)) askAgain(client);
  const settings = {
    id: 'bench',
    vendor: 'openproject',
    baseUrl: simulator.baseUrl,
    credentials: { apiKey: { ssm: '/ucf/bench' } },
    options: { pageSize: 1000, ...(userBytes !== undefined && { customFields: ['customField1'] }) },
  };
  const file = { vendors, runtime: 'deployed', fileName: 'the bench' } as const;
  const [connection] = parseConnectionFile(JSON.stringify({ connections: [settings] }), file).connections;
  if (connection === undefined) throw new Error('no connection');
  await feed.store.saveConnection(connection, () => '0'.repeat(32), feed.clock.nowMs);
  const { apiKey = '' } = simulator.credentials;
  if (changeable !== undefined) await seedFeed({ ...feed, connection, apiKey, changeable });
  meter.tap(feed.clients.table);
  onClients?.(feed.clients);
  let changed = 0;
  const measure = async (run: () => Promise<void>): Promise<Use> => {
    meter.take();
    const before = { events: feed.taken.length, puts: putCount() };
    const logBytes = await countPrinted(run);
    const { read: reads, write: writes, requests } = meter.take();
    const events = feed.taken.slice(before.events);
    const eventBytes = events.reduce((sum, event) => sum + JSON.stringify(event).length, 0);
    return { reads, writes, requests, puts: putCount() - before.puts, events: events.length, logBytes, eventBytes };
  };
  return {
    taken: feed.taken,
    sweep: () =>
      measure(async () => {
        feed.clock.nowMs += everyMs;
        const sent = feed.messages.length;
        await feed.dispatch();
        const [message] = feed.messages.slice(sent);
        if (message === undefined) throw new Error('the connection is not due');
        await feed.sweep(message);
        await feed.stream.deliver(connection.id);
      }),
    idleMinute: () =>
      measure(async () => {
        feed.clock.nowMs += 60_000;
        await feed.dispatch();
      }),
    change(count) {
      for (const { id } of directory.people().slice(changed, changed + count))
        directory.change(id, { familyName: 'Anders' });
      changed += count;
    },
    async bytesPerUser() {
      let bytes = 0;
      let seen = 0;
      for await (const entry of feed.store.readAllEntries(connection.id)) {
        bytes += JSON.stringify(entry).length;
        seen += 1;
      }
      return bytes / seen;
    },
    async indexBytes() {
      const state = await feed.store.readState(connection.id);
      const documents = DynamoDBDocumentClient.from(feed.clients.table);
      const table = createTableClient(documents, feed.tableName, async () => undefined);
      let bytes = 0;
      const ExpressionAttributeValues = { ':pk': indexPartition(connection.id, state?.layout.id ?? '') };
      for await (const item of table.query({ KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues }))
        bytes += itemBytes(item);
      return bytes;
    },
    async close() {
      await feed.close();
      await simulator.close();
    },
  };
}

function countPuts(bus: EventBridgeClient): () => number {
  let puts = 0;
  const count = { step: 'initialize', name: 'countPuts' } as const;
  bus.middlewareStack.add((next, { commandName }) => {
    if (commandName === 'PutEventsCommand') puts += 1;
    return next;
  }, count);
  return () => puts;
}
