import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { localCredentials, localRegion } from '../../local/embedded-table.ts';
import { type ConnectionId, connectionId } from '../../src/model/ids.ts';
import { createConnection, feedUnderTest, type ReceivedEvent, type TestClock } from './feed-under-test.ts';
import { aUser, listOf, type ScriptedVendor, scriptedVendor } from './scripted-vendor.ts';

/** Where the story takes place. */
export type StoryTable = { readonly endpoint: string; readonly tableName: string };

/** A connection with a past, about to see a change of every kind. */
export type ChangeStory = {
  readonly id: ConnectionId;
  readonly table: StoryTable;
  readonly clock: TestClock;
  readonly vendor: ScriptedVendor;
  readonly received: ReceivedEvent[];
};

/** Seven users known by an emitted baseline (8 events), one of them absent once; then a change of every kind. */
export async function prepareStory(table: StoryTable, name: string): Promise<ChangeStory> {
  const clock = { nowMs: 1_000_000 };
  const vendor = scriptedVendor([1, 2, 3, 4, 5, 6, 7].map((n) => aUser(String(n))));
  const story = { id: connectionId(name), table, clock, vendor, received: [] };
  const client = newClient(table);
  await createConnection(client, table.tableName, story.id);
  const { tick, publish } = feedOf(story, client);
  await tick(storyList(story));
  vendor.users.delete('7');
  clock.nowMs += 60_000;
  await tick(storyList(story));
  await publish();
  vendor.users.set('2', aUser('2', { displayName: 'Renamed 2' }));
  vendor.users.set('3', aUser('3', { status: 'suspended', rawStatus: 'locked' }));
  vendor.users.set('8', aUser('8'));
  client.destroy();
  clock.nowMs += 60_000;
  return story;
}

/** A client that tries each call once: what a fault does is then up to the code under test. */
export function newClient(table: StoryTable): DynamoDBClient {
  return new DynamoDBClient({
    endpoint: table.endpoint,
    region: localRegion,
    credentials: localCredentials,
    maxAttempts: 1,
  });
}

export function feedOf({ id, table, clock, received }: ChangeStory, client: DynamoDBClient) {
  return feedUnderTest({ client, tableName: table.tableName, connectionId: id, clock, received });
}

export function storyList({ id, clock, vendor }: ChangeStory) {
  return listOf(vendor, id, () => clock.nowMs, { baseline: 'emit' });
}

/** What a consumer has to know in the end. */
export function vendorUsers({ users }: ScriptedVendor): Map<string, string> {
  return new Map([...users.values()].map(({ id, displayName, status }) => [id, `${displayName} ${status}`]));
}
