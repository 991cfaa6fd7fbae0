import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeedEvent } from '../../../src/events/feed-event.ts';
import { changesAfter } from '../../../src/publish/changes-after.ts';
import { type LogPlace, readEvents, type SequencePlace } from '../../../src/publish/read-events.ts';
import { logKey } from '../../../src/store/keys.ts';
import { at } from '../../support/builders.ts';
import { startTestTable, type TestStore, type TestTable } from '../../support/test-table.ts';
import { type ToldBatch, writeLog } from './logged-story.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

const openly = async () => ({ protectBatch: <T>(batch: T) => batch });

async function eventsAfter({ store, id }: TestStore, place: SequencePlace): Promise<readonly string[]> {
  const found: FeedEvent[] = [];
  for await (const event of changesAfter({ store, protectorOf: openly }, id, place)) found.push(event);
  return placesOf(found);
}

async function eventsFrom({ store, id }: TestStore, place: LogPlace): Promise<readonly string[]> {
  const found: FeedEvent[] = [];
  for await (const { events } of readEvents({ store, protectorOf: openly }, id, place)) found.push(...events);
  return placesOf(found);
}

const placesOf = (events: readonly FeedEvent[]) =>
  events.map(({ metadata: { epoch, sequence, eventId } }) => `${epoch}/${sequence} ${eventId}`);

async function tell(batches: readonly ToldBatch[], settings?: { readonly stateLags: boolean }) {
  const opened = table.open();
  const events = await writeLog(opened, batches, settings);
  return { opened, all: placesOf(events), events };
}

const silent: ToldBatch = { events: 0 };
const expire = async ({ opened }: { readonly opened: TestStore }, positions: readonly number[]) => {
  for (const position of positions) await table.raw.delete(logKey(opened.id, position));
};

describe('changesAfter', () => {
  it.each([
    ['batches of many events', [{ events: 3 }, { events: 1 }, { events: 4 }]],
    ['silent batches before, between and behind', [silent, silent, { events: 2 }, silent, { events: 3 }, silent]],
    ['nothing but silence', [silent, silent]],
    ['no batch at all', []],
  ])('begins behind any sequence of a log of %s', async (_, batches) => {
    const { opened, all } = await tell(batches);

    for (let sequence = 0; sequence <= all.length; sequence += 1) {
      expect(await eventsAfter(opened, { sequence })).toStrictEqual(all.slice(sequence));
      expect(await eventsAfter(opened, { sequence, epoch: 1 })).toStrictEqual(all.slice(sequence));
    }
  });

  it('tells what is committed and not yet applied', async () => {
    const { opened, all } = await tell([{ events: 2 }, { events: 2 }], { stateLags: true });

    expect(await eventsAfter(opened, { sequence: 3 })).toStrictEqual(all.slice(3));
    expect(await eventsAfter(opened, { sequence: 4 })).toStrictEqual([]);
  });

  it('reads a few single batches to find a place in a long log, and one at its end', async () => {
    const { opened } = await tell(Array.from({ length: 120 }, () => ({ events: 1 })));
    const costOf = async (sequence: number) => {
      opened.wire.reset();
      await eventsAfter(opened, { sequence });
      return opened.wire.calls.filter(({ operation }) => operation.startsWith('Query')).length;
    };

    expect(await costOf(120)).toBeLessThanOrEqual(2);
    expect(await costOf(118)).toBeLessThanOrEqual(6);
    expect(await costOf(20)).toBeLessThanOrEqual(16);
  });

  it('says what is no longer kept instead of leaving it out', async () => {
    const story = await tell([{ events: 2 }, { events: 2 }, silent, { events: 2 }]);
    await expire(story, [1]);

    await expect(eventsAfter(story.opened, { sequence: 0 })).rejects.toThrow(
      /after sequence 0 are gone, the oldest that is kept is 3/,
    );
    await expect(eventsAfter(story.opened, { sequence: 1 })).rejects.toMatchObject({ code: 'log.expired' });
    expect(await eventsAfter(story.opened, { sequence: 2 })).toStrictEqual(story.all.slice(2));
  });

  it('notices a batch in the middle that is gone before older ones', async () => {
    const story = await tell([{ events: 1 }, { events: 1 }, { events: 1 }, { events: 1 }]);
    await expire(story, [2]);

    await expect(eventsAfter(story.opened, { sequence: 0 })).rejects.toMatchObject({ code: 'log.expired' });
    expect(await eventsAfter(story.opened, { sequence: 2 })).toStrictEqual(story.all.slice(2));
  });

  it('says that nothing is kept where the whole log has expired, but to whoever has everything', async () => {
    const story = await tell([{ events: 2 }, silent]);
    await expire(story, [1, 2]);

    await expect(eventsAfter(story.opened, { sequence: 1 })).rejects.toThrow(/none of them is kept/);
    expect(await eventsAfter(story.opened, { sequence: 2 })).toStrictEqual([]);
  });

  it('refuses a sequence that nobody was told yet', async () => {
    const { opened } = await tell([{ events: 2 }]);

    await expect(eventsAfter(opened, { sequence: 3 })).rejects.toMatchObject({
      code: 'log.ahead',
      context: { lastSequence: 2 },
    });
  });

  it('tells whoever names the epoch before a restore everything of the new one', async () => {
    const { opened, all } = await tell([{ events: 5 }, { events: 3, epoch: 2 }]);

    // He got 6 and 7 of epoch 1, which the backup does not know.
    expect(await eventsAfter(opened, { sequence: 7, epoch: 1 })).toStrictEqual(all.slice(5));
    expect(await eventsAfter(opened, { sequence: 6, epoch: 2 })).toStrictEqual(all.slice(6));
    expect(await eventsAfter(opened, { sequence: 3, epoch: 1 })).toStrictEqual(all.slice(3));
  });

  it('composes events as the connection wants them published now', async () => {
    const { opened } = await tell([{ events: 1 }]);
    const protectorOf = async () => ({
      protectBatch: <T extends { transitions: readonly { entry: object }[] }>(batch: T): T => ({
        ...batch,
        transitions: batch.transitions.map((one) => ({
          ...one,
          entry: { ...one.entry, user: { id: 'u', status: 'active' } },
        })),
      }),
    });
    const found: FeedEvent[] = [];
    for await (const event of changesAfter({ store: opened.store, protectorOf: protectorOf as never }, opened.id, {
      sequence: 0,
    }))
      found.push(event);

    expect(found.map(({ data }) => ('user' in data ? data.user : undefined))).toStrictEqual([
      { id: 'u', status: 'active' },
    ]);
  });
});

describe('readEvents since a time', () => {
  it('begins with what was committed then, or with the oldest that is kept', async () => {
    const story = await tell([{ events: 2 }, silent, { events: 2 }, { events: 1 }]);

    expect(await eventsFrom(story.opened, { since: at(3) })).toStrictEqual(story.all.slice(2));
    expect(await eventsFrom(story.opened, { since: at(4) })).toStrictEqual(story.all.slice(4));
    expect(await eventsFrom(story.opened, { since: at(9) })).toStrictEqual([]);
    await expire(story, [1]);
    expect(await eventsFrom(story.opened, { since: at(-9) })).toStrictEqual(story.all.slice(2));
  });
});
