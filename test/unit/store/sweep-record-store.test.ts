import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectionId, holdId, type SweepId, sweepId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import { projectionKey, reportKey } from '../../../src/store/keys.ts';
import { ttlAttribute } from '../../../src/store/table.ts';
import { noCounts, type SweepReport } from '../../../src/sweep/sweep-report.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { aRecord } from './sample-hold.ts';
import { all, noon } from './sample-log.ts';
import { saveNewConnection } from './take-lease-for.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

const sweep = sweepId('20261123T120000000Z-01234567');

function aReport(connectionId: ConnectionId, id: SweepId = sweep): SweepReport {
  return {
    connectionId,
    vendor: 'openproject',
    sweepId: id,
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
    ticks: 2,
    holds: [{ holdId: holdId('hold-1'), kind: 'deleted', reason: 'list_empty', count: 3 }],
    failure: { code: 'vendor.timeout', message: 'too late' },
  };
}

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

    await store.writeReport(aReport(id));

    const item = await table.raw.get(reportKey(id, sweep));
    expect(await store.readReport(id, sweep)).toStrictEqual(aReport(id));
    expect(item?.[ttlAttribute]).toBe(Date.parse(noon) / 1000 + 30 * 86_400);
  });
});

describe('readReport', () => {
  it('knows nothing of a sweep that nobody reported', async () => {
    const { store, id } = table.open();
    await store.writeReport(aReport(id));

    expect(await store.readReport(id, sweepId(`${sweep}-2`))).toBeUndefined();
  });

  it('refuses a report it cannot read, and names the item', async () => {
    const { store, id } = table.open();
    await table.raw.put({ ...reportKey(id, sweep), report: { ...aReport(id), outcome: 1 } });

    const reading = store.readReport(id, sweep);

    await expect(reading).rejects.toMatchObject({
      code: 'internal.invariant',
      message: `connection#${id} sweep#${sweep} cannot be read (outcome: invalid_type)`,
    });
  });
});

describe('listReports', () => {
  const nthSweep = (n: number) => sweepId(`${instant(Date.parse(noon) + n * 1_000)}-01234567`);

  async function writeReports(count: number) {
    const worker = table.open();
    const numbers = Array.from({ length: count }, (_, n) => n);
    await Promise.all(numbers.map((n) => worker.store.writeReport(aReport(worker.id, nthSweep((n * 7) % count)))));
    worker.wire.reset();
    return worker;
  }

  it('yields the newest first, whatever the order of writing', async () => {
    const { store, id } = await writeReports(45);

    const listed = await all(store.listReports(id));

    expect(listed).toStrictEqual(Array.from({ length: 45 }, (_, n) => aReport(id, nthSweep(44 - n))));
  });

  it('yields nothing else of the connection, and nothing of others', async () => {
    const worker = await writeReports(1);
    const { store, id } = worker;
    await saveNewConnection(worker);
    await store.writeProjection(id, 'v', new Map());
    await store.writeHold(aRecord(id, 'hold-1'));
    await writeReports(3);

    expect(await all(store.listReports(id))).toStrictEqual([aReport(id, nthSweep(0))]);
  });

  it('reads no more of many reports than its reader looks at, and a few', async () => {
    const { store, id, wire } = await writeReports(100);
    const seen: SweepId[] = [];

    for await (const report of store.listReports(id)) {
      seen.push(report.sweepId);
      if (seen.length === 10) break;
    }

    expect(seen).toStrictEqual(Array.from({ length: 10 }, (_, n) => nthSweep(99 - n)));
    expect(wire.calls).toHaveLength(1);
    expect(wire.units.read).toBeLessThanOrEqual(6);
  });
});
