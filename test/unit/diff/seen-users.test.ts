import { describe, expect, it } from 'vitest';
import { fromHex, sharedKeyDigest } from '../../../src/diff/digest.ts';
import { createDigestIndex } from '../../../src/diff/digest-index.ts';
import { createSeenUsers } from '../../../src/diff/seen-users.ts';
import { userId } from '../../../src/model/ids.ts';

const a = '000000000000000a';
const b = '000000000000000b';
const s = '000000000000000c';
const newcomer = '000000000000000d';
const digest = '1'.repeat(16);

/** Users A and B, and two who share the key hash S. */
function aWalk() {
  return createSeenUsers(createDigestIndex([fromHex(a + digest + b + digest + s + sharedKeyDigest)], 0));
}

describe(createSeenUsers, () => {
  it('finds everybody unseen before the first page, except those who share a key hash', () => {
    const seen = aWalk();

    expect(seen.unseen()).toStrictEqual([{ keyHash: a }, { keyHash: b }]);
    expect(seen.sharedKeyHashes()).toStrictEqual([s]);
    expect({ distinct: seen.distinct, duplicates: seen.duplicates }).toStrictEqual({ distinct: 0, duplicates: 0 });
  });

  it('tells known users from new ones and from those who share', () => {
    const seen = aWalk();

    expect(seen.note(userId('b'), fromHex(b))).toStrictEqual({ slot: 1, pair: 'present' });
    expect(seen.note(userId('s1'), fromHex(s))).toStrictEqual({ slot: 2, pair: 'shared' });
    expect(seen.note(userId('n'), fromHex(newcomer))).toStrictEqual({ slot: -1, pair: 'none' });
    expect(seen.unseen()).toStrictEqual([{ keyHash: a }]);
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

    expect(seen.note(userId('n1'), fromHex(newcomer))).toStrictEqual({ slot: -1, pair: 'none' });
    expect(seen.note(userId('n2'), fromHex(newcomer))).toStrictEqual({ slot: -1, pair: 'present' });
    expect(seen.note(userId('n1'), fromHex(newcomer))).toStrictEqual({ slot: -1, pair: 'none' });
    expect(seen.note(userId('n2'), fromHex(newcomer))).toStrictEqual({ slot: -1, pair: 'present' });
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

    expect(seen.note(userId('a'), fromHex(a))).toStrictEqual({ slot: 0, pair: 'present' });
    expect(seen.note(userId('new'), fromHex(a))).toStrictEqual({ slot: 0, pair: 'present' });
    expect({ distinct: seen.distinct, duplicates: seen.duplicates }).toStrictEqual({ distinct: 1, duplicates: 1 });
    expect(seen.unseen()).toStrictEqual([{ keyHash: b }]);
  });
});
