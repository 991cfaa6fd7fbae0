import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdId, userId } from '../../../src/model/ids.ts';
import type { OperatorRequest } from '../../../src/model/operator-request.ts';
import { requestKey } from '../../../src/store/keys.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { aRequest } from './sample-hold.ts';
import { noon } from './sample-log.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

describe('readRequests', () => {
  it('answers nothing where nobody asked for anything', async () => {
    const { store, id } = table.open();

    expect(await store.readRequests(id)).toStrictEqual([]);
  });

  it('answers everything that was asked of the connection as it was asked, the oldest first', async () => {
    const { store, id } = table.open();
    const from = { connectionId: id, at: noon, by: 'ümläut 🦊' };
    const requests: OperatorRequest[] = [
      { ...from, requestId: '1', act: 'decide_hold', holdId: holdId('h'), verdict: 'approved', why: 'expected' },
      { ...from, requestId: '2', act: 'decide_hold', holdId: holdId('h'), verdict: 'rejected' },
      { ...from, requestId: '3', act: 'purge_user', userId: userId('# 🦊') },
      { ...from, requestId: '4', act: 'remove_connection' },
    ];
    for (const n of [2, 0, 3, 1]) await store.writeRequest(requests[n] as OperatorRequest);
    const other = table.open();
    await other.store.writeRequest(aRequest(other.id, '0'));

    expect(await store.readRequests(id)).toStrictEqual(requests);
  });

  it('answers a request once that was written twice', async () => {
    const { store, id } = table.open();

    await store.writeRequest(aRequest(id, '1'));
    await store.writeRequest(aRequest(id, '1'));

    expect(await store.readRequests(id)).toStrictEqual([aRequest(id, '1')]);
  });

  it('reads strongly consistent', async () => {
    const { store, id, wire } = table.open();

    await store.readRequests(id);

    expect(wire.calls.map(({ input }) => input.ConsistentRead)).toStrictEqual([true]);
  });

  it.each([
    ['an act nobody knows', { act: 'burn_down' }],
    ['a decision without a hold', { act: 'decide_hold', verdict: 'approved' }],
    ['a verdict nobody knows', { act: 'decide_hold', holdId: 'h', verdict: 'maybe' }],
    ['a purge of nobody', { act: 'purge_user', userId: undefined }],
    ['a request of nobody', { by: undefined }],
    ['a request without a time', { at: undefined }],
  ])('refuses %s and names the item', async (_, change) => {
    const { store, id, table: own } = table.open();
    await own.put({ ...requestKey(id, '1'), request: { ...aRequest(id, '1'), ...change } });

    const reading = store.readRequests(id);

    await expect(reading).rejects.toMatchObject({
      code: 'internal.invariant',
      context: { invariant: 'request_readable' },
      message: expect.stringContaining(`connection#${id} request#1 cannot be read`),
    });
  });
});

describe('deleteRequest', () => {
  it('leaves the other requests of the connection, and is harmless when it is repeated', async () => {
    const { store, id } = table.open();
    for (const requestId of ['1', '2', '10']) await store.writeRequest(aRequest(id, requestId));

    await store.deleteRequest(aRequest(id, '1'));
    await store.deleteRequest(aRequest(id, '1'));

    expect(await store.readRequests(id)).toStrictEqual([aRequest(id, '10'), aRequest(id, '2')]);
  });
});
