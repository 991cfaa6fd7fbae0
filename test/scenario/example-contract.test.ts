import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReviewedUser, reviewedUser } from '../../examples/access-review-csv/reviewed-user.ts';
import { toCsv } from '../../examples/access-review-csv/to-csv.ts';
import { type Revocation, revokeLeavers } from '../../examples/deprovision-leavers/revoke-leavers.ts';
import { createUserTable, type Database, keepInPostgres } from '../../examples/sync-to-postgres/user-table.ts';
import { createMemoryConsumerTable, createUserEventHandler, type UserEventHandler } from '../../src/consumer/public.ts';
import type { UserEvent } from '../../src/events/feed-event.ts';
import type { UserEvent as PublishedEvent } from '../../src/events/public.ts';
import { aUserEvent, batchOf, bodyOf, type SampleEvent } from '../support/event-envelope.ts';
import { aUser } from '../support/scripted-vendor.ts';
import { type ToldStory, tellStory } from '../support/told-story.ts';

let database: PGlite;

beforeAll(async () => {
  database = new PGlite();
  await database.query(createUserTable);
});

afterAll(() => database.close());

type Random = (below: number) => number;

/** The same numbers for the same seed. Source: mulberry32, public domain. */
function createRandom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const open = { maxCount: 1000, maxPercent: 100 };
const settings = {
  baseline: 'emit' as const,
  brake: { created: open, updated: open, status_changed: open, deleted: open },
};
/** Present all the time, so that the list never looks collapsed. */
const permanent = ['p1', 'p2', 'p3', 'p4', 'p5'];
const transient = ['t1', 't2', 't3', 't4'];
const statuses = [
  { status: 'active', rawStatus: 'active' },
  { status: 'suspended', rawStatus: 'locked' },
] as const;

function changeSomebody({ vendor }: ToldStory, random: Random): void {
  const id = transient[random(transient.length)] ?? 't1';
  if (random(3) === 0) vendor.users.delete(id);
  else
    vendor.users.set(
      id,
      aUser(id, { displayName: `Name ${random(4)}`, title: `=Title ${random(3)}`, ...statuses[random(2)] }),
    );
}

async function liveThrough(seed: number): Promise<ToldStory> {
  const random = createRandom(seed);
  const story = await tellStory('memory', [...permanent, ...transient.slice(0, 2)], 4);
  for (let sweep = 0; sweep < 12; sweep += 1) {
    for (let change = random(4); change > 0; change -= 1) changeSomebody(story, random);
    await story.sweep(settings);
  }
  story.vendor.users.delete('t1');
  for (let sweep = 0; sweep < 3; sweep += 1) await story.sweep(settings);
  return story;
}

/** Everything once, much of it again, as a replay as well, and what is newest of some users as a resync; in any order. */
function deliveriesOf({ received }: ToldStory, random: Random): UserEvent[] {
  const events = received.filter(({ type }) => type.startsWith('user.')) as readonly UserEvent[];
  const newest = new Map(events.map((event) => [event.metadata.userId, event]));
  const under = (origin: 'replay' | 'resync', event: UserEvent): UserEvent => ({
    ...event,
    ...(origin === 'resync' && { type: event.type === 'user.deleted' ? 'user.deleted' : 'user.created' }),
    metadata: {
      ...event.metadata,
      origin,
      ...(origin === 'resync' && { eventId: event.metadata.eventId.replace(/^.{8}/, 'ffffffff') }),
    },
  });
  const all = [
    ...events,
    ...events.filter(() => random(2) === 0),
    ...events.filter(() => random(3) === 0).map((event) => under('replay', event)),
    ...[...newest.values()].filter(() => random(2) === 0).map((event) => under('resync', event)),
  ];
  return all
    .map((event) => ({ event, at: random(1_000_000) }))
    .sort((one, other) => one.at - other.at)
    .map(({ event }) => event);
}

/** Delivers in batches until everything is taken; what fails comes again at the end. */
async function deliver(handler: UserEventHandler, deliveries: readonly UserEvent[], afterBatch?: () => void) {
  const queue = deliveries.map((event) => bodyOf(event));
  for (let rounds = 0; queue.length > 0; rounds += 1) {
    if (rounds > 500) throw new Error(`${queue.length} deliveries are left`);
    const bodies = queue.splice(0, 5);
    const { batchItemFailures } = await handler(batchOf(bodies));
    for (const { itemIdentifier } of batchItemFailures) queue.push(bodies[Number(itemIdentifier.slice(1)) - 1] ?? '');
    afterBatch?.();
  }
}

/** Fails every so often, before the effect or after it. */
function unreliable<Args extends unknown[], T>(random: Random, call: (...args: Args) => Promise<T>) {
  return async (...args: Args): Promise<T> => {
    const luck = random(8);
    if (luck === 0) throw new Error('no connection');
    const answer = await call(...args);
    if (luck === 1) throw new Error('connection lost');
    return answer;
  };
}

function listed({ vendor }: ToldStory): Map<string, unknown> {
  return new Map(
    [...vendor.users.values()]
      .map(({ id, displayName, title, status }) => [id, { displayName, title, status }] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

describe.each([1, 2, 3, 4])('after a random history and whatever deliveries (%i)', (seed) => {
  const random = createRandom(seed * 7919);
  const onFailure = () => undefined;
  let story: ToldStory;
  let deliveries: UserEvent[];

  beforeAll(async () => {
    story = await liveThrough(seed);
    deliveries = deliveriesOf(story, random);
  });

  it('the table in PostgreSQL equals the list of the vendor', async () => {
    const flaky: Database = { query: unreliable(random, (text, values) => database.query(text, values)) };
    const handler = createUserEventHandler({ applyIfNewer: keepInPostgres(flaky), onFailure });

    await deliver(handler, deliveries);

    const { rows } = await database.query<{ user_id: string; status: string; attributes: Record<string, unknown> }>(
      'SELECT user_id, status, attributes FROM feed_users WHERE present AND connection_id = $1 ORDER BY user_id',
      [story.id],
    );
    const table = rows.map(({ user_id, status, attributes: { displayName, title } }) => [
      user_id,
      { displayName, title, status },
    ]);
    expect(new Map(table as never)).toStrictEqual(listed(story));
  });

  it('nothing but the revision is left in PostgreSQL of who is gone', async () => {
    const { rows } = await database.query<{ attributes: object; status: string }>(
      'SELECT attributes, status FROM feed_users WHERE NOT present AND connection_id = $1',
      [story.id],
    );

    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toStrictEqual({ attributes: {}, status: 'deleted' });
  });

  it('the access review lists who is there, and no formula', async () => {
    const table = createMemoryConsumerTable();
    const handler = createUserEventHandler({ table, applyInSameWrite: reviewedUser, onFailure });

    await deliver(handler, deliveries);

    const csv = toCsv(table.rows().map(({ review }) => review as ReviewedUser));
    const [, ...lines] = csv.trimEnd().split('\r\n');
    expect(lines.map((line) => line.split(',').slice(1, 4))).toStrictEqual(
      [...listed(story)].map(([id, user]) => [id, (user as UserNames).displayName, (user as UserNames).status]),
    );
  });

  it('everybody who is gone or locked was revoked by his last event, and nothing older was revoked after it', async () => {
    const revoked: Revocation[] = [];
    const clock = { nowMs: 0 };
    const revoke = unreliable(random, async (revocation: Revocation) => void revoked.push(revocation));
    const handler = createUserEventHandler({
      table: createMemoryConsumerTable(),
      apply: revokeLeavers(revoke),
      onFailure,
      times: { nowMs: () => clock.nowMs },
    });

    await deliver(handler, deliveries, () => {
      clock.nowMs += 60_000;
    });

    const last = new Map(revoked.map((revocation) => [revocation.userId, revocation.revision]));
    const newest = new Map((story.received as unknown as UserEvent[]).map((event) => [event.metadata.userId, event]));
    const leavers = [...newest.values()].filter(
      ({ type, data }) => type === 'user.deleted' || data.user?.status === 'suspended',
    );
    expect(leavers.length).toBeGreaterThan(0);
    for (const { metadata } of leavers) expect(last.get(metadata.userId)).toBe(metadata.revision);
    for (const [at, { userId: id, revision }] of revoked.entries())
      expect(revoked.slice(at).some((later) => later.userId === id && later.revision < revision)).toBe(false);
  });
});

describe(keepInPostgres, () => {
  const take = async (sample: SampleEvent) =>
    keepInPostgres(database)(aUserEvent({ connectionId: 'told', ...sample }) as unknown as PublishedEvent);
  const attributesOf = async (id: string) => {
    const { rows } = await database.query('SELECT attributes FROM feed_users WHERE user_id = $1', [id]);
    return (rows as readonly { attributes: object }[])[0]?.attributes;
  };

  it('keeps what a truncated event leaves out, and drops what any other leaves out', async () => {
    const userId = 'truncated';
    await take({ userId, revision: 1, user: { bio: 'a long story', title: 'Countess' } });
    await take({ userId, revision: 2, user: { userName: 'ada' }, data: { truncated: ['bio'] } });
    expect(await attributesOf(userId)).toStrictEqual({ bio: 'a long story', userName: 'ada' });

    await take({ userId, revision: 3, user: { userName: 'ada' } });
    expect(await attributesOf(userId)).toStrictEqual({ userName: 'ada' });
  });

  it('takes a resync of the revision it knows once, and an epoch over any revision', async () => {
    const userId = 'resynced';
    const resync = { userId, revision: 5, origin: 'resync', eventId: '00000000-0000-5000-8000-00000000aaaa' } as const;

    const taken = [];
    for (const sample of [{ userId, revision: 5 }, resync, resync, { userId, epoch: 2 }, { userId, revision: 9 }])
      taken.push(await take(sample));

    expect(taken).toStrictEqual([true, true, false, true, false]);
  });
});

type UserNames = { readonly displayName: string; readonly status: string };
