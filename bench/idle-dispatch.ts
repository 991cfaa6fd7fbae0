import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { parseConnectionFile } from '../src/config/connection-file.ts';
import { instant } from '../src/model/instant.ts';
import { settingsKey } from '../src/store/keys.ts';
import { newConnectionState, stateItem } from '../src/store/state-store.ts';
import { createTableClient } from '../src/store/table-client.ts';
import { vendors } from '../src/vendors/registry.ts';
import { startDeployedFeed } from '../test/support/deployed-feed.ts';
import { askAgain } from './ask-again.ts';
import { countPrinted } from './count-printed.ts';
import { createTableMeter, type Units } from './table-meter.ts';

const hourMs = 3_600_000;

/** What the deployed dispatcher uses in a minute in which none of so many connections is due or to be looked at. */
export async function measureIdleDispatch(connections: number): Promise<Units> {
  const meter = createTableMeter();
  const feed = await startDeployedFeed({ answerVendor: (response) => response.end() });
  askAgain(feed.clients.table);
  try {
    const table = createTableClient(DynamoDBDocumentClient.from(feed.clients.table), feed.tableName, async () => {});
    const later = { dueAt: instant(feed.clock.nowMs + hourMs), watchAt: instant(feed.clock.nowMs + 2 * hourMs) };
    const state = { ...newConnectionState(feed.clock.nowMs, '0'.repeat(32)), ...later };
    for (const one of connectionsOf(connections, feed.vendorUrl))
      await table.putMany(
        one.flatMap((connection) => [
          { ...settingsKey(connection.id), connection },
          stateItem(connection.id, { leaseToken: 0 }, state),
        ]),
      );
    meter.tap(feed.clients.table);
    // The first minute of a process asks who it is; the second is like all others.
    await minute(feed);
    meter.take();
    await minute(feed);
    return meter.take();
  } finally {
    await feed.close();
  }
}

async function minute(feed: Awaited<ReturnType<typeof startDeployedFeed>>): Promise<void> {
  feed.clock.nowMs += 60_000;
  await countPrinted(() => feed.dispatch());
  if (feed.messages.length > 0) throw new Error('a connection is due that should not be');
}

const perFile = 1_000;

function* connectionsOf(count: number, baseUrl: string) {
  for (let from = 0; from < count; from += perFile) {
    const settings = Array.from({ length: Math.min(perFile, count - from) }, (_, n) => ({
      id: `bench-${from + n}`,
      vendor: 'openproject',
      baseUrl,
      credentials: { apiKey: { ssm: '/ucf/bench' } },
    }));
    const file = { vendors, runtime: 'deployed', fileName: 'the bench' } as const;
    yield parseConnectionFile(JSON.stringify({ connections: settings }), file).connections;
  }
}
