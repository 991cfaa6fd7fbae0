import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeedEvent } from '../../../src/events/feed-event.ts';
import { type ConnectionId, userId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import { createPace } from '../../../src/publish/pace.ts';
import { type ReplayRange, replayParts } from '../../../src/publish/replay-parts.ts';
import { resyncParts } from '../../../src/publish/resync-parts.ts';
import { type Run, type RunPart, takeRun } from '../../../src/publish/take-run.ts';
import { waitUntilPublished } from '../../../src/publish/wait-until-published.ts';
import { anEntry, aStamp, at, aUser } from '../../support/builders.ts';
import { startTestTable, type TestStore, type TestTable } from '../../support/test-table.ts';
import { writeLog } from './logged-story.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

const openly = async () => ({ protectBatch: <T>(batch: T) => batch, protectEntry: <T>(entry: T) => entry });
const idsOf = (events: readonly FeedEvent[]) => events.map(({ metadata }) => metadata.eventId);

/** Somebody who takes events, and is killed after so many parts. */
function aTaker() {
  const taken: FeedEvent[] = [];
  const runs: string[] = [];
  return {
    taken,
    runs,
    async take(
      { store, id }: TestStore,
      partsOf: (run: Run) => AsyncIterable<RunPart>,
      { killAfter = Number.POSITIVE_INFINITY, ask = 'the same' } = {},
    ): Promise<Run> {
      let parts = 0;
      const target = {
        async take(events: readonly FeedEvent[]) {
          parts += 1;
          taken.push(...events);
          if (parts === killAfter) throw new Error('killed');
        },
      };
      const newRun = () => {
        runs.push(`run-${runs.length + 1}`);
        return { runId: runs.at(-1) ?? '', startedAt: instant(Date.now()), taken: 0, basis: '{}' };
      };
      const ports = { store, target, pace: { take: async () => undefined }, newRun, onProgress: () => undefined };
      return takeRun(ports, { connectionId: id, ask, partsOf });
    },
  };
}

describe('a replay', () => {
  const replayOf =
    ({ store, id }: TestStore, range: ReplayRange) =>
    (run: Run) =>
      replayParts({ store, protectorOf: openly }, id, { range, run });
  const open = async () => {
    const opened = table.open();
    const events = await writeLog(opened, [{ events: 2 }, { events: 0 }, { events: 3 }, { events: 1 }, { events: 2 }]);
    return { opened, events };
  };

  it('repeats events with their ids, sequences, revisions and contents; only the origin differs', async () => {
    const { opened, events } = await open();
    const { take, taken } = aTaker();
    await take(opened, replayOf(opened, { from: { sequence: 0 } }));

    expect(taken).toStrictEqual(
      events.map((event) => ({ ...event, metadata: { ...event.metadata, origin: 'replay' } })),
    );
  });

  it.each<[string, ReplayRange, readonly number[]]>([
    ['two sequences', { from: { sequence: 1 }, to: { sequence: 4 } }, [2, 3, 4]],
    ['two times', { from: { since: at(3) }, to: { until: at(4) } }, [3, 4, 5, 6]],
    ['types that are not there', { from: { sequence: 0 }, types: new Set(['user.deleted']) }, []],
  ])('keeps to what lies between %s', async (_, range, sequences) => {
    const { opened } = await open();
    const { take, taken } = aTaker();
    const run = await take(opened, replayOf(opened, range));

    expect(taken.map(({ metadata }) => metadata.sequence)).toStrictEqual(sequences);
    expect(run.taken).toBe(sequences.length);
  });

  it.each([1, 2, 3, 4])('goes on where it was killed in part %i, and misses nothing', async (killAfter) => {
    const { opened, events } = await open();
    const { take, taken, runs } = aTaker();
    const parts = replayOf(opened, { from: { sequence: 0 } });
    await expect(take(opened, parts, { killAfter })).rejects.toThrow('killed');
    const before = taken.length;
    const run = await take(opened, parts);

    expect([...new Set(idsOf(taken))]).toStrictEqual(idsOf(events));
    // What was sent and not yet put on record comes twice: one commit, no more.
    expect(taken.length).toBeLessThanOrEqual(events.length + 3);
    expect(taken.length - before).toBeLessThan(events.length + (killAfter === 1 ? 1 : 0));
    expect(run.taken).toBe(events.length);
    expect(runs).toHaveLength(1);
  });

  it('begins anew once it has ended, and where something else is asked for', async () => {
    const { opened, events } = await open();
    const { take, taken } = aTaker();
    const parts = replayOf(opened, { from: { sequence: 0 } });
    await expect(take(opened, parts, { killAfter: 2 })).rejects.toThrow('killed');
    taken.splice(0);
    await take(opened, parts, { ask: 'something else' });
    expect(idsOf(taken)).toStrictEqual(idsOf(events));
    await take(opened, parts);
    taken.splice(0);
    await take(opened, parts);

    expect(idsOf(taken)).toStrictEqual(idsOf(events));
  });
});

describe('a resync', () => {
  const users = 120;
  const stamp = {
    connectionId: 'acme',
    tenantId: 'acme',
    vendor: 'leen',
    mappingVersion: 1,
    epoch: 1,
    sequence: 9,
    sweep: aStamp(),
  };
  const writeUsers = async ({ store, id }: TestStore, count = users) => {
    const entries = Array.from({ length: count }, (_, n) => anEntry({ user: aUser({ id: `u${n}` }) }));
    await store.writeEntries(id, entries);
  };
  const partsOf =
    ({ store, id }: TestStore, waits: () => Promise<void> = async () => undefined) =>
    (run: Run) => {
      const { cursor } = run;
      const after = cursor && { keyHash: String(cursor.keyHash), userId: userId(String(cursor.userId)) };
      const sources = { entries: store.walkEntries(id, after), protectorOf: openly, waitUntilPublished: waits };
      return resyncParts(sources, id as ConnectionId, { ...stamp, runId: run.runId });
    };

  it.each([1, 2, 3])('goes on where it was killed in part %i, with the same ids', async (killAfter) => {
    const opened = table.open();
    await writeUsers(opened);
    const { take, taken } = aTaker();
    await expect(take(opened, partsOf(opened), { killAfter })).rejects.toThrow('killed');
    await take(opened, partsOf(opened));
    const whole = aTaker();
    await whole.take(opened, partsOf(opened));

    const told = new Map(taken.map((event) => [event.metadata.eventId, event]));
    expect(told.size).toBe(users);
    expect(
      taken.filter(
        (event) =>
          told.get(event.metadata.eventId) !== event &&
          JSON.stringify(told.get(event.metadata.eventId)) !== JSON.stringify(event),
      ),
    ).toStrictEqual([]);
    // The same run has the same number, whoever made it.
    expect(idsOf(whole.taken)).toStrictEqual([...told.keys()]);
  });

  it('sends nobody before changes that were committed earlier are on the bus', async () => {
    const opened = table.open();
    await writeUsers(opened, 2);
    await writeLog(opened, [{ events: 1 }, { events: 0 }], { stateLags: true });
    const { store, id } = opened;
    const { take, taken } = aTaker();
    let looks = 0;
    const sleep = async () => {
      looks += 1;
      expect(taken).toStrictEqual([]);
      if (looks === 3) await store.advancePublished(id, 1);
    };
    await take(
      opened,
      partsOf(opened, () => waitUntilPublished({ store, sleep, looks: 9 }, id)),
    );

    expect(looks).toBe(3);
    expect(taken).toHaveLength(2);
  });

  it('gives up where nobody publishes them, whether the state knows of them or not', async () => {
    const opened = table.open();
    await writeLog(opened, [{ events: 1 }, { events: 1 }], { stateLags: true });
    const { store, id } = opened;
    await store.advancePublished(id, 1);
    const wait = () => waitUntilPublished({ store, sleep: async () => undefined, looks: 2 }, id);

    await expect(wait()).rejects.toMatchObject({ code: 'publish.behind' });
    await store.advancePublished(id, 2);
    await expect(wait()).resolves.toBeUndefined();
  });
});

describe('createPace', () => {
  it('keeps to so many a second, and saves nothing up', async () => {
    let nowMs = 0;
    const slept: number[] = [];
    const sleep = async (ms: number) => {
      slept.push(ms);
      nowMs += ms;
    };
    const pace = createPace({ perSecond: 100, nowMs: () => nowMs, sleep });
    for (const count of [50, 50, 10]) await pace.take(count);
    nowMs += 60_000;
    for (const count of [100, 1]) await pace.take(count);

    expect(slept).toStrictEqual([500, 500, 1_000]);
  });
});
