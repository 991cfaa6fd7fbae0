import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../src/diff/digest.ts';
import { createDigestIndex } from '../../../src/diff/digest-index.ts';
import { userId } from '../../../src/model/ids.ts';
import { anEntry, anObservedUser, at, aUser, keyHashOf } from '../../support/builders.ts';
import { ada, aPage, compare, isBlocked, named } from './comparing.ts';

describe('the rows of a user', () => {
  it('count once, the last of them', async () => {
    const { comparison, staged } = await compare(
      {},
      aPage([named('1', 'A'), named('2', 'B'), named('1', 'C')]),
      aPage([named('2', 'D')]),
    );

    expect(staged).toStrictEqual(['created 1 C', 'created 2 D']);
    expect(comparison.seen).toMatchObject({ distinct: 2, duplicates: 2, excluded: 0 });
  });

  it('change nothing where the last one shows him as he is known', async () => {
    const changed = named('1', 'Eve');
    const same = aUser({ id: '1', displayName: 'Ada' });

    expect((await compare({ known: [ada] }, aPage([changed, same]))).staged).toStrictEqual([]);
    expect((await compare({ known: [ada] }, aPage([changed]), aPage([same]))).staged).toStrictEqual([]);
    expect((await compare({ known: [ada] }, aPage([same]), aPage([changed]))).staged).toStrictEqual(['updated 1 Eve']);
  });

  it.each([
    ['before', [aPage([], { rejected: [{ id: userId('1'), reason: 'x' } as never] }), aPage([named('1', 'A')])]],
    ['after', [aPage([named('1', 'A')]), aPage([], { rejected: [{ id: userId('1'), reason: 'x' } as never] })]],
    ['beside', [aPage([named('1', 'A')], { rejected: [{ id: userId('1'), reason: 'x' } as never] })]],
  ])('prove nothing %s one that cannot be read', async (_, pages) => {
    const { comparison, staged } = await compare({}, ...pages, aPage([named('2', 'B')]));

    expect(staged).toStrictEqual(['created 2 B']);
    expect(comparison.rejectedWithId).toBe(1);
    expect([isBlocked(comparison, '1'), isBlocked(comparison, '2')]).toStrictEqual([true, false]);
    expect(comparison.seen.distinct).toBe(2);
  });

  it('that cannot be read count once a user', async () => {
    const rejected = [{ id: userId('1') }, { id: userId('1') }, {}, {}, {}] as never;

    const { comparison } = await compare({}, aPage([], { rejected }));

    expect(comparison.rejectedWithId).toBe(1);
    expect(comparison.counts).toStrictEqual({ rejectedWithoutId: 3, withoutStatus: 0 });
    expect(comparison.seen).toMatchObject({ distinct: 1, duplicates: 0 });
  });

  it('are counted where they have no status, once a user, and name somebody who is listed', async () => {
    const rows = [
      named('1', 'A'),
      anObservedUser({ id: '2' }),
      anObservedUser({ id: '2' }),
      anObservedUser({ id: '3' }),
    ];

    const { comparison } = await compare({}, aPage(rows));

    expect(comparison.counts).toStrictEqual({ rejectedWithoutId: 0, withoutStatus: 2, listedUser: '1' });
  });

  it('that are excluded are no users of the list', async () => {
    const { comparison } = await compare(
      { known: [ada] },
      aPage([named('2', 'B')], { excluded: [userId('1'), userId('3')] }),
    );

    expect(comparison.seen).toMatchObject({ distinct: 1, excluded: 2 });
    expect(comparison.seen.wasExcluded({ keyHash: keyHashOf('1') })).toBe(true);
  });
});

describe('what a row is compared with', () => {
  it('is the entry of whoever is known and has changed, and of nobody else', async () => {
    const same = aUser({ id: '3', displayName: 'Bob' });
    const known = [ada, anEntry({ user: same })];

    const { read, learnt, staged } = await compare({ known }, aPage([named('1', 'Eve'), named('2', 'B'), same]));

    expect(read).toStrictEqual(['acme 1 true']);
    expect(learnt).toStrictEqual(['1']);
    expect(staged).toStrictEqual(['updated 1 Eve', 'created 2 B']);
  });

  it('is the tombstone of a newcomer where there are any', async () => {
    const gone = { ...ada, presence: 'gone', revision: 4 } as const;

    const { read, comparison } = await compare({ known: [gone] }, aPage([named('1', 'A'), named('2', 'B')]));

    expect(read).toStrictEqual(['acme 1 true', 'acme 2 true']);
    for await (const rows of comparison.staging.read())
      expect(rows.map(({ transition }) => transition.entry.revision)).toStrictEqual([5, 1]);
  });

  it('names when he was seen before, and when the page came', async () => {
    const lastSeenAt = (keyHash: string) => (keyHash === keyHashOf('1') ? at(3) : undefined);

    const { comparison } = await compare({ lastSeenAt }, aPage([named('1', 'A'), named('2', 'B')]));

    for await (const rows of comparison.staging.read())
      expect(rows.map(({ transition }) => transition.change?.window)).toStrictEqual([
        { notBefore: at(3), notAfter: at(5) },
        { notAfter: at(5) },
      ]);
  });

  it('is masked as the connection wants it, on both sides', async () => {
    const { comparison } = await compare(
      { known: [ada], protection: { hash: ['displayName'] } },
      aPage([{ ...named('1', 'Ada'), title: 'Dr' }, named('2', 'Bob')]),
    );

    for await (const rows of comparison.staging.read()) {
      const seen = rows.map(({ transition: { entry, change } }) => [
        entry.user.displayName,
        change?.diff?.changedFields,
      ]);
      expect(seen).toStrictEqual([
        [expect.stringMatching(/^hashed:/), ['title']],
        [expect.stringMatching(/^hashed:/), []],
      ]);
    }
  });

  it('is lost where the index has somebody of whom only others that are gone have left entries', async () => {
    const gone = anEntry({ user: aUser({ id: '9' }), keyHash: keyHashOf('2'), presence: 'gone' });
    const index = createDigestIndex([fromHex(keyHashOf('2') + gone.digest)], 0);

    await expect(compare({ known: [gone], index }, aPage([named('2', 'B')]))).rejects.toMatchObject({
      code: 'sweep.entries_lost',
      message:
        'acme: entries are lost of users whom the index knows, so nobody can say what has changed: ucf rebuild acme',
      context: { connectionId: 'acme' },
    });
  });

  it.each([
    {
      name: 'tells everybody anew',
      policy: { purpose: 'baseline', baseline: 'emit', sameDirectory: false },
      staged: ['created 1 Ada'],
    },
    {
      name: 'tells nobody in silence',
      policy: { purpose: 'baseline', baseline: 'silent', sameDirectory: false },
      staged: [],
    },
    {
      name: 'tells nobody of the same directory',
      policy: { purpose: 'baseline', baseline: 'emit', sameDirectory: true },
      staged: [],
    },
    {
      name: 'tells nobody after the baseline',
      policy: { purpose: 'rescope', baseline: 'emit', sameDirectory: false },
      staged: [],
    },
  ] as const)('$name who looks as somebody known before', async ({ policy, staged }) => {
    const same = aUser({ id: '1', displayName: 'Ada' });

    expect((await compare({ known: [ada], policy }, aPage([same]))).staged).toStrictEqual(staged);
  });
});
