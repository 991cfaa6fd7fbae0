import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, sharedKeyDigest } from '../../src/diff/digest.ts';
import { createDigestIndex } from '../../src/diff/digest-index.ts';
import { foldShard } from '../../src/diff/index-shard.ts';
import { createSeenUsers, type SeenUsers } from '../../src/diff/seen-users.ts';
import { userId } from '../../src/model/ids.ts';
import { aDigester } from '../support/builders.ts';

/** A user of the test: his number, and the number of his key hash. */
type Person = { readonly id: string; readonly keyHash: string };

/** Shown where there is nobody else. */
const somebody: Person = { id: 'somebody', keyHash: 'ff'.repeat(8) };

const keyHashOf = (number: number) => number.toString(16).padStart(16, '0');
/** Known users have key hashes 0 to 5, some of them shared; new ones 4 to 9. */
const known = fc.uniqueArray(fc.tuple(fc.nat(9), fc.nat(5)), { selector: ([id]) => id });
const fresh = fc.uniqueArray(fc.tuple(fc.nat(9), fc.integer({ min: 4, max: 9 })), { selector: ([id]) => id });
/** Whom the list shows next, whether the connection is about him, and whether the walk is interrupted before. */
const steps = fc.array(
  fc.record({
    pick: fc.nat(),
    isExcluded: fc.constantFrom(false, false, true),
    isResumed: fc.constantFrom(false, false, true),
  }),
  { maxLength: 30 },
);

function people(prefix: string, pairs: readonly (readonly [number, number])[]): readonly Person[] {
  return pairs.map(([id, number]) => ({ id: `${prefix}${id}`, keyHash: keyHashOf(number) }));
}

/** Somebody new under the key hash of a single known user cannot be told from him: see the unit test. */
function newcomersTo(before: readonly Person[], pairs: readonly (readonly [number, number])[]): readonly Person[] {
  return people('new', pairs).filter(({ keyHash }) => countBy(before, keyHash) !== 1);
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

/** The same walk as lists of names would remember it. */
function createModel(before: readonly Person[]) {
  const firstOf = new Map<string, string>();
  const seen = new Map<string, Person>();
  const excluded = new Set<string>();
  let notes = 0;
  const shared = before.filter(({ keyHash }) => countBy(before, keyHash) > 1);
  const single = before.filter((person) => !shared.includes(person));
  return {
    note(person: Person) {
      const { id, keyHash } = person;
      const isRepeat = seen.has(id) || excluded.has(id);
      notes += 1;
      if (!firstOf.has(keyHash)) firstOf.set(keyHash, id);
      seen.set(id, person);
      return { pair: expectedPair(countBy(before, keyHash), firstOf.get(keyHash) === id), isRepeat };
    },
    exclude: ({ id }: Person) => void excluded.add(id),
    answers: () => ({
      distinct: seen.size,
      duplicates: notes - seen.size,
      excluded: excluded.size,
      knownSeen: [...seen.values()].filter(({ keyHash }) => countBy(before, keyHash) > 0).length,
      unseen: single
        .filter(({ id }) => !seen.has(id))
        .map(({ id, keyHash }) => ({ keyHash, wasExcluded: excluded.has(id) }))
        .sort((one, other) => (one.keyHash < other.keyHash ? -1 : 1)),
      shared: [...new Set(shared.map(({ keyHash }) => keyHash))].sort(),
      sharers: shared.map(({ id }) => ({ id, wasSeen: seen.has(id), wasExcluded: excluded.has(id) })),
    }),
  };
}

type Model = ReturnType<typeof createModel>;

function excludeBoth(seen: SeenUsers, model: Model, person: Person): void {
  seen.noteExcluded(userId(person.id), fromHex(person.keyHash));
  model.exclude(person);
}

function noteBoth(seen: SeenUsers, model: Model, person: Person): void {
  const note = seen.note(userId(person.id), fromHex(person.keyHash));
  expect(note).toStrictEqual(model.note(person));
}

function answersOf(seen: SeenUsers, before: readonly Person[]) {
  const unseen = [...seen.unseen()];
  const shared = [...seen.sharedKeyHashes()];
  expect(seen.unseenCount).toBe(unseen.length);
  return {
    distinct: seen.distinct,
    duplicates: seen.duplicates,
    excluded: seen.excluded,
    knownSeen: seen.knownSeen,
    unseen: unseen.map((user) => ({ ...user, wasExcluded: seen.wasExcluded(user) })),
    shared,
    sharers: before
      .filter(({ keyHash }) => shared.includes(keyHash))
      .map(({ id, keyHash }) => ({
        id,
        wasSeen: seen.saw(userId(id)),
        wasExcluded: seen.wasExcluded({ keyHash, userId: userId(id) }),
      })),
  };
}

describe(createSeenUsers, () => {
  it('counts, tells apart and finds unseen as lists of names would, wherever it is saved and restored', () => {
    fc.assert(
      fc.property(known, fresh, steps, (knownPairs, freshPairs, walk) => {
        const before = people('known', knownPairs);
        const everybody = [...before, ...newcomersTo(before, freshPairs)];
        const index = indexOf(before);
        const model = createModel(before);
        let seen = createSeenUsers(index, aDigester);

        for (const { pick, isExcluded, isResumed } of walk) {
          const person = everybody[pick % everybody.length] ?? somebody;
          seen = isResumed ? createSeenUsers(index, aDigester, seen.save()) : seen;
          const show = isExcluded ? excludeBoth : noteBoth;
          show(seen, model, person);
          expect(answersOf(seen, before)).toStrictEqual(model.answers());
        }

        expect(answersOf(createSeenUsers(index, aDigester, seen.save()), before)).toStrictEqual(model.answers());
      }),
      { numRuns: 500 },
    );
  });
});
