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
      writeBlob: async (_: unknown, name: string, bytes: Uint8Array, _expires?: 'expires') =>
        void blobs.set(name, bytes),
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

  it.each([
    { what: '2,000 transitions', count: 2_000, bytes: 1 },
    { what: 'four million bytes', count: 4, bytes: 1_000_000 },
  ])('writes away what waits once that are $what, and then counts anew', async ({ count, bytes }) => {
    const { blobs, portsOf } = aStore();
    const staging = createStaging(portsOf('one'));
    const transition = titled('a', 'A');
    const written: number[] = [];

    for (let n = 0; n < 2 * count; n += 1) {
      staging.add({ ...transition, entry: { ...transition.entry, userId: userId(`u${n}`) } }, bytes);
      await staging.relieve();
      if (blobs.size > written.length) written.push(n + 1);
    }

    expect(written).toStrictEqual([count, 2 * count]);
    expect(staging.written).toStrictEqual({ parts: [{ prefix: 'one', rows: [count, count] }] });
  });

  it('reads no part of which no number is asked for', async () => {
    const { blobs, portsOf } = aStore();
    const staging = createStaging(portsOf('one'));
    for (const id of ['a', 'b', 'c']) {
      staging.add(titled(id, id), tooMuch);
      await staging.relieve();
    }
    staging.add(titled('d', 'd'), 1);
    staging.add(titled('e', 'e'), 1);

    expect(await rowsOf(staging, 4)).toStrictEqual(['4 e']);
    blobs.delete('one-0');
    expect(await rowsOf(staging, 1)).toStrictEqual(['1 b', '2 c', '3 d', '4 e']);
    blobs.delete('one-1');
    expect(await rowsOf(staging, 2)).toStrictEqual(['2 c', '3 d', '4 e']);
  });

  it('reads nothing that must not be read any more from what was written away', async () => {
    const { portsOf } = aStore();
    const protect = <T>(transition: T): T => {
      const staged = transition as StagedTransition;
      return { ...staged, entry: { ...staged.entry, user: { ...staged.entry.user, title: 'redacted' } } } as T;
    };
    const staging = createStaging({ ...portsOf('one'), protect });
    staging.add(titled('a', 'A'), tooMuch);
    await staging.relieve();

    expect(await rowsOf(staging)).toStrictEqual(['0 redacted']);
  });

  it('puts whoever is staged once more behind everybody', async () => {
    const staging = createStaging(aStore().portsOf('one'));
    for (const [id, title] of [
      ['a', 'A'],
      ['b', 'B'],
      ['a', 'Later'],
    ] as const)
      staging.add(titled(id, title), 1);

    expect(await rowsOf(staging)).toStrictEqual(['0 B', '1 Later']);
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

  it('saves nothing a second time', async () => {
    const { blobs, portsOf } = aStore();
    const first = createStaging(portsOf('one'));
    first.add(titled('a', 'A'), tooMuch);
    await first.relieve();
    first.drop(userId('a'));
    const saved = await first.save();
    blobs.clear();

    const again = [await first.save(), await (await openStaging(portsOf('two'), { parts: saved.parts })).save()];

    expect(saved).toStrictEqual({ parts: [{ prefix: 'one', rows: [1] }], replaced: ['one-replaced'] });
    expect(again).toStrictEqual([saved, { parts: saved.parts }]);
    expect([...blobs.keys()]).toStrictEqual([]);
  });

  it('saves nothing at all where nothing was staged, and nobody dropped of whom something was written', async () => {
    const { blobs, portsOf } = aStore();
    const staging = createStaging(portsOf('one'));
    staging.add(titled('a', 'A'), 1);
    staging.drop(userId('a'));

    expect(await staging.save()).toStrictEqual({ parts: [] });
    expect([...blobs.keys()]).toStrictEqual([]);
  });

  it('leaves blobs that expire, for the case that nobody deletes them', async () => {
    const { portsOf } = aStore();
    const { blobs, ...ports } = portsOf('one');
    const written: unknown[] = [];
    const writeBlob: typeof blobs.writeBlob = async (...asked) => void written.push([asked[1], asked[3]]);
    const staging = createStaging({ ...ports, blobs: { ...blobs, writeBlob } });
    staging.add(titled('a', 'A'), tooMuch);
    await staging.relieve();
    staging.drop(userId('a'));
    await staging.save();

    expect(written).toStrictEqual([
      ['one-0', 'expires'],
      ['one-replaced', 'expires'],
    ]);
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

describe(stagedBlobs, () => {
  it('names a blob for each part, and no other where nobody was replaced', () => {
    expect(stagedBlobs({ parts: [{ prefix: 'one', rows: [3, 2] }] })).toStrictEqual(['one-0', 'one-1']);
  });
});
