import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectionId } from '../../../src/model/ids.ts';
import { createOverlayValues } from '../../../src/sweep/overlay-values.ts';
import { all } from '../store/sample-log.ts';

type Sample = { readonly key: number; readonly from: string };

const id = connectionId('connection');
const keyOf = ({ key }: Sample) => key;

/** An overlay with some keys set and some removed. */
function overlayOf(set: readonly number[], removed: readonly number[] = []) {
  const values = createOverlayValues<number, Sample>();
  for (const key of set) values.set(id, key, { key, from: 'overlay' });
  for (const key of removed) values.remove(id, key);
  return values;
}

const keys = fc.uniqueArray(fc.nat({ max: 12 }));

describe('merge', () => {
  it.each(['rising', 'falling'] as const)(
    'yields each key once in %s order, the overlay before the base',
    async (order) => {
      await fc.assert(
        fc.asyncProperty(keys, keys, keys, async (inBase, set, removed) => {
          const direction = order === 'rising' ? 1 : -1;
          const sorted = (wanted: readonly number[]) => [...wanted].sort((a, b) => (a - b) * direction);
          const base = sorted(inBase).map((key): Sample => ({ key, from: 'base' }));

          const merged = await all(overlayOf(set, removed).merge(id, base, { keyOf, order }));

          const own = set.filter((key) => !removed.includes(key));
          const untouched = inBase.filter((key) => !set.includes(key) && !removed.includes(key));
          expect(merged).toStrictEqual(
            sorted([...own, ...untouched]).map((key) => ({ key, from: own.includes(key) ? 'overlay' : 'base' })),
          );
        }),
      );
    },
  );

  it('yields a value again that was set after it was removed', async () => {
    const values = overlayOf([], [1]);

    values.set(id, 1, { key: 1, from: 'overlay' });

    expect(await all(values.merge(id, [{ key: 1, from: 'base' }], { keyOf }))).toStrictEqual([
      { key: 1, from: 'overlay' },
    ]);
  });

  it('hides a value of the base whose key was not asked for but is its own', async () => {
    const isAskedFor = (key: number) => key > 1;

    const merged = await all(overlayOf([1, 2]).merge(id, [{ key: 1, from: 'base' }], { keyOf, isAskedFor }));

    expect(merged).toStrictEqual([{ key: 2, from: 'overlay' }]);
  });
});

describe('read', () => {
  it('asks the base only about keys that it says nothing of itself', async () => {
    const values = overlayOf([1], [2]);
    const asked: number[] = [];
    const read = (key: number) =>
      values.read(id, key, async () => {
        asked.push(key);
        return { key, from: 'base' };
      });

    const found = [await read(1), await read(2), await read(3)];

    expect(found).toStrictEqual([{ key: 1, from: 'overlay' }, undefined, { key: 3, from: 'base' }]);
    expect(asked).toStrictEqual([3]);
  });

  it('says nothing of another connection', async () => {
    const values = overlayOf([1], [2]);

    const read = [1, 2].map((key) => values.read(connectionId('other'), key, async () => ({ key, from: 'base' })));

    expect(await Promise.all(read)).toStrictEqual([
      { key: 1, from: 'base' },
      { key: 2, from: 'base' },
    ]);
  });
});
