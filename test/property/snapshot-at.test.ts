import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UserEvent } from '../../src/events/feed-event.ts';
import { isNewer } from '../../src/events/is-newer.ts';
import type { ConnectionId } from '../../src/model/ids.ts';
import { changesAfter } from '../../src/publish/changes-after.ts';
import { snapshotAt } from '../../src/publish/snapshot-at.ts';
import { brakeOf, knownUsersOfFile } from '../support/known-users.ts';

const knownUsers = knownUsersOfFile();
type Story = Awaited<ReturnType<typeof knownUsers>>;
const unlimited = {
  brake: brakeOf({ created: 999, updated: 999, status_changed: 999, deleted: 999 }),
  deletion: { confirmSweeps: 1, probe: false, maxProbes: 0 },
};
const openly = async () => ({ protectBatch: <T>(batch: T) => batch, protectEntry: <T>(entry: T) => entry });

/** What happens at the vendor before a sweep: somebody joins, leaves, or is renamed. */
const act = fc.record({ what: fc.constantFrom('join', 'leave', 'rename'), who: fc.integer({ min: 1, max: 12 }) });
/** After how many users that were read a sweep is committed, and what it finds. */
const interruption = fc.record({
  after: fc.integer({ min: 0, max: 12 }),
  acts: fc.array(act, { minLength: 1, maxLength: 4 }),
});

type Act = { readonly what: string; readonly who: number };
type Known = { readonly epoch: number; readonly revision: number; readonly name: string | undefined };

let names = 0;
function play({ vendor, show, remove }: Story, { what, who }: Act): void {
  names += 1;
  if (what === 'leave') remove([`u${who}`]);
  else if (what === 'join' || vendor.users.has(`u${who}`)) show([`u${who}`], { displayName: `name ${names}` });
}

async function sweepAfter(story: Story, acts: readonly Act[]): Promise<void> {
  for (const one of acts) play(story, one);
  // A list that has lost over half of its users would be held.
  if (story.vendor.users.size > 4) await story.sweep();
}

function storeOf({ feed: { store } }: Story, payload: 'full' | 'thin' = 'full') {
  return {
    ...store,
    readConnection: async () => ({ payload }),
    walkEntries: (id: ConnectionId) => store.readAllEntries(id),
    async firstBatchAfter(id: ConnectionId, position: number) {
      for await (const batch of store.readLog(id, position)) return batch;
      return undefined;
    },
  };
}

/** What somebody knows who joins by a snapshot, while other things happen, and goes on behind its position. */
async function join(story: Story, meanwhile: (read: number) => Promise<void>): Promise<ReadonlyMap<string, Known>> {
  const sources = { store: storeOf(story), protectorOf: openly };
  const snapshot = await snapshotAt(sources, story.id);
  if (snapshot === undefined) throw new Error('there is a baseline');
  const known = new Map<string, Known>();
  await meanwhile(0);
  for await (const { userId, revision, user } of snapshot.users) {
    known.set(userId, { epoch: snapshot.position.epoch, revision, name: user.displayName });
    await meanwhile(known.size);
  }
  for await (const event of changesAfter(sources, story.id, snapshot.position)) apply(known, event as UserEvent);
  return known;
}

function apply(known: Map<string, Known>, { type, metadata, data }: UserEvent): void {
  if (!type.startsWith('user.') || !isNewer({ metadata }, known.get(metadata.userId))) return;
  const { epoch, revision, userId } = metadata;
  known.set(userId, { epoch, revision, name: type === 'user.deleted' ? undefined : data.user.displayName });
}

async function presentUsers({ feed, id }: Story): Promise<readonly string[]> {
  const live: string[] = [];
  for await (const { presence, user } of feed.store.readAllEntries(id))
    if (presence === 'live') live.push(`${user.id} ${user.displayName}`);
  return live.sort();
}

type Interruption = { readonly after: number; readonly acts: readonly Act[] };

async function tellJoining(before: readonly Act[], during: readonly Interruption[]): Promise<void> {
  const story = await knownUsers(8, unlimited);
  await sweepAfter(story, before);
  const known = await join(story, async (read) => {
    for (const { acts } of during.filter(({ after }) => after === read)) await sweepAfter(story, acts);
  });
  const present = [...known].filter(([, { name }]) => name !== undefined).map(([user, { name }]) => `${user} ${name}`);

  expect(present.sort()).toStrictEqual(await presentUsers(story));
}

describe('snapshotAt', () => {
  it('gives, with the events behind its position, the present state, whatever is committed while it is read', async () => {
    const story = fc.asyncProperty(
      fc.array(act, { maxLength: 6 }),
      fc.array(interruption, { maxLength: 4 }),
      tellJoining,
    );

    await fc.assert(story, { numRuns: 25 });
  });

  it('is none before the baseline is complete', async () => {
    const { feed, id } = await knownUsers(3);
    const state = async () => {
      const { lastComplete: _, ...unfinished } = (await feed.store.readState(id)) ?? ({} as never);
      return unfinished as never;
    };
    const store = {
      readState: state,
      readConnection: async () => undefined,
      walkEntries: () => feed.store.readAllEntries(id),
    };

    expect(await snapshotAt({ store, protectorOf: openly }, id)).toBeUndefined();
  });

  it('lists neither who is gone nor who is reported deleted, and whoever is held as he was', async () => {
    const story = await knownUsers(6, {
      deletion: { confirmSweeps: 1, probe: false, maxProbes: 0 },
      brake: brakeOf({ status_changed: 1 }),
    });
    story.remove(['u1']);
    story.show(['u2'], { status: 'deleted' });
    story.show(['u3', 'u4'], { status: 'suspended' });
    await story.sweep();
    const snapshot = await snapshotAt({ store: storeOf(story), protectorOf: openly }, story.id);
    const users: string[] = [];
    for await (const { userId, user } of snapshot?.users ?? []) users.push(`${userId} ${user.status}`);

    expect(users.sort()).toStrictEqual(['u3 active', 'u4 active', 'u5 active', 'u6 active']);
  });

  it('shows no values where events have none', async () => {
    const story = await knownUsers(1);
    const snapshot = await snapshotAt({ store: storeOf(story, 'thin'), protectorOf: openly }, story.id);
    const users: unknown[] = [];
    for await (const { user } of snapshot?.users ?? []) users.push(user);

    expect(users).toStrictEqual([{ id: 'u1', status: 'active' }]);
  });
});
