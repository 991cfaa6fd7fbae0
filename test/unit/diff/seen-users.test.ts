import { describe, expect, it } from 'vitest';
import { fromHex, sharedKeyDigest } from '../../../src/diff/digest.ts';
import { createDigestIndex } from '../../../src/diff/digest-index.ts';
import { createSeenUsers } from '../../../src/diff/seen-users.ts';
import { userId } from '../../../src/model/ids.ts';
import { aDigester } from '../../support/builders.ts';

const a = '000000000000000a';
const b = '000000000000000b';
const s = '000000000000000c';
const newcomer = '000000000000000d';
const digest = '1'.repeat(16);

/** Users A and B, and two who share the key hash S. */
const index = createDigestIndex([fromHex(a + digest + b + digest + s + sharedKeyDigest)], 0);

function aWalk() {
  return createSeenUsers(index, aDigester);
}

describe(createSeenUsers, () => {
  it('finds everybody unseen before the first page, except those who share a key hash', () => {
    const seen = aWalk();

    expect([...seen.unseen()]).toStrictEqual([{ keyHash: a }, { keyHash: b }]);
    expect([...seen.sharedKeyHashes()]).toStrictEqual([s]);
    expect({ distinct: seen.distinct, duplicates: seen.duplicates }).toStrictEqual({ distinct: 0, duplicates: 0 });
  });

  it('tells known users from new ones and from those who share', () => {
    const seen = aWalk();

    expect(seen.note(userId('b'), fromHex(b))).toStrictEqual({ pair: 'present', isRepeat: false });
    expect(seen.note(userId('s1'), fromHex(s))).toStrictEqual({ pair: 'shared', isRepeat: false });
    expect(seen.note(userId('n'), fromHex(newcomer))).toStrictEqual({ pair: 'none', isRepeat: false });
    expect([...seen.unseen()]).toStrictEqual([{ keyHash: a }]);
  });

  it('counts whoever is shown again as a duplicate, known, new or shared', () => {
    const seen = aWalk();

    for (const [id, keyHash] of [
      ['a', a],
      ['n', newcomer],
      ['s1', s],
    ] as const)
      for (let times = 0; times < 3; times += 1) seen.note(userId(id), fromHex(keyHash));

    expect({ distinct: seen.distinct, duplicates: seen.duplicates }).toStrictEqual({ distinct: 3, duplicates: 6 });
  });

  it('tells two new users apart who share a key hash', () => {
    const seen = aWalk();

    expect(seen.note(userId('n1'), fromHex(newcomer))).toStrictEqual({ pair: 'none', isRepeat: false });
    expect(seen.note(userId('n2'), fromHex(newcomer))).toStrictEqual({ pair: 'present', isRepeat: false });
    expect(seen.note(userId('n1'), fromHex(newcomer))).toStrictEqual({ pair: 'none', isRepeat: true });
    expect(seen.note(userId('n2'), fromHex(newcomer))).toStrictEqual({ pair: 'present', isRepeat: true });
    expect({ distinct: seen.distinct, duplicates: seen.duplicates }).toStrictEqual({ distinct: 2, duplicates: 2 });
  });

  it('remembers who of those who share a key hash was shown', () => {
    const seen = aWalk();

    seen.note(userId('s2'), fromHex(s));

    expect([seen.saw(userId('s1')), seen.saw(userId('s2'))]).toStrictEqual([false, true]);
    expect({ distinct: seen.distinct, duplicates: seen.duplicates }).toStrictEqual({ distinct: 1, duplicates: 0 });
  });

  // Nothing in the index tells the two apart: the pair is marked as shared when the new one is committed, and from the
  // next sweep on both are counted.
  it('counts somebody new under the key hash of a known user as that user', () => {
    const seen = aWalk();

    expect(seen.note(userId('a'), fromHex(a))).toStrictEqual({ pair: 'present', isRepeat: false });
    expect(seen.note(userId('new'), fromHex(a))).toStrictEqual({ pair: 'present', isRepeat: true });
    expect({ distinct: seen.distinct, duplicates: seen.duplicates }).toStrictEqual({ distinct: 1, duplicates: 1 });
    expect([...seen.unseen()]).toStrictEqual([{ keyHash: b }]);
  });

  it('counts how many of those it was shown are known, by their own pair or by a shared one', () => {
    const seen = aWalk();

    for (const [id, keyHash] of [
      ['a', a],
      ['a', a],
      ['s1', s],
      ['n1', newcomer],
      ['n2', newcomer],
    ] as const)
      seen.note(userId(id), fromHex(keyHash));

    expect({ distinct: seen.distinct, knownSeen: seen.knownSeen }).toStrictEqual({ distinct: 4, knownSeen: 2 });
    expect(seen.unseenCount).toBe(1);
  });

  it.each([
    ['known', a],
    ['new', newcomer],
    ['sharing a key hash', s],
  ])('counts an excluded user who is %s once, and leaves him unseen', (_, keyHash) => {
    const seen = aWalk();

    for (let times = 0; times < 2; times += 1) seen.noteExcluded(userId('x'), fromHex(keyHash));

    expect([seen.excluded, seen.distinct, seen.duplicates, seen.knownSeen]).toStrictEqual([1, 0, 0, 0]);
    expect([...seen.unseen()]).toStrictEqual([{ keyHash: a }, { keyHash: b }]);
    expect(seen.saw(userId('x'))).toBe(false);
  });

  it.each([
    ['known', a],
    ['new', newcomer],
    ['sharing a key hash', s],
  ])('tells that somebody %s was shown before as an excluded one, and counts him as new all the same', (_, keyHash) => {
    const seen = aWalk();
    seen.noteExcluded(userId('x'), fromHex(keyHash));

    const notes = [seen.note(userId('x'), fromHex(keyHash)), seen.note(userId('x'), fromHex(keyHash))];

    expect(notes.map(({ isRepeat }) => isRepeat)).toStrictEqual([true, true]);
    expect([seen.excluded, seen.distinct, seen.duplicates]).toStrictEqual([1, 1, 1]);
  });

  it('takes no key hash for an excluded newcomer: another one under it is the first', () => {
    const seen = aWalk();
    seen.noteExcluded(userId('x'), fromHex(newcomer));

    const note = seen.note(userId('y'), fromHex(newcomer));

    expect(note).toStrictEqual({ pair: 'none', isRepeat: false });
  });

  it('tells of a known user by his slot what it tells of him by his key hash', () => {
    const seen = createSeenUsers(index, aDigester);

    seen.noteExcluded(userId('b'), fromHex(b));

    expect([seen.noteKnown(0), seen.noteKnown(0), seen.noteKnown(1)]).toStrictEqual([false, true, true]);
    expect(seen.note(userId('a'), fromHex(a))).toStrictEqual({ pair: 'present', isRepeat: true });
    expect([seen.distinct, seen.duplicates, seen.knownSeen]).toStrictEqual([2, 2, 2]);
  });

  it('remembers which of the unseen were excluded, by slot or by who they are', () => {
    const seen = aWalk();
    seen.noteExcluded(userId('b'), fromHex(b));
    seen.noteExcluded(userId('s1'), fromHex(s));
    seen.noteExcluded(userId('undefined'), fromHex(s));

    const users = [
      { keyHash: a },
      { keyHash: b },
      { keyHash: s, userId: userId('s1') },
      { keyHash: s, userId: userId('s2') },
      { keyHash: s },
      { keyHash: newcomer },
    ];
    expect(users.map((user) => seen.wasExcluded(user))).toStrictEqual([false, true, true, false, false, false]);
  });

  it('goes on from where it was saved, and leaves what was saved as it was', () => {
    const first = aWalk();
    first.note(userId('a'), fromHex(a));
    first.note(userId('n1'), fromHex(newcomer));
    first.note(userId('n2'), fromHex(newcomer));
    const saved = first.save();

    for (let times = 0; times < 2; times += 1) {
      const seen = createSeenUsers(index, aDigester, saved);
      const notes = [seen.note(userId('n1'), fromHex(newcomer)), seen.note(userId('n2'), fromHex(newcomer))];
      seen.note(userId('b'), fromHex(b));

      expect(notes.map(({ pair, isRepeat }) => [pair, isRepeat])).toStrictEqual([
        ['none', true],
        ['present', true],
      ]);
      expect([seen.distinct, seen.duplicates, seen.knownSeen, seen.unseenCount]).toStrictEqual([4, 2, 2, 0]);
    }
  });

  it('leaves what was saved as it was where it excludes somebody later', () => {
    const saved = aWalk().save();
    createSeenUsers(index, aDigester, saved).noteExcluded(userId('b'), fromHex(b));

    expect(createSeenUsers(index, aDigester, saved).wasExcluded({ keyHash: b })).toBe(false);
  });

  it('refuses what was saved over an index of another size', () => {
    const saved = createSeenUsers(createDigestIndex([fromHex(a + digest)], 0), aDigester).save();

    expect(() => createSeenUsers(index, aDigester, saved)).toThrow(
      new TypeError('the saved walk is over an index of 1 pairs, expected 3'),
    );
  });

  it.each([
    ['of another version', (saved: Uint8Array) => saved.fill(9, 0, 1)],
    ['cut short', (saved: Uint8Array) => saved.subarray(0, -1)],
    ['with something behind it', (saved: Uint8Array) => Buffer.concat([saved, new Uint8Array(1)])],
    ['empty', () => new Uint8Array()],
  ])('refuses what was saved when it is %s', (_, spoil) => {
    expect(() => createSeenUsers(index, aDigester, spoil(aWalk().save()))).toThrow(TypeError);
  });
});
