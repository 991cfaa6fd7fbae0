import { describe, expect, it } from 'vitest';
import type { StagedTransition } from '../../../src/diff/staged-transition.ts';
import { connectionId, userId } from '../../../src/model/ids.ts';
import { createStaging, openStaging, type Staging, stagedBlobs } from '../../../src/sweep/staging.ts';
import { anEntry, aTransition, aUser } from '../../support/builders.ts';

/** A transition of a user in which he has this title. */
function titled(id: string, title: string): StagedTransition {
  const { change: _, ...transition } = aTransition({ entry: anEntry({ user: aUser({ id, title }) }) });
  return transition;
}

function aStore() {
  const blobs = new Map<string, Uint8Array>();
  const portsOf = (prefix: string) => ({
    connectionId: connectionId('c'),
    prefix,
    protect: <T>(transition: T) => transition,
    blobs: {
      writeBlob: async (_: unknown, name: string, bytes: Uint8Array) => void blobs.set(name, bytes),
      readBlob: async (_: unknown, name: string) => blobs.get(name),
      deleteBlobs: async () => undefined,
      deleteBlobsBefore: async () => undefined,
    },
  });
  return { blobs, portsOf };
}

/** Bytes so many that one of them is too much for memory. */
const tooMuch = 5_000_000;

async function rowsOf(staging: Staging, from?: number): Promise<readonly string[]> {
  const rows: string[] = [];
  for await (const part of staging.read(from))
    for (const { number, transition } of part) rows.push(`${number} ${transition.entry.user.title}`);
  return rows;
}

describe(createStaging, () => {
  it('reads what is in memory and what was written away in the order found', async () => {
    const staging = createStaging(aStore().portsOf('one'));
    staging.add(titled('a', 'A'), tooMuch);
    await staging.relieve();
    staging.add(titled('b', 'B'), 1);

    expect(await rowsOf(staging)).toStrictEqual(['0 A', '1 B']);
    expect(await rowsOf(staging, 1)).toStrictEqual(['1 B']);
    expect(staging.count).toBe(2);
  });

  it('writes nothing away as long as there is room', async () => {
    const { blobs, portsOf } = aStore();
    const staging = createStaging(portsOf('one'));
    staging.add(titled('a', 'A'), 1);

    await staging.relieve();

    expect([...blobs.keys()]).toStrictEqual([]);
  });

  it('leaves out whoever was dropped, wherever he is, and keeps what was added for him afterwards', async () => {
    const staging = createStaging(aStore().portsOf('one'));
    staging.add(titled('a', 'A'), 1);
    staging.add(titled('b', 'B'), tooMuch);
    await staging.relieve();
    staging.drop(userId('a'));
    staging.drop(userId('b'));
    staging.add(titled('b', 'Later'), 1);
    staging.add(titled('c', 'C'), 1);
    staging.drop(userId('c'));

    expect(await rowsOf(staging)).toStrictEqual(['2 Later']);
  });

  it('keeps the last of two transitions of a user in memory', async () => {
    const staging = createStaging(aStore().portsOf('one'));
    staging.add(titled('a', 'A'), 1);
    staging.add(titled('a', 'Later'), 1);

    expect(await rowsOf(staging)).toStrictEqual(['0 Later']);
  });
});

describe(openStaging, () => {
  it('goes on where another one was saved, numbers and drops included', async () => {
    const { portsOf } = aStore();
    const first = createStaging(portsOf('one'));
    first.add(titled('a', 'A'), tooMuch);
    await first.relieve();
    first.drop(userId('a'));
    first.add(titled('b', 'B'), 1);
    const saved = await first.save();

    const second = await openStaging(portsOf('two'), JSON.parse(JSON.stringify(saved)));
    second.drop(userId('b'));
    second.add(titled('c', 'C'), 1);
    const third = await openStaging(portsOf('three'), await second.save());

    expect(await rowsOf(second)).toStrictEqual(['2 C']);
    expect(await rowsOf(third)).toStrictEqual(['2 C']);
    expect(third.count).toBe(3);
  });

  it('says that the checkpoint is gone where a part is missing', async () => {
    const { blobs, portsOf } = aStore();
    const first = createStaging(portsOf('one'));
    first.add(titled('a', 'A'), 1);
    const saved = await first.save();
    for (const name of stagedBlobs(saved)) blobs.delete(name);

    const reading = rowsOf(await openStaging(portsOf('two'), saved));

    await expect(reading).rejects.toMatchObject({ code: 'sweep.checkpoint_gone', context: { blob: 'one-0' } });
  });

  it('names every blob that it and those before it have written', async () => {
    const { blobs, portsOf } = aStore();
    const first = createStaging(portsOf('one'));
    first.add(titled('a', 'A'), tooMuch);
    await first.relieve();
    first.drop(userId('a'));
    const second = await openStaging(portsOf('two'), await first.save());

    const saved = await second.save();

    expect(stagedBlobs(saved).toSorted()).toStrictEqual([...blobs.keys()].toSorted());
  });
});
