import { describe, expect, it } from 'vitest';
import { connectionId } from '../../../src/model/ids.ts';
import { overlayRecords } from '../../../src/sweep/overlay-records.ts';

const id = connectionId('c');
const bytes = () => Uint8Array.of(1, 2);

/** Records over a base that holds these blobs. */
const recordsOver = (...names: readonly string[]) =>
  overlayRecords({
    readBlob: async (_: unknown, name: string) => (names.includes(name) ? bytes() : undefined),
  } as unknown as Parameters<typeof overlayRecords>[0]);

describe('blobs in memory', () => {
  it('are deleted before a name, not at it, wherever they were written', async () => {
    const store = recordsOver('base 1', 'base 2');
    for (const name of ['a 1', 'a 2', 'a 3']) await store.writeBlob(id, name, bytes());

    await store.deleteBlobsBefore(id, 'a 3', ['a 1']);
    await store.deleteBlobsBefore(id, 'base 2', ['a 1', 'a 3']);

    const left = [];
    for (const name of ['a 1', 'a 2', 'a 3', 'base 1', 'base 2'])
      if ((await store.readBlob(id, name)) !== undefined) left.push(name);
    expect(left).toStrictEqual(['a 1', 'a 3', 'base 2']);
  });

  it('can be written again once they are deleted, and are of no concern to another connection', async () => {
    const store = recordsOver('base');
    await store.deleteBlobsBefore(id, 'z', []);

    await store.writeBlob(id, 'base', bytes());

    expect(await store.readBlob(id, 'base')).toStrictEqual(bytes());
    expect(await store.readBlob(connectionId('other'), 'base')).toStrictEqual(bytes());
  });

  it('stay as they were written, whatever becomes of the bytes that were given', async () => {
    const store = recordsOver();
    const given = bytes();
    await store.writeBlob(id, 'a', given);

    given.fill(0);

    expect(await store.readBlob(id, 'a')).toStrictEqual(bytes());
  });
});

describe('meanings in memory', () => {
  it('stay as they were written, whatever becomes of the map that was given', async () => {
    const store = recordsOver();
    const meanings = new Map([['title', '1']]);
    await store.writeProjection(id, 'version', meanings);

    meanings.clear();

    expect(await store.readProjection(id, 'version')).toStrictEqual(new Map([['title', '1']]));
  });
});
