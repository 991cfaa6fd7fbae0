import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, sharedKeyDigest } from '../../src/diff/digest.ts';
import { createDigestIndex } from '../../src/diff/digest-index.ts';
import { foldShard } from '../../src/diff/index-shard.ts';
import { createSeenUsers } from '../../src/diff/seen-users.ts';
import { userId } from '../../src/model/ids.ts';

/** A user of the test: his number, and the number of his key hash. */
type Person = { readonly id: string; readonly keyHash: string };

const keyHashOf = (number: number) => number.toString(16).padStart(16, '0');
/** Known users have key hashes 0 to 5, some of them shared; new ones 4 to 9. */
const known = fc.uniqueArray(fc.tuple(fc.nat(9), fc.nat(5)), { selector: ([id]) => id });
const fresh = fc.uniqueArray(fc.tuple(fc.nat(9), fc.integer({ min: 4, max: 9 })), { selector: ([id]) => id });

function people(prefix: string, pairs: readonly (readonly [number, number])[]): readonly Person[] {
  return pairs.map(([id, number]) => ({ id: `${prefix}${id}`, keyHash: keyHashOf(number) }));
}

function countBy(all: readonly Person[], keyHash: string): number {
  return all.filter((person) => person.keyHash === keyHash).length;
}

function indexOf(before: readonly Person[]) {
  const digestOf = (keyHash: string) => (countBy(before, keyHash) > 1 ? sharedKeyDigest : '1'.repeat(16));
  const pairs = before.map(({ keyHash }) => ({ keyHash, digest: digestOf(keyHash) }));
  return createDigestIndex([foldShard(new Uint8Array(), pairs)], 0);
}

/** What the index and the walk so far know of a key hash: how many had it before, and who came first with it. */
function expectedPair(sharers: number, isFirst: boolean): 'none' | 'present' | 'shared' {
  if (sharers > 1) return 'shared';
  return sharers === 1 || !isFirst ? 'present' : 'none';
}

describe(createSeenUsers, () => {
  it('counts, tells apart and finds unseen as lists of names would', () => {
    fc.assert(
      fc.property(known, fresh, fc.array(fc.nat(), { maxLength: 30 }), (knownPairs, freshPairs, picks) => {
        const before = people('known', knownPairs);
        // Somebody new under the key hash of a single known user cannot be told from him: see the unit test.
        const newcomers = people('new', freshPairs).filter(({ keyHash }) => countBy(before, keyHash) !== 1);
        const everybody = [...before, ...newcomers];
        const walk = everybody.length === 0 ? [] : picks.map((pick) => everybody[pick % everybody.length] as Person);
        const seen = createSeenUsers(indexOf(before));
        const firstOf = new Map<string, string>();

        for (const { id, keyHash } of walk) {
          const { pair } = seen.note(userId(id), fromHex(keyHash));

          if (!firstOf.has(keyHash)) firstOf.set(keyHash, id);
          expect(pair).toBe(expectedPair(countBy(before, keyHash), firstOf.get(keyHash) === id));
        }

        const names = new Set(walk.map(({ id }) => id));
        const shared = before.filter(({ keyHash }) => countBy(before, keyHash) > 1);
        const single = before.filter((person) => !shared.includes(person));
        expect(seen.distinct).toBe(names.size);
        expect(seen.duplicates).toBe(walk.length - names.size);
        expect(seen.unseen().map(({ keyHash }) => keyHash)).toStrictEqual(
          single
            .filter(({ id }) => !names.has(id))
            .map(({ keyHash }) => keyHash)
            .sort(),
        );
        expect(seen.sharedKeyHashes()).toStrictEqual([...new Set(shared.map(({ keyHash }) => keyHash))].sort());
        expect(shared.filter(({ id }) => seen.saw(userId(id)))).toStrictEqual(shared.filter(({ id }) => names.has(id)));
      }),
    );
  });
});
