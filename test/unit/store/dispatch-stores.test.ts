import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectionId, connectionId } from '../../../src/model/ids.ts';
import type { ConnectionNotice } from '../../../src/model/notice.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { all } from './sample-log.ts';

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

const [a, b, c] = ['a', 'b', 'c'].map(connectionId) as [ConnectionId, ConnectionId, ConnectionId];

describe('createPlaceStore', () => {
  async function placesOf(budget: string) {
    const { store } = table.open();
    const read = async () =>
      (await store.readPlaces([budget])).get(budget) ?? { budget, until: new Map(), revision: -1 };
    return { store, read };
  }

  it('replaces places that nobody has touched since they were read', async () => {
    const { store, read } = await placesOf('first');
    const before = await read();

    const first = await store.writePlaces(before, new Map([[a, 10]]));
    const late = await store.writePlaces(before, new Map([[b, 20]]));
    const after = await read();

    expect([first, late, after]).toStrictEqual([
      true,
      false,
      { budget: 'first', until: new Map([[a, 10]]), revision: 1 },
    ]);
  });

  it('keeps a place, takes a free one, and refuses where all are taken', async () => {
    const { store, read } = await placesOf('second');
    await store.writePlaces(await read(), new Map([[a, 10]]));

    const answers = [
      await store.keepPlace('second', a, 30, 2),
      await store.keepPlace('second', b, 40, 2),
      await store.keepPlace('second', c, 50, 2),
      await store.keepPlace('nobody has it', c, 50, 2),
    ];
    const { until, revision } = await read();

    expect(answers).toStrictEqual([true, true, false, false]);
    expect([until, revision]).toStrictEqual([
      new Map([
        [a, 30],
        [b, 40],
      ]),
      3,
    ]);
  });

  it('leaves a place once, however often it is told to', async () => {
    const { store, read } = await placesOf('third');
    await store.writePlaces(
      await read(),
      new Map([
        [a, 10],
        [b, 10],
      ]),
    );

    await store.leavePlace('third', a);
    await store.leavePlace('third', a);
    await store.leavePlace('nobody has it', a);

    expect(await read()).toStrictEqual({ budget: 'third', until: new Map([[b, 10]]), revision: 2 });
  });
});

describe('createNoticeStore', () => {
  const notice = (id: string): ConnectionNotice => ({
    connectionId: connectionId(id),
    tenantId: 't',
    vendor: 'v',
    pending: ['stale'],
    revision: 0,
  });

  it('lets one of two writers win, and one of two who forget', async () => {
    const { store } = table.open();

    const written = [await store.writeNotice(notice('n')), await store.writeNotice(notice('n'))];
    const [read] = await all(store.listNotices());
    const forgotten = [await store.deleteNotice(notice('n')), read && (await store.deleteNotice(read))];

    expect([written, read?.revision, forgotten]).toStrictEqual([[true, false], 1, [false, true]]);
    expect(await all(store.listNotices())).toStrictEqual([]);
  });
});
