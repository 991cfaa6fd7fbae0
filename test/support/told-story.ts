import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { localCredentials, localRegion } from '../../local/embedded-table.ts';
import type { UserEvent } from '../../src/events/feed-event.ts';
import type { ChangeType } from '../../src/model/change.ts';
import type { HoldDecision } from '../../src/model/hold.ts';
import { type ConnectionId, connectionId } from '../../src/model/ids.ts';
import { instant } from '../../src/model/instant.ts';
import type { RequestedAct } from '../../src/model/operator-request.ts';
import type { FeedStore } from '../../src/store/create-store.ts';
import type { ConnectionState } from '../../src/sweep/connection-state.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import type { SweepReport } from '../../src/sweep/sweep-report.ts';
import type { TickResult } from '../../src/sweep/tick.ts';
import {
  createConnection,
  type FeedUnderTest,
  feedUnderTest,
  type ReceivedEvent,
  type TestClock,
  type TickSettings,
} from './feed-under-test.ts';
import { createMemoryStore } from './memory-store.ts';
import { aUser, listOf, type ScriptedVendor, scriptedVendor } from './scripted-vendor.ts';
import type { TestTable } from './test-table.ts';

/** One connection, a vendor whose list the test scripts, and what consumers have received. */
export type ToldStory = {
  readonly id: ConnectionId;
  readonly vendor: ScriptedVendor;
  readonly clock: TestClock;
  readonly feed: FeedUnderTest;
  readonly received: readonly ReceivedEvent[];
  /** Sweeps a minute later, over as many ticks as it takes, and publishes. */
  sweep(settings?: Partial<UserList>, ask?: TickSettings): Promise<SweepReport>;
  tick(settings?: Partial<UserList>, ask?: TickSettings): Promise<TickResult>;
  /** What consumers received since the last question: types and users. */
  news(): readonly string[];
  newsOf(userId: string): readonly UserEvent[];
  state(): Promise<ConnectionState>;
  /** Leaves a decision on every open hold, or on those of a kind, for the next tick. */
  decide(verdict: HoldDecision['verdict'], kind?: ChangeType): Promise<void>;
  /** Leaves a request for the next tick. */
  request(act: RequestedAct): Promise<void>;
};

/** Where a story takes place: a real table, or memory where what a sweep concludes is all it is about. */
export type StoryPlace = TestTable | 'memory';

async function openPlace(place: StoryPlace, id: ConnectionId) {
  // What a story asks of its store is the sweep's part of it.
  if (place === 'memory') return { store: createMemoryStore() as unknown as FeedStore };
  const client = new DynamoDBClient({ endpoint: place.endpoint, region: localRegion, credentials: localCredentials });
  await createConnection(client, place.tableName, id);
  return { client, tableName: place.tableName };
}

let stories = 0;

/** A connection over users with these ids, swept never so far. */
export async function tellStory(table: StoryPlace, userIds: readonly string[], pageSize = 3): Promise<ToldStory> {
  stories += 1;
  const id = connectionId(`story-${stories}`);
  const clock = { nowMs: Date.UTC(2026, 10, 23) };
  const vendor = scriptedVendor(
    userIds.map((userId) => aUser(userId)),
    pageSize,
  );
  const received: ReceivedEvent[] = [];
  const feed = feedUnderTest({ ...(await openPlace(table, id)), connectionId: id, clock, received });
  let told = 0;
  let requests = 0;
  const state = async () => {
    const read = await feed.store.readState(id);
    if (read === undefined) throw new Error(`there is no state of ${id}`);
    return read;
  };
  const request = async (act: RequestedAct) => {
    requests += 1;
    const requestId = String(requests).padStart(6, '0');
    await feed.store.writeRequest({ connectionId: id, requestId, at: instant(clock.nowMs), by: 'operator', ...act });
  };
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
    state,
    request,
    async decide(verdict, kind) {
      const { holds } = await state();
      for (const hold of holds)
        if (kind === undefined || hold.kind === kind)
          await request({ act: 'decide_hold', holdId: hold.holdId, verdict, why: 'the test says so' });
    },
    async sweep(settings, ask) {
      clock.nowMs += 60_000;
      let result = await tick(settings, ask);
      while (result.kind === 'suspended') result = await tick(settings, { ...ask, ...result.next });
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
