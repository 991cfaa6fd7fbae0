import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { localCredentials, localRegion } from '../../local/embedded-table.ts';
import { connectionId } from '../../src/model/ids.ts';
import { createStore, type FeedStore } from '../../src/store/create-store.ts';
import { createTableClient } from '../../src/store/table-client.ts';
import { feedUnderTest } from '../../test/support/feed-under-test.ts';
import { createMemoryStore } from '../../test/support/memory-store.ts';
import { listOf, scriptedVendor } from '../../test/support/scripted-vendor.ts';
import { startTestTable } from '../../test/support/test-table.ts';
import { askAgain } from '../ask-again.ts';
import { copyBaseline } from '../copy-baseline.ts';
import { watchTraffic } from '../item-traffic.ts';
import type { RecordStore } from './records-cache.ts';

const usersPerPage = 1_000;
const stepMs = 60_000;

/** This feed over a list in this process: sweep, log, index, publisher and the table's protocol, without a vendor's. */
export async function openPackedIndex(changeable: number): Promise<RecordStore & { events(): number }> {
  const { endpoint, tableName, close } = await startTestTable();
  const client = new DynamoDBClient({ endpoint, region: localRegion, credentials: localCredentials });
  askAgain(client);
  const takeTraffic = watchTraffic(client);
  const id = connectionId('bench');
  const clock = { nowMs: Date.UTC(2026, 0, 1) };
  const store = createStore(
    client,
    tableName,
    async () => undefined,
    () => clock.nowMs,
  );
  const feed = feedUnderTest({ store, connectionId: id, clock });
  let isKnown = false;
  return {
    events: () => feed.received.length,
    async sync(users) {
      clock.nowMs += stepMs;
      const list = listOf(scriptedVendor(users, usersPerPage), id, () => clock.nowMs);
      takeTraffic();
      if (isKnown) {
        await feed.tick(list);
        await feed.publish();
        return takeTraffic();
      }
      const memory = createMemoryStore();
      await feedUnderTest({ store: memory as unknown as FeedStore, connectionId: id, clock }).tick(list);
      const table = createTableClient(DynamoDBDocumentClient.from(client), tableName, async () => undefined);
      await copyBaseline({ memory, store, table, connectionId: id, changeable });
      isKnown = true;
      return takeTraffic();
    },
    async close() {
      client.destroy();
      await close();
    },
  };
}
