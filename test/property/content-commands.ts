import fc from 'fast-check';
import { expect } from 'vitest';
import { toHex } from '../../src/diff/digest.ts';
import { userId } from '../../src/model/ids.ts';
import { aBatch, all, anEntry, digestOf } from '../unit/store/sample-log.ts';
import type { StoreModel, StoreUnderTest } from './store-model.ts';

type Command = fc.AsyncCommand<StoreModel, StoreUnderTest>;

function command(name: string, run: (model: StoreModel, subject: StoreUnderTest) => Promise<void>): Command {
  return { check: () => true, run, toString: () => name };
}

/** The layout of the index that commands are about. It has to be there. */
export const foldedLayout = { id: 'two', bits: 1 };
/** Two users share a key hash, and two lie at the edges of a shard. */
const keyHashes = { a: '00', b: '7f', c: '80', d: '80', e: 'ff' } as const;
const person = fc.constantFrom(...(Object.keys(keyHashes) as (keyof typeof keyHashes)[]));
const keyHashOf = (name: string) => keyHashes[name as keyof typeof keyHashes].padEnd(16, '0');
const entryOf = (name: string, revision: number) => anEntry(name, { revision, keyHash: keyHashOf(name) });

const appending = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 3 })).map(([position, token]) =>
  command(`append ${position} under token ${token}`, async ({ log }, { store, id }) => {
    const owner = log.get(position) ?? token;

    expect(await store.appendBatch(aBatch(id, position, { leaseToken: token }))).toBe(
      owner === token ? 'appended' : 'taken',
    );

    log.set(position, owner);
  }),
);

const reading = fc.nat(8).map((after) =>
  command(`read the log after ${after}`, async ({ log }, { store, id }) => {
    const batches = await all(store.readLog(id, after));

    expect(batches.map(({ position, leaseToken }) => [position, leaseToken])).toStrictEqual(
      [...log].filter(([position]) => position > after).sort(([one], [other]) => one - other),
    );
  }),
);

const writing = fc
  .array(fc.tuple(person, fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 4 })
  .map((some) => {
    const revisions = new Map(some);
    return command(`write ${[...revisions].join(' ')}`, async ({ entries }, { store, id }) => {
      await store.writeEntries(
        id,
        [...revisions].map(([name, revision]) => entryOf(name, revision)),
      );

      for (const [name, revision] of revisions) entries.set(name, Math.max(revision, entries.get(name) ?? 0));
    });
  });

const looking = fc.uniqueArray(person).map((names) =>
  command(`look for ${names.join(' ')}`, async ({ entries }, { store, id }) => {
    const known = [...entries].map(([name, revision]) => entryOf(name, revision));

    const keys = names.map((name) => ({ keyHash: keyHashOf(name), userId: userId(name) }));
    const found = await store.readEntries(id, keys);
    const sharers = await store.readEntriesByKeyHash(id, keyHashOf('c'));

    expect([...found.values()].sort(byId)).toStrictEqual(
      known.filter((entry) => (names as readonly string[]).includes(entry.userId)).sort(byId),
    );
    expect([...sharers].sort(byId)).toStrictEqual(known.filter(({ keyHash }) => keyHash === keyHashOf('c')).sort(byId));
  }),
);

type Named = { readonly userId: string };
const byId = (one: Named, other: Named) => (one.userId < other.userId ? -1 : 1);

type Folded = { readonly name: string; readonly digest: string | null; readonly position: number };
const folded: fc.Arbitrary<Folded> = fc.record({
  name: fc.constantFrom('a', 'b', 'c', 'e'),
  digest: fc.constantFrom(null, '1', '2').map((text) => text && digestOf(text)),
  position: fc.integer({ min: 1, max: 9 }),
});

const folding = fc
  .tuple(fc.uniqueArray(folded, { minLength: 1, selector: ({ name }) => name }), fc.nat(2))
  .map(([changes, beyond]) => {
    const upTo = Math.max(...changes.map(({ position }) => position)) + beyond;
    return command(`fold ${JSON.stringify(changes)} up to ${upTo}`, async ({ shards }, { store, id }) => {
      const pairs = changes.map(({ name, ...change }) => ({ keyHash: keyHashOf(name), ...change }));

      await store.applyPairs(id, foldedLayout, pairs, upTo);

      const before = new Map([...shards].map(([number, { position }]) => [number, position]));
      for (const change of changes) foldInto(shards, change, { before, upTo });
    });
  });

/** A shard takes what is newer than it, and is then at the position that all of it reaches. */
function foldInto(
  shards: StoreModel['shards'],
  { name, digest, position }: Folded,
  { before, upTo }: { readonly before: ReadonlyMap<number, number>; readonly upTo: number },
): void {
  const number = keyHashOf(name) < '8' ? 0 : 1;
  const shard = shards.get(number) ?? { position: 0, pairs: new Map<string, string>() };
  shards.set(number, shard);
  shard.position = Math.max(shard.position, upTo);
  if (position <= (before.get(number) ?? 0)) return;
  if (digest === null) shard.pairs.delete(name);
  else shard.pairs.set(name, digest);
}

const loading = fc.constant(
  command('load the index', async ({ shards }, { store, id }) => {
    const loaded = await store.loadShards(id, foldedLayout);

    expect(loaded.map(toHex)).toStrictEqual(
      [0, 1].map((number) =>
        [...(shards.get(number)?.pairs ?? [])]
          .map(([name, digest]) => keyHashOf(name) + digest)
          .sort()
          .join(''),
      ),
    );
  }),
);

const publishing = fc.nat(9).map((position) =>
  command(`publish up to ${position}`, async (model, { store, id }) => {
    await store.advancePublished(id, position);

    model.published = Math.max(model.published, position);
    expect(await store.readPublished(id)).toBe(model.published);
  }),
);

const blobNames = ['b1', 'b2', 'b2-0', 'b3'];
const blob = fc.constantFrom(...blobNames);
const bytesOf = (name: string) => Buffer.from(name.repeat(40));

type KeepingAct = (name: string, model: StoreModel, subject: StoreUnderTest) => Promise<void>;
const keepingActs: { readonly [name: string]: KeepingAct } = {
  async write(name, { blobs }, { store, id }) {
    await store.writeBlob(id, name, bytesOf(name));
    blobs.add(name);
  },
  async delete(name, { blobs }, { store, id }) {
    await store.deleteBlobs(id, [name]);
    blobs.delete(name);
  },
  async 'clear before'(name, { blobs }, { store, id }) {
    await store.deleteBlobsBefore(id, name, ['b2']);
    for (const other of blobs) if (other < name && other !== 'b2') blobs.delete(other);
  },
};

const keeping = fc.tuple(blob, fc.constantFrom(...Object.entries(keepingActs))).map(([name, [what, act]]) =>
  command(`${what} ${name}`, async (model, subject) => {
    await act(name, model, subject);

    for (const one of blobNames) {
      const read = await subject.store.readBlob(subject.id, one);
      expect(read && Buffer.from(read)).toStrictEqual(model.blobs.has(one) ? bytesOf(one) : undefined);
    }
  }),
);

/** What a sweep keeps beside its state: log, entries, index, what is published, blobs. */
export const contentCommands: readonly fc.Arbitrary<Command>[] = [
  ...[appending, reading, writing, looking, folding, folding, loading, publishing, keeping],
];
