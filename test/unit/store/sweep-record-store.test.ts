import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AbsentUser } from '../../../src/model/absent-user.ts';
import { type ConnectionId, sweepId, userId } from '../../../src/model/ids.ts';
import { absentKey, projectionKey, reportKey } from '../../../src/store/keys.ts';
import { ttlAttribute } from '../../../src/store/table.ts';
import { noCounts, type SweepReport } from '../../../src/sweep/sweep-report.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { keyHashOf, noon, spreadKeyHash } from './sample-log.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

const sweep = sweepId('20261123T120000000Z-01234567');

function absentUsers(count: number): readonly AbsentUser[] {
  return Array.from({ length: count }, (_, n) => ({
    keyHash: spreadKeyHash(n, count),
    missedSweeps: 1 + (n % 3),
    ...(n % 2 === 0 && { lastSeenAt: noon }),
  }));
}

describe('writeAbsentList', () => {
  it.each([
    { count: 0, chunks: 0 },
    { count: 1, chunks: 1 },
    { count: 2_000, chunks: 1 },
    { count: 2_001, chunks: 2 },
    { count: 100_000, chunks: 50 },
  ])('keeps $count users in $chunks chunks, in order', async ({ count, chunks }) => {
    const { store, id, wire } = table.open();
    const absent = absentUsers(count);

    const reference = await store.writeAbsentList(id, sweep, absent);

    expect(reference).toStrictEqual({ sweepId: sweep, count, chunks });
    expect(wire.calls).toHaveLength(chunks);
    expect(await store.readAbsentList(id, reference)).toStrictEqual(absent);
  });

  it('keeps the id of a user who shares a key hash', async () => {
    const { store, id } = table.open();
    const absent: AbsentUser[] = [
      { keyHash: keyHashOf('a'), userId: userId('ümläut # 🦊'), missedSweeps: 1 },
      { keyHash: keyHashOf('a'), userId: userId('another'), missedSweeps: 2, lastSeenAt: noon },
    ];

    const reference = await store.writeAbsentList(id, sweep, absent);

    expect(await store.readAbsentList(id, reference)).toStrictEqual(absent);
  });

  it('has room in one chunk for 2,000 users with the longest ids there are in plain letters', async () => {
    const { store, id } = table.open();
    const absent = absentUsers(2_000).map((user, n) => (n < 300 ? { ...user, userId: userId('x'.repeat(512)) } : user));

    const reference = await store.writeAbsentList(id, sweep, absent);

    expect(await store.readAbsentList(id, reference)).toStrictEqual(absent);
  });
});

describe('readAbsentList', () => {
  async function writeList(count: number) {
    const { store, id } = table.open();
    return { store, id, reference: await store.writeAbsentList(id, sweep, absentUsers(count)) };
  }

  it.each([0, 1, 2])('knows no list of which chunk %i is missing', async (chunk) => {
    const { store, id, reference } = await writeList(4_001);
    await table.raw.delete(absentKey(id, sweep, chunk));

    expect(await store.readAbsentList(id, reference)).toBeUndefined();
  });

  it('knows no list that is shorter than the reference says', async () => {
    const { store, id, reference } = await writeList(4_001);

    expect(await store.readAbsentList(id, { ...reference, chunks: 2 })).toBeUndefined();
  });

  it.each(['[{', '{}', '[{"keyHash":1}]'])('refuses the chunk %s and names the item', async (users) => {
    const { store, id, reference } = await writeList(3);
    await table.raw.put({ ...absentKey(id, sweep, 0), users });

    const reading = store.readAbsentList(id, reference);

    await expect(reading).rejects.toMatchObject({ code: 'internal.invariant' });
  });

  it('takes no list of another sweep for the one asked for', async () => {
    const { store, id, reference } = await writeList(3);

    expect(await store.readAbsentList(id, { ...reference, sweepId: sweepId('another') })).toBeUndefined();
  });

  it('reads strongly consistent', async () => {
    const { store, id, reference } = await writeList(1);
    const reader = table.open({ id });

    await reader.store.readAbsentList(id, reference);

    expect(reader.wire.calls.map(({ input }) => input.ConsistentRead)).toStrictEqual([true]);
    expect(await store.readAbsentList(id, reference)).toHaveLength(1);
  });
});

describe('deleteAbsentList', () => {
  it('leaves nothing of the list of one sweep and all of the others', async () => {
    const { store, id } = table.open();
    const doomed = await store.writeAbsentList(id, sweep, absentUsers(4_001));
    const kept = await store.writeAbsentList(id, sweepId('kept'), absentUsers(5));

    await store.deleteAbsentList(id, doomed);

    const left = await Promise.all([0, 1, 2].map((chunk) => table.raw.get(absentKey(id, sweep, chunk))));
    expect(left).toStrictEqual([undefined, undefined, undefined]);
    expect(await store.readAbsentList(id, kept)).toStrictEqual(absentUsers(5));
  });

  it('calls nobody for a list without chunks', async () => {
    const { store, id, wire } = table.open();

    await store.deleteAbsentList(id, { sweepId: sweep, count: 0, chunks: 0 });

    expect(wire.calls).toStrictEqual([]);
  });
});

describe('writeProjection', () => {
  const meanings = new Map([
    ['title', '1'],
    ['vendorAttributes.admin', '2 by id'],
    ['ümläut', ''],
    ['status', '1'],
  ]);

  it('keeps what every field means', async () => {
    const { store, id } = table.open();

    await store.writeProjection(id, 'v1', meanings);
    await store.writeProjection(id, 'v1', meanings);

    const read = await store.readProjection(id, 'v1');
    expect(Object.fromEntries(read ?? [])).toStrictEqual(Object.fromEntries(meanings));
  });

  it('keeps versions and connections apart', async () => {
    const { store, id } = table.open();
    await store.writeProjection(id, 'v1', meanings);

    expect(await store.readProjection(id, 'v2')).toBeUndefined();
    expect(await table.open().store.readProjection(`${id}-2` as ConnectionId, 'v1')).toBeUndefined();
  });

  it('refuses meanings it cannot read, and names the item', async () => {
    const { store, id } = table.open();
    await table.raw.put({ ...projectionKey(id, 'v1'), meanings: { title: 1 } });

    const reading = store.readProjection(id, 'v1');

    await expect(reading).rejects.toMatchObject({ code: 'internal.invariant' });
  });
});

describe('writeReport', () => {
  it('keeps a report under its sweep for thirty days', async () => {
    const { store, id } = table.open();
    const report: SweepReport = {
      connectionId: id,
      vendor: 'openproject',
      sweepId: sweep,
      mode: 'full',
      purpose: 'live',
      outcome: 'incomplete',
      startedAt: noon,
      endedAt: noon,
      counts: { ...noCounts, seen: 3 },
      evidence: {
        pages: 1,
        endedByVendor: false,
        vetoes: ['is_partial_response'],
        drift: [],
        totalMoved: false,
        distinctUsers: 3,
        duplicates: 0,
        rejectedWithId: 0,
        rejectedWithoutId: 0,
        retries: 0,
        walks: 1,
        liveBefore: 3,
        unseen: 0,
      },
      deniedBy: ['no_end_signal', 'vetoed'],
      failure: { code: 'vendor.timeout', message: 'too late' },
    };

    await store.writeReport(report);

    const item = await table.raw.get(reportKey(id, sweep));
    expect(item?.report).toStrictEqual(report);
    expect(item?.[ttlAttribute]).toBe(Date.parse(noon) / 1000 + 30 * 86_400);
  });
});
