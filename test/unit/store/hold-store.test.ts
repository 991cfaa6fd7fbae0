import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import { holdKey } from '../../../src/store/keys.ts';
import { ttlAttribute } from '../../../src/store/table.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { aHold, aRecord } from './sample-hold.ts';
import { all, noon } from './sample-log.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

const ended = instant(Date.parse(noon) + 86_400_999);
const end = { ending: 'released', at: ended, settled: 58, dissolved: 2 } as const;

/** So many events whose text nothing makes smaller. */
function largePreview(count: number, bytes: number): readonly unknown[] {
  return Array.from({ length: count }, (_, n) => ({ n, user: { bio: randomBytes(bytes / 2).toString('hex') } }));
}

describe('writeHold', () => {
  it('keeps an open hold as it is, for good', async () => {
    const { store, id } = table.open();
    const hold = aHold('hold-1', {
      kind: 'updated',
      reason: 'field_vanished',
      fields: ['title', 'vendorAttributes.ümläut'],
      members: 'hold#hold-1',
      decision: { verdict: 'approved', by: 'ada', at: noon, why: 'a reorganisation 🦊' },
    });
    const record = aRecord(id, 'hold-1', { hold, preview: [{ type: 'user.updated', data: [null, '', {}] }, 'two', 3] });

    await store.writeHold(record);

    expect(await store.readHold(id, holdId('hold-1'))).toStrictEqual(record);
    expect(await table.raw.get(holdKey(id, holdId('hold-1')))).not.toHaveProperty(ttlAttribute);
  });

  it('replaces what stood there, and keeps what has ended for ninety days after its end', async () => {
    const { store, id } = table.open();
    const record = aRecord(id, 'hold-1', { preview: ['an event'] });
    await store.writeHold(record);

    await store.writeHold({ ...record, end });

    const item = await table.raw.get(holdKey(id, holdId('hold-1')));
    expect(await store.readHold(id, holdId('hold-1'))).toStrictEqual({ ...record, end });
    expect(item?.[ttlAttribute]).toBe(Math.floor(Date.parse(ended) / 1000) + 90 * 86_400);
  });

  it('keeps a hundred events of several kilobytes whole, as long as they can be compressed', async () => {
    const { store, id } = table.open();
    const preview = Array.from({ length: 100 }, (_, n) => ({ n, bio: `Wrote program ${n}. `.repeat(500) }));

    await store.writeHold(aRecord(id, 'hold-1', { preview }));

    expect((await store.readHold(id, holdId('hold-1')))?.preview).toStrictEqual(preview);
  });

  it('leaves out the last events of a preview that an item has no room for, and only those', async () => {
    const { store, id } = table.open();
    const preview = largePreview(100, 16_000);

    await store.writeHold(aRecord(id, 'hold-1', { preview }));

    const kept = (await store.readHold(id, holdId('hold-1')))?.preview ?? [];
    // Hexadecimal digits take about half a byte each: 44 of these are 350 KB.
    expect(kept.length).toBeGreaterThan(38);
    expect(kept.length).toBeLessThan(45);
    expect(kept).toStrictEqual(preview.slice(0, kept.length));
  });

  it('leaves room for what else is told of the hold', async () => {
    const { store, id } = table.open();
    const why = 'w'.repeat(340_000);
    const hold = aHold('hold-1', { decision: { verdict: 'rejected', by: 'ada', at: noon, why } });

    await store.writeHold(aRecord(id, 'hold-1', { hold, preview: largePreview(100, 4_000), end }));

    const kept = await store.readHold(id, holdId('hold-1'));
    expect(kept?.hold).toStrictEqual(hold);
    expect(kept?.preview.length).toBeLessThan(10);
  });

  it('keeps a hold without a preview whose first event is larger than an item', async () => {
    const { store, id } = table.open();

    await store.writeHold(aRecord(id, 'hold-1', { preview: largePreview(2, 1_000_000) }));

    expect(await store.readHold(id, holdId('hold-1'))).toStrictEqual(aRecord(id, 'hold-1'));
  });
});

describe('readHold', () => {
  it('knows nothing of a hold that nobody wrote', async () => {
    const { store, id } = table.open();
    await store.writeHold(aRecord(id, 'hold-1'));

    expect(await store.readHold(id, holdId('hold-2'))).toBeUndefined();
  });

  it.each([
    ['a kind nobody knows', { hold: aHold('hold-1', { kind: 'renamed' as never }) }],
    ['a preview that was cut off', { preview: new Uint8Array([31, 139, 8]) }],
    ['no preview', { preview: undefined }],
    ['an end without a time', { end: { ...end, at: undefined } }],
  ])('refuses %s and names the item', async (_, change) => {
    const { store, id, table: own } = table.open();
    await store.writeHold(aRecord(id, 'hold-1'));
    const key = holdKey(id, holdId('hold-1'));
    await own.put({ ...(await table.raw.get(key)), ...change, ...key });

    const reading = store.readHold(id, holdId('hold-1'));

    await expect(reading).rejects.toMatchObject({
      code: 'internal.invariant',
      context: { invariant: 'hold_readable' },
      message: expect.stringContaining(`connection#${id} hold#hold-1 cannot be read`),
    });
  });
});

describe('listHolds', () => {
  it('yields the newest first, open or ended, and nothing of other connections', async () => {
    const { store, id } = table.open();
    const ids = Array.from({ length: 23 }, (_, n) => `2026112${n % 10}T12000${Math.floor(n / 10)}000Z-deleted`);
    for (const [n, each] of ids.entries()) await store.writeHold(aRecord(id, each, n % 2 === 0 ? { end } : {}));
    const other = table.open();
    await other.store.writeHold(aRecord(other.id, 'of another'));

    const listed = (await all(store.listHolds(id))).map(({ hold }) => hold.holdId);

    expect(listed).toStrictEqual([...ids].sort().reverse());
  });
});
