import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { localCredentials, localRegion } from '../../local/embedded-table.ts';
import type { UserEvent } from '../../src/events/feed-event.ts';
import { type ConnectionId, connectionId } from '../../src/model/ids.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import type { TickResult } from '../../src/sweep/run-tick.ts';
import type { SweepReport } from '../../src/sweep/sweep-report.ts';
import {
  createConnection,
  type FeedUnderTest,
  feedUnderTest,
  type ReceivedEvent,
  type TestClock,
  type TickSettings,
} from './feed-under-test.ts';
import { aUser, listOf, type ScriptedVendor, scriptedVendor } from './scripted-vendor.ts';
import type { TestTable } from './test-table.ts';

/** One connection, a vendor whose list the test scripts, and what consumers have received. */
export type ToldStory = {
  readonly id: ConnectionId;
  readonly vendor: ScriptedVendor;
  readonly clock: TestClock;
  readonly feed: FeedUnderTest;
  readonly received: readonly ReceivedEvent[];
  /** Sweeps a minute later, and publishes. */
  sweep(settings?: Partial<UserList>): Promise<SweepReport>;
  tick(settings?: Partial<UserList>, ask?: TickSettings): Promise<TickResult>;
  /** What consumers received since the last question: types and users. */
  news(): readonly string[];
  newsOf(userId: string): readonly UserEvent[];
};

let stories = 0;

/** A connection over users with these ids, swept never so far. */
export async function tellStory(table: TestTable, userIds: readonly string[], pageSize = 3): Promise<ToldStory> {
  stories += 1;
  const id = connectionId(`story-${stories}`);
  const client = new DynamoDBClient({ endpoint: table.endpoint, region: localRegion, credentials: localCredentials });
  await createConnection(client, table.tableName, id);
  const clock = { nowMs: Date.UTC(2026, 10, 23) };
  const vendor = scriptedVendor(
    userIds.map((userId) => aUser(userId)),
    pageSize,
  );
  const received: ReceivedEvent[] = [];
  const feed = feedUnderTest({ client, tableName: table.tableName, connectionId: id, clock, received });
  let told = 0;
  const tick = (settings?: Partial<UserList>, ask?: TickSettings) =>
    feed.tick(
      listOf(vendor, id, () => clock.nowMs, settings),
      ask,
    );
  return {
    id,
    vendor,
    clock,
    feed,
    received,
    tick,
    async sweep(settings) {
      clock.nowMs += 60_000;
      const result = await tick(settings);
      await feed.publish();
      if (result.kind !== 'swept') throw new Error(`expected a sweep, got ${result.kind}`);
      return result.report;
    },
    news() {
      const news = received.slice(told).map(({ type, metadata }) => [type, metadata.userId].filter(Boolean).join(' '));
      told = received.length;
      return news;
    },
    newsOf: (userId) => received.filter(({ metadata }) => metadata.userId === userId) as unknown as UserEvent[],
  };
}
