import { describe, expect, it } from 'vitest';
import { FeedError } from '../../../src/model/feed-error.ts';
import { createKeptEpoch, keptForMs, trustedForMs } from '../../../src/sweep/kept-epoch.ts';

/** A reader of a mark that the test rewrites, over a table that it restores; `outage` lets nobody ask. */
function openReader() {
  const world = { nowMs: 0, epoch: 1, named: 'a', table: 'a', reads: 0, outage: undefined as FeedError | undefined };
  const readEpoch = createKeptEpoch({
    async readMark() {
      world.reads += 1;
      if (world.outage !== undefined) throw world.outage;
      return { epoch: world.epoch, tables: [world.named] };
    },
    readTable: async () => world.table,
    place: 'the mark',
    recovery: 'ucf doctor --recover',
    nowMs: () => world.nowMs,
  });
  return { world, readEpoch };
}

const outage = new FeedError('store.unavailable', 'no answer', { item: 'mark' });

describe('createKeptEpoch', () => {
  it('asks once a minute', async () => {
    const { world, readEpoch } = openReader();

    await readEpoch(0);
    world.nowMs = keptForMs - 1;
    await readEpoch(0);
    expect(world.reads).toBe(1);
    world.nowMs = keptForMs;
    await readEpoch(0);

    expect(world.reads).toBe(2);
  });

  it('counts the minute from the answer', async () => {
    const { world, readEpoch } = openReader();
    world.nowMs = keptForMs;

    await readEpoch(0);
    world.nowMs = 2 * keptForMs - 1;
    await readEpoch(0);

    expect(world.reads).toBe(1);
  });

  it('notices a restored table after a minute at the latest, and keeps no bad answer', async () => {
    const { world, readEpoch } = openReader();
    await readEpoch(0);
    world.table = 'b';
    world.nowMs = keptForMs;

    await expect(readEpoch(0)).rejects.toMatchObject({ code: 'store.restored' });
    Object.assign(world, { epoch: 2, named: 'b' });

    expect(await readEpoch(0)).toBe(2);
  });

  it('asks at once where a connection has a higher epoch: the feed may have recovered a moment ago', async () => {
    const { world, readEpoch } = openReader();
    await readEpoch(0);
    world.epoch = 2;

    expect(await readEpoch(1)).toBe(1);
    expect(await readEpoch(2)).toBe(2);
    await expect(readEpoch(3)).rejects.toMatchObject({ code: 'store.restored' });
  });

  it('trusts a good answer for some minutes while nobody can be asked', async () => {
    const { world, readEpoch } = openReader();
    await readEpoch(0);
    world.outage = outage;

    world.nowMs = trustedForMs - 1;
    expect(await readEpoch(1)).toBe(1);
    await expect(readEpoch(2)).rejects.toBe(outage);
    world.nowMs = trustedForMs;

    await expect(readEpoch(1)).rejects.toBe(outage);
  });

  it('has nothing to trust before the first good answer', async () => {
    const { world, readEpoch } = openReader();
    world.outage = outage;

    await expect(readEpoch(0)).rejects.toBe(outage);
  });

  it('takes a mark that is lost for no outage', async () => {
    const { world, readEpoch } = openReader();
    await readEpoch(0);
    world.nowMs = keptForMs;
    world.outage = new FeedError('config.invalid', 'gone', { faults: [] });

    await expect(readEpoch(0)).rejects.toMatchObject({ code: 'config.invalid' });
  });
});
