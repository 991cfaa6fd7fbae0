import { describe, expect, it } from 'vitest';
import { connectionId } from '../../../src/model/ids.ts';
import { overlayEntries } from '../../../src/sweep/overlay-entries.ts';
import type { EntryStore } from '../../../src/sweep/ports.ts';
import { anEntry } from '../store/sample-log.ts';

const id = connectionId('c');

/** An overlay over entries of these users, and whom its base was asked about. */
function overlayOver(...names: readonly string[]) {
  const asked: string[][] = [];
  const readEntries: EntryStore['readEntries'] = async (_, keys) => {
    asked.push(keys.map(({ userId }) => userId));
    const found = keys.filter(({ userId }) => names.includes(userId)).map(({ userId }) => anEntry(userId));
    return new Map(found.map((entry) => [entry.userId, entry]));
  };
  const base = { readEntries } as unknown as EntryStore;
  return { store: overlayEntries(base), asked };
}

describe('readEntries of an overlay', () => {
  it('asks the base only about users of whom it says nothing itself', async () => {
    const { store, asked } = overlayOver('a', 'b');
    await store.writeEntries(id, [anEntry('a', { revision: 2 })]);
    asked.length = 0;

    const read = await store.readEntries(id, [anEntry('a'), anEntry('b')]);

    expect([...read.values()].map(({ userId, revision }) => `${userId} ${revision}`)).toStrictEqual(['b 1', 'a 2']);
    expect(asked).toStrictEqual([['b']]);
  });

  it('asks the base nothing where it says it all itself', async () => {
    const { store, asked } = overlayOver();
    await store.writeEntries(id, [anEntry('a')]);
    asked.length = 0;

    await store.readEntries(id, [anEntry('a')]);

    expect(asked).toStrictEqual([]);
  });
});

describe('rewriteEntry of an overlay', () => {
  it('names the entry and the revision that is not there', async () => {
    const { store } = overlayOver('a');
    const entry = anEntry('a', { revision: 3 });
    const item = `${entry.keyHash}#a`;

    await expect(store.rewriteEntry(id, entry)).rejects.toMatchObject({
      code: 'store.conflict',
      message: `c: entry ${item} is not at revision 3`,
      context: { item },
    });
  });
});
