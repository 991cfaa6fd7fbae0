import { randomFillSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { instant } from '../../../src/model/instant.ts';
import { createBlobStore } from '../../../src/store/blob-store.ts';
import { blobKey, blobPartition } from '../../../src/store/keys.ts';
import { ttlAttribute } from '../../../src/store/table.ts';
import type { Item } from '../../../src/store/table-client.ts';
import { startTestTable, type Tap, type TestStore, type TestTable } from '../../support/test-table.ts';
import { all, noon } from './sample-log.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

const randomBytes = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
/** In nine parts: nothing makes these bytes smaller. */
const threeMegabytes = randomBytes(3_000_000);
/** In three parts. */
const threeParts = randomBytes(1_000_000);

/** What the table holds of a connection's blobs. */
function blobItems({ id }: Pick<TestStore, 'id'>): Promise<Item[]> {
  const values = { ':pk': blobPartition(id) };
  return all(
    table.raw.query({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: values,
      ConsistentRead: true,
    }),
  );
}

/** Lets so many writes through and fails every one after them. */
function dieAfterWrites(count: number): Tap {
  let left = count;
  return (call, carryOut) => {
    if (call.operation !== 'PutItem') return carryOut();
    left -= 1;
    return left < 0 ? Promise.reject(new Error('the worker died')) : carryOut();
  };
}

async function writeThreeParts(name = 'absent'): Promise<TestStore> {
  const worker = table.open();
  await worker.store.writeBlob(worker.id, name, threeParts);
  return worker;
}

describe('writeBlob', () => {
  it.each([
    { what: 'no bytes', bytes: new Uint8Array(), parts: 1 },
    { what: 'one byte', bytes: new Uint8Array([0]), parts: 1 },
    { what: 'text', bytes: new TextEncoder().encode('ümläut 🦊'), parts: 1 },
    { what: '3 MB that compress well', bytes: new Uint8Array(3_000_000), parts: 1 },
    { what: '3 MB that do not', bytes: threeMegabytes, parts: 9 },
  ])('keeps $what as they are, in $parts items', async ({ bytes, parts }) => {
    const worker = table.open();
    const { store, id } = worker;

    await store.writeBlob(id, 'absent#sweep-1', bytes);

    const read = await store.readBlob(id, 'absent#sweep-1');
    expect(read?.constructor).toBe(Uint8Array);
    expect(Buffer.compare(read ?? Buffer.from('none'), bytes)).toBe(0);
    expect(await blobItems(worker)).toHaveLength(parts);
  });

  it('keeps the bytes of a part of a larger buffer alone', async () => {
    const { store, id } = table.open();

    await store.writeBlob(id, 'part', threeParts.subarray(10, 20));

    expect(await store.readBlob(id, 'part')).toStrictEqual(threeParts.slice(10, 20));
  });

  it('writes the head after every other part', async () => {
    const { wire } = await writeThreeParts();

    const written = wire.calls.map(({ input }) => (input.Item as { sk: { S: string } }).sk.S);

    expect([...written].sort()).toStrictEqual(['absent#000000', 'absent#000001', 'absent#000002']);
    expect(written.at(-1)).toBe('absent#000000');
  });

  it('is harmless when it is repeated', async () => {
    const worker = await writeThreeParts();

    await worker.store.writeBlob(worker.id, 'absent', threeParts);

    expect(await worker.store.readBlob(worker.id, 'absent')).toStrictEqual(threeParts);
  });

  it('lets every part expire a week later where it is told to, and none otherwise', async () => {
    const { table: own, id } = table.open();
    const store = createBlobStore(own, () => Date.parse(noon) + 999);

    await store.writeBlob(id, 'kept', threeParts);
    const kept = await blobItems({ id });
    await store.deleteBlobs(id, ['kept']);
    await store.writeBlob(id, 'expiring', threeParts, 'expires');
    const expiring = await blobItems({ id });

    const weekLater = Date.parse('2026-11-30T12:00:00.000Z') / 1000;
    expect(kept.map((item) => item[ttlAttribute])).toStrictEqual([undefined, undefined, undefined]);
    expect(expiring.map((item) => item[ttlAttribute])).toStrictEqual([weekLater, weekLater, weekLater]);
  });

  it('goes by the present time where a store is given no clock', async () => {
    const worker = table.open();
    const before = Date.now();

    await worker.store.writeBlob(worker.id, 'expiring', threeParts, 'expires');

    const week = 7 * 86_400_000;
    const until = Number((await blobItems(worker))[0]?.[ttlAttribute]) * 1000;
    expect(instant(until) > instant(before + week - 2_000)).toBe(true);
    expect(instant(until) < instant(before + week + 60_000)).toBe(true);
  });
});

describe('readBlob', () => {
  it('knows nothing of a name that nobody wrote', async () => {
    const { store, id } = await writeThreeParts();

    expect(await store.readBlob(id, 'absen')).toBeUndefined();
    expect(await table.open().store.readBlob(`${id}-2` as never, 'absent')).toBeUndefined();
  });

  it.each([0, 1, 2])('knows no blob of which part %i is gone', async (part) => {
    const { store, id } = await writeThreeParts();
    await table.raw.delete(blobKey(id, 'absent', part));

    expect(await store.readBlob(id, 'absent')).toBeUndefined();
  });

  it.each([0, 1, 2])('knows no blob whose writer died after %i of three parts', async (written) => {
    const worker = table.open();
    worker.wire.tap(dieAfterWrites(written));

    const writing = worker.store.writeBlob(worker.id, 'absent', threeParts);

    await expect(writing).rejects.toMatchObject({ code: 'store.unavailable' });
    expect(await table.open().store.readBlob(worker.id, 'absent')).toBeUndefined();
  });

  it.each([0, 1, 2])('reads a blob as it was when a second writer of the same died after %i parts', async (written) => {
    const { id } = await writeThreeParts();
    const second = table.open({ id });
    second.wire.tap(dieAfterWrites(written));

    await second.store.writeBlob(id, 'absent', threeParts).catch(() => undefined);

    expect(await table.open().store.readBlob(id, 'absent')).toStrictEqual(threeParts);
  });

  it.each([1, 2])('never mixes two writes of one name, whose second died after %i parts', async (written) => {
    const { id } = await writeThreeParts();
    const second = table.open({ id });
    second.wire.tap(dieAfterWrites(written));

    await second.store.writeBlob(id, 'absent', randomBytes(1_000_000)).catch(() => undefined);

    expect(await table.open().store.readBlob(id, 'absent')).toBeUndefined();
  });

  it('leaves out what a longer write of the same name has left behind', async () => {
    const { store, id } = await writeThreeParts();

    await store.writeBlob(id, 'absent', new Uint8Array([1, 2]));

    expect(await store.readBlob(id, 'absent')).toStrictEqual(new Uint8Array([1, 2]));
  });

  it.each([
    { what: 'a part less', change: { parts: 2 } },
    { what: 'a part more', change: { parts: 4 } },
    { what: 'a byte less', change: { rawBytes: 999_999 } },
    { what: 'a byte more', change: { rawBytes: 1_000_001 } },
    { what: 'other bytes', change: { sha256: '0'.repeat(64) } },
  ])('knows no blob whose head was written for $what', async ({ change }) => {
    const { store, id } = await writeThreeParts();
    const key = blobKey(id, 'absent', 0);
    await table.raw.put({ ...(await table.raw.get(key)), ...change, ...key });

    expect(await store.readBlob(id, 'absent')).toBeUndefined();
  });

  it('refuses a head it cannot read, and names the item', async () => {
    const { store, id } = table.open();
    await table.raw.put({ ...blobKey(id, 'absent', 0), bytes: new Uint8Array([1]) });

    const reading = store.readBlob(id, 'absent');

    await expect(reading).rejects.toMatchObject({ code: 'internal.invariant' });
  });

  it('reads every part strongly consistent', async () => {
    const { id } = await writeThreeParts();
    const { store, wire } = table.open({ id });

    await store.readBlob(id, 'absent');

    expect(wire.calls.map(({ input }) => input.ConsistentRead)).toStrictEqual([true, true, true]);
  });
});

describe('deleteBlobs', () => {
  it('leaves nothing of what it is told and all of the others', async () => {
    const worker = await writeThreeParts('a');
    const { store, id } = worker;
    const others = ['a#000001', 'aa', 'b', 'a#b'];
    for (const name of [...others, 'c', 'd']) await store.writeBlob(id, name, threeParts.subarray(0, 9));

    await store.deleteBlobs(id, ['a', 'c', 'nobody wrote this', 'd', 'c']);

    const left = (await blobItems(worker)).map(({ sk }) => String(sk).slice(0, -7));
    expect(left.sort()).toStrictEqual([...others].sort());
    for (const name of others) expect(await store.readBlob(id, name)).toStrictEqual(threeParts.slice(0, 9));
  });

  it('leaves nothing of a blob that was never finished, or lost its head', async () => {
    const worker = table.open();
    worker.wire.tap(dieAfterWrites(2));
    await worker.store.writeBlob(worker.id, 'unfinished', threeParts).catch(() => undefined);

    await worker.store.deleteBlobs(worker.id, ['unfinished']);

    expect(await blobItems(worker)).toStrictEqual([]);
  });

  it('brings no payload over the wire', async () => {
    const { id } = await writeThreeParts();
    const { store, wire } = table.open({ id });
    const answered: string[] = [];
    wire.tap(async (call, carryOut) => {
      const answer = await carryOut();
      if (call.operation === 'Query') answered.push(...(answer.Items as Item[]).flatMap(Object.keys));
      return answer;
    });

    await store.deleteBlobs(id, ['absent']);

    expect(new Set(answered)).toStrictEqual(new Set(['pk', 'sk']));
    expect(wire.calls.map(({ operation }) => operation)).toStrictEqual(['Query', 'BatchWriteItem']);
  });

  it('writes nothing where there is nothing to delete', async () => {
    const { store, id, wire } = table.open();

    await store.deleteBlobs(id, []);

    expect(wire.calls).toStrictEqual([]);
  });
});
