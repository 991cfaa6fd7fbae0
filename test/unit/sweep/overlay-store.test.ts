import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localCredentials, localRegion } from '../../../local/embedded-table.ts';
import type { ConnectionId } from '../../../src/model/ids.ts';
import { createOverlayStore } from '../../../src/sweep/overlay-store.ts';
import type { Lease, SweepStore } from '../../../src/sweep/ports.ts';
import type { SweepReport } from '../../../src/sweep/sweep-report.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { change, four, keyA, makeLayout } from '../store/index-pairs.ts';
import { aRecord, aRequest } from '../store/sample-hold.ts';
import { aBatch, all, anEntry, aState, askAt, aUser, leaseMs, noon } from '../store/sample-log.ts';
import { saveNewConnection } from '../store/take-lease-for.ts';
import { readingMethods, readOnlyBase, type WritingMethod } from './read-only-base.ts';
import { leaveState, takeLease } from './store-contract-lease.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

/** Every item of the table, by its key. */
async function scanTable(): Promise<ReadonlyMap<string, unknown>> {
  const settings = { endpoint: table.endpoint, region: localRegion, credentials: localCredentials };
  const client = new DynamoDBClient(settings);
  const answer = await DynamoDBDocumentClient.from(client).send(new ScanCommand({ TableName: table.tableName }));
  client.destroy();
  if (answer.LastEvaluatedKey !== undefined) throw new Error('the table is too large for one scan');
  return new Map(answer.Items?.map((item) => [JSON.stringify([item.pk, item.sk]), item]));
}

/** A report of which only whose it is matters. */
const reportOf = (connectionId: ConnectionId) =>
  ({
    connectionId,
    sweepId: 'sweep-1',
    outcome: 'complete',
    startedAt: noon,
    endedAt: noon,
    counts: {},
  }) as SweepReport;

const entry = anEntry('u', { user: aUser('u', { title: 'written' }) });
const pairChange = change(keyA, 'a', 1);

/** One write of each kind, in an order in which all of them succeed, and under which name. */
function writesOf(store: SweepStore, id: ConnectionId): Readonly<Record<WritingMethod, () => Promise<unknown>>> {
  let lease: Lease | undefined;
  const present = () => lease as Lease;
  return {
    acquireLease: async () => {
      lease = (await takeLease({ store, id }, askAt(10 * leaseMs))).lease;
    },
    saveState: () => store.saveState(present(), aState({ position: 1 })),
    abandonLease: () => store.abandonLease(present(), 10 * leaseMs),
    releaseLease: () => store.releaseLease(present(), aState({ position: 2 })),
    appendBatch: () => store.appendBatch(aBatch(id, 1)),
    rewriteBatch: () => store.rewriteBatch(aBatch(id, 1, { transitions: [] })),
    writeEntries: () => store.writeEntries(id, [entry]),
    rewriteEntry: () => store.rewriteEntry(id, anEntry('u')),
    applyPairs: () => store.applyPairs(id, four, [pairChange], 1),
    writeLayout: () => store.writeLayout(id, { id: 'next', bits: 0 }, [Uint8Array.from({ length: 16 }, () => 1)], 1),
    deleteLayout: () => store.deleteLayout(id, four),
    writeBlob: () => store.writeBlob(id, 'name', Uint8Array.of(1)),
    deleteBlobs: () => store.deleteBlobs(id, ['name', 'there before']),
    deleteBlobsBefore: () => store.deleteBlobsBefore(id, 'z', ['name']),
    writeProjection: () => store.writeProjection(id, 'version', new Map([['title', '1']])),
    writeReport: () => store.writeReport(reportOf(id)),
    writeHold: () => store.writeHold(aRecord(id, 'hold-1')),
    writeRequest: () => store.writeRequest(aRequest(id, 'request-1')),
    deleteRequest: () => store.deleteRequest(aRequest(id, 'request-0')),
    advancePublished: () => store.advancePublished(id, 7),
    deleteConnection: () => store.deleteConnection(id),
  };
}

async function openBase() {
  const opened = table.open();
  await saveNewConnection(opened);
  return opened;
}

/** A connection with something of every kind in it, and the lease of a worker who died. */
async function openFilledBase() {
  const opened = await openBase();
  const { store, id } = opened;
  await store.writeEntries(id, [anEntry('somebody')]);
  await makeLayout(store, id, four);
  await store.applyPairs(id, four, [change(keyA, 'before', 1)], 1);
  await store.writeBlob(id, 'there before', Uint8Array.of(1));
  await store.writeProjection(id, 'before', new Map([['title', '0']]));
  await store.writeReport({ ...reportOf(id), sweepId: 'sweep-0' as never });
  await store.writeHold(aRecord(id, 'hold-0'));
  await store.writeRequest(aRequest(id, 'request-0'));
  await store.advancePublished(id, 1);
  await takeLease(opened);
  return opened;
}

describe('createOverlayStore', () => {
  it.each(['nothing', 'something of every kind'])('writes nothing to a base that holds %s', async (what) => {
    const { store: base, id } = what === 'nothing' ? await openBase() : await openFilledBase();
    const before = await scanTable();
    const store = createOverlayStore(readOnlyBase(base));

    for (const write of Object.values(writesOf(store, id))) await write();

    expect(await scanTable()).toStrictEqual(before);
    expect(before.size).toBeGreaterThan(1);
  });

  it('has no method that neither reads nor is tried here', async () => {
    const { store: base, id } = await openBase();

    const store = createOverlayStore(base);

    const { appended, ...methods } = store;
    const known = [...readingMethods, ...Object.keys(writesOf(store, id))];
    expect(Object.keys(methods).sort()).toStrictEqual(known.sort());
    expect(appended).toStrictEqual([]);
  });

  it('takes the lease of the base for free, and begins with the first token', async () => {
    const { store: base, id } = await openFilledBase();

    const { lease, tookOver } = await takeLease({ store: createOverlayStore(readOnlyBase(base)), id }, askAt(1));

    expect({ token: lease.token, tookOver }).toStrictEqual({ token: 1, tookOver: false });
  });

  it('goes on from the state that it took the lease over, whatever becomes of the base', async () => {
    const { store: base, id } = await openBase();
    const store = createOverlayStore(readOnlyBase(base));
    const taken = await takeLease({ store, id });

    await leaveState(base, id, aState({ position: 99 }));

    expect(await store.readState(id)).toStrictEqual(taken.state);
  });

  it('refuses to save under a lease of the base', async () => {
    const { store: base, id } = await openBase();
    const { lease, state } = await takeLease({ store: base, id });

    const saving = createOverlayStore(readOnlyBase(base)).saveState(lease, state);

    await expect(saving).rejects.toMatchObject({ code: 'sweep.lease_lost' });
  });

  it('is taken by a batch that the base got meanwhile, and yields no position twice', async () => {
    const { store: base, id } = await openBase();
    const store = createOverlayStore(readOnlyBase(base));
    await store.appendBatch(aBatch(id, 1));
    for (const position of [1, 2]) await base.appendBatch(aBatch(id, position, { leaseToken: 9 }));

    const answer = await store.appendBatch(aBatch(id, 2));

    expect(answer).toBe('taken');
    const log = (await all(store.readLog(id, 0))).map(({ position, leaseToken }) => [position, leaseToken]);
    expect(log).toStrictEqual([
      [1, 1],
      [2, 9],
    ]);
  });
});

describe('appended', () => {
  it('holds what was appended, in order, and nothing that was refused or was there', async () => {
    const { store: base, id } = await openBase();
    await base.appendBatch(aBatch(id, 1));
    const store = createOverlayStore(readOnlyBase(base));

    for (const position of [1, 2, 2, 3]) await store.appendBatch(aBatch(id, position, { leaseToken: 4 }));

    expect(store.appended).toStrictEqual([aBatch(id, 2, { leaseToken: 4 }), aBatch(id, 3, { leaseToken: 4 })]);
  });

  it('keeps a batch as it was appended when it is rewritten', async () => {
    const { store: base, id } = await openBase();
    const store = createOverlayStore(readOnlyBase(base));
    await store.appendBatch(aBatch(id, 1));

    await store.rewriteBatch(aBatch(id, 1, { tenantId: 'erased' }));

    expect(store.appended).toStrictEqual([aBatch(id, 1)]);
    expect(await all(store.readLog(id, 0))).toMatchObject([{ tenantId: 'erased' }]);
  });
});
