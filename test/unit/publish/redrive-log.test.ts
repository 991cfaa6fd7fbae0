import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeedError } from '../../../src/model/feed-error.ts';
import { redriveLog } from '../../../src/publish/redrive-log.ts';
import { at } from '../../support/builders.ts';
import { startTestTable, type TestTable } from '../../support/test-table.ts';
import { writeLog } from './logged-story.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

/** A log of events 1 to 5 at positions 1, 2, 4, 5, 6, published up to a position, and a bus that fails at an event. */
async function open({ published, failsAt = 0 }: { readonly published: number; readonly failsAt?: number }) {
  const opened = table.open();
  await writeLog(opened, [{ events: 1 }, { events: 1 }, { events: 0 }, { events: 1 }, { events: 1 }, { events: 1 }]);
  await opened.store.advancePublished(opened.id, published);
  const sent: number[] = [];
  let faults = failsAt;
  const bus = {
    async putEntries(entries: readonly { readonly Detail: string }[]) {
      const sequences = entries.map(({ Detail }) => JSON.parse(Detail).metadata.sequence as number);
      if (sequences.includes(faults)) {
        faults = 0;
        throw new FeedError('publish.unavailable', 'the bus is down', { busName: 'users' });
      }
      sent.push(...sequences);
    },
  };
  const ports = { store: opened.store, bus, protectorOf: async () => ({ protectBatch: <T>(batch: T) => batch }) };
  return {
    sent,
    redrive: (since?: ReturnType<typeof at>) => redriveLog(ports, opened.id, since),
    published: () => opened.store.readPublished(opened.id),
  };
}

describe('redriveLog', () => {
  it('publishes what is not published, in order, and moves `published` to the end', async () => {
    const { sent, redrive, published } = await open({ published: 1 });
    await redrive();

    expect(sent).toStrictEqual([2, 3, 4, 5]);
    expect(await published()).toBe(6);
  });

  it('stops at a fault, and goes on there when it is asked again', async () => {
    const { sent, redrive, published } = await open({ published: 1, failsAt: 4 });
    await expect(redrive()).rejects.toMatchObject({ code: 'publish.unavailable' });
    const reached = await published();
    await redrive();

    expect(reached).toBe(4);
    expect(sent).toStrictEqual([2, 3, 4, 5]);
  });

  it('publishes again what was committed since a time', async () => {
    const { sent, redrive, published } = await open({ published: 6 });
    await redrive(at(4));

    expect(sent).toStrictEqual([3, 4, 5]);
    expect(await published()).toBe(6);
  });

  it('skips nothing that is not published, however late the time', async () => {
    const { sent, redrive, published } = await open({ published: 1 });
    await redrive(at(6));

    expect(sent).toStrictEqual([2, 3, 4, 5]);
    expect(await published()).toBe(6);
  });
});
