import { createSimulatedDirectory } from '../local/simulators/create-simulated-directory.ts';
import { startSimulator } from '../local/simulators/start-simulator.ts';
import { parseConnectionFile } from '../src/config/connection-file.ts';
import { vendors } from '../src/vendors/registry.ts';
import { startDeployedFeed } from '../test/support/deployed-feed.ts';
import { countPrinted } from './count-printed.ts';
import { createTableMeter } from './table-meter.ts';

export type Use = {
  readonly reads: number;
  readonly writes: number;
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
  /** What the table holds, without the log. */
  bytesPerUser(): Promise<number>;
  close(): Promise<void>;
};

const everyMs = 16 * 60_000;

export async function startMeteredFeed(users: number): Promise<MeteredFeed> {
  const meter = createTableMeter();
  const directory = createSimulatedDirectory({ vendor: 'openproject', seed: 'bench', size: users });
  const simulator = await startSimulator({ vendor: 'openproject', directory, nowMs: Date.now });
  const feed = await startDeployedFeed({
    answerVendor: (response) => response.end(),
    answerAws: () => ({ body: { Parameter: { Value: simulator.credentials.apiKey } } }),
  });
  meter.tap(feed.clients.table);
  const settings = {
    id: 'bench',
    vendor: 'openproject',
    baseUrl: simulator.baseUrl,
    credentials: { apiKey: { ssm: '/ucf/bench' } },
    options: { pageSize: 1000 },
  };
  const file = { vendors, runtime: 'deployed', fileName: 'the bench' } as const;
  const [connection] = parseConnectionFile(JSON.stringify({ connections: [settings] }), file).connections;
  if (connection === undefined) throw new Error('no connection');
  await feed.store.saveConnection(connection, () => '0'.repeat(32), feed.clock.nowMs);
  let changed = 0;
  const measure = async (run: () => Promise<void>): Promise<Use> => {
    meter.take();
    const before = feed.taken.length;
    const logBytes = await countPrinted(run);
    const { read: reads, write: writes } = meter.take();
    const eventBytes = feed.taken.slice(before).reduce((sum, event) => sum + JSON.stringify(event).length, 0);
    return { reads, writes, logBytes, eventBytes };
  };
  return {
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
    async close() {
      await feed.close();
      await simulator.close();
    },
  };
}
