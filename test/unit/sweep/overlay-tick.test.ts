import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localCredentials, localRegion } from '../../../local/embedded-table.ts';
import { composeEvents } from '../../../src/events/compose-events.ts';
import { type SweepId, sweepId } from '../../../src/model/ids.ts';
import { createOverlayStore } from '../../../src/sweep/overlay-store.ts';
import type { SweepStore } from '../../../src/sweep/ports.ts';
import { runTick } from '../../../src/sweep/run-tick.ts';
import { leaseMs, loggedEvents } from '../../support/feed-under-test.ts';
import { aUser, listOf } from '../../support/scripted-vendor.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { type ToldStory, tellStory } from '../../support/told-story.ts';
import { readOnlyBase } from './read-only-base.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

async function scanTable(): Promise<readonly unknown[]> {
  const settings = { endpoint: table.endpoint, region: localRegion, credentials: localCredentials };
  const client = new DynamoDBClient(settings);
  const answer = await DynamoDBDocumentClient.from(client).send(new ScanCommand({ TableName: table.tableName }));
  client.destroy();
  return answer.Items ?? [];
}

/** One tick of a story's connection over another store than its own. */
function tickOver(store: SweepStore, { id, vendor, clock }: ToldStory, name: SweepId) {
  const ports = {
    store,
    republish: async () => undefined,
    readEpoch: async () => 1,
    nowMs: () => clock.nowMs,
    newSweepId: () => name,
    hashText: (text: string) => Buffer.from(text).toString('hex').slice(0, 64),
  };
  const ends = { deadlineMs: clock.nowMs + leaseMs / 2, leaseEndsAtMs: clock.nowMs + leaseMs };
  const list = listOf(vendor, id, () => clock.nowMs);
  return runTick(ports, list, { holder: 'worker', ownsAllLeases: false, ...ends });
}

/** The events a dry run over the story's store would publish, and those that the same sweep then commits. */
async function sweepTwice(story: ToldStory) {
  const { store } = story.feed;
  const known = (await loggedEvents(store, story.id)).length;
  const name = sweepId(`sweep-${story.clock.nowMs}`);
  const before = await scanTable();
  const overlay = createOverlayStore(readOnlyBase(store));
  const dry = await tickOver(overlay, story, name);
  const after = await scanTable();
  const real = await tickOver(store, story, name);
  const events = (await loggedEvents(store, story.id)).slice(known);
  return { before, after, dry, real, events, dryEvents: overlay.appended.flatMap(composeEvents) };
}

/** A connection after its baseline, of whose users one changed, one left and one is new. */
async function openChanged(): Promise<ToldStory> {
  const story = await tellStory(table, ['a', 'b', 'c', 'd']);
  await story.sweep();
  story.vendor.users.set('a', aUser('a', { title: 'changed' }));
  story.vendor.users.delete('b');
  story.vendor.users.set('e', aUser('e'));
  story.clock.nowMs += leaseMs;
  return story;
}

describe('runTick over an overlay', () => {
  it('tells the events and the report of the sweep that follows, and writes nothing', async () => {
    const story = await openChanged();

    const { before, after, dry, real, events, dryEvents } = await sweepTwice(story);

    expect(after).toStrictEqual(before);
    expect(events.map(({ type }) => type).sort()).toStrictEqual(['user.created', 'user.updated']);
    expect(dryEvents).toStrictEqual(events);
    expect(dry).toStrictEqual(real);
  });

  it('tells the events of a baseline that nobody has swept yet', async () => {
    const story = await tellStory(table, ['a', 'b', 'c']);

    const { before, after, events, dryEvents } = await sweepTwice(story);

    expect(after).toStrictEqual(before);
    expect(events.map(({ type }) => type)).toStrictEqual(['connection.baseline_completed']);
    expect(dryEvents).toStrictEqual(events);
  });

  it.each(['writeEntries', 'applyPairs', 'releaseLease'] as const)(
    'goes on from a log that a tick left behind which died at %s',
    async (method) => {
      const story = await openChanged();
      const dying = { ...story.feed.store, [method]: () => Promise.reject(new Error('the process has died')) };
      await tickOver(dying, story, sweepId('died')).catch(() => undefined);
      story.vendor.users.set('a', aUser('a', { title: 'changed back' }));
      story.clock.nowMs += leaseMs;

      const { before, after, events, dryEvents } = await sweepTwice(story);

      expect(after).toStrictEqual(before);
      expect(events.map(({ type }) => type).sort()).toStrictEqual(['user.deleted', 'user.updated']);
      expect(dryEvents).toStrictEqual(events);
    },
  );
});
