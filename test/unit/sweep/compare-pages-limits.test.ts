import { describe, expect, it } from 'vitest';
import { maxBatchBytes } from '../../../src/diff/batch-bounds.ts';
import { userId } from '../../../src/model/ids.ts';
import { createPageComparison, maxUserBytes, maxUserIdBytes } from '../../../src/sweep/compare-pages.ts';
import { anEntry, anObservedUser, aUser } from '../../support/builders.ts';
import { stagingOf } from './a-sweep.ts';
import { ada, aPage, compare, comparing, isBlocked, named, stagedBy } from './comparing.ts';

describe('a user who is too large', () => {
  /** A newcomer whose JSON has so many bytes. */
  const sized = (bytes: number) => {
    const empty = Buffer.byteLength(JSON.stringify(named('1', '')));
    return named('1', 'ü'.repeat(10) + 'x'.repeat(bytes - empty - 20));
  };
  const withIdOf = (bytes: number) => named(`ü${'x'.repeat(bytes - 2)}`, 'A');

  it.each([
    ['no larger than may be', sized(maxUserBytes), 1],
    ['larger by a byte', sized(maxUserBytes + 1), 0],
    ['with an id as long as may be', withIdOf(maxUserIdBytes), 1],
    ['with an id longer by a byte', withIdOf(maxUserIdBytes + 1), 0],
  ])('is one that counts as a row that cannot be read: %s', async (_, user, staged) => {
    const { comparison, staged: rows } = await compare({}, aPage([user, named('2', 'B')]));

    expect(rows).toHaveLength(staged + 1);
    expect(comparison.rejectedWithId).toBe(1 - staged);
    expect(isBlocked(comparison, user.id)).toBe(staged === 0);
    expect(comparison.seen.distinct).toBe(2);
  });

  it('voids what an earlier row of his has said', async () => {
    const large = sized(maxUserBytes + 1);

    expect((await compare({}, aPage([named('1', 'A')]), aPage([large]))).staged).toStrictEqual([]);
    expect((await compare({}, aPage([named('1', 'A'), large, named('1', 'B')]))).staged).toStrictEqual([]);
  });

  it('is one whose change fills more than a batch, with all that is kept of him', async () => {
    /** Everything known of him changes but his address, which is not on the list any more. */
    const changeOf = async (bytes: number) => {
      const before = aUser({ id: '1', displayName: 'a'.repeat(bytes), emails: [{ value: 'b'.repeat(100_000) }] });
      return compare({ known: [anEntry({ user: before })] }, aPage([named('1', 'c'.repeat(100_000))]));
    };
    const bytesOf = async (known: number) => {
      const { comparison } = await changeOf(known);
      for await (const [row] of comparison.staging.read()) return Buffer.byteLength(JSON.stringify(row?.transition));
      return 0;
    };
    const most = maxBatchBytes - (await bytesOf(1)) + 1;

    expect(await bytesOf(most)).toBe(maxBatchBytes);
    const { comparison, staged } = await changeOf(most + 1);
    expect(staged).toStrictEqual([]);
    expect(comparison.rejectedWithId).toBe(1);
    expect(isBlocked(comparison, '1')).toBe(true);
  });
});

describe('a comparison that was saved', () => {
  it('goes on as if it had not stopped', async () => {
    const { comparison, ports } = comparing({ known: [ada] });
    const rejected = [{ id: userId('9') }, {}] as never;
    await comparison.add(
      aPage([aUser({ id: '1' }), anObservedUser({ id: '2' })], { rejected, excluded: [userId('3')] }),
    );
    comparison.cursors.add(new Uint8Array(16).fill(7));

    const next = createPageComparison(ports, comparison.save());

    expect(next.counts).toStrictEqual({ rejectedWithoutId: 1, withoutStatus: 1, listedUser: '1' });
    expect(next.rejectedWithId).toBe(1);
    expect([isBlocked(next, '9'), isBlocked(next, '2')]).toStrictEqual([true, false]);
    expect(next.seen).toMatchObject({ distinct: 3, excluded: 1, knownSeen: 1 });
    expect(next.cursors.has(new Uint8Array(16).fill(7))).toBe(true);
    await next.add(aPage([anObservedUser({ id: '2' }), named('9', 'I')]));
    expect(next.seen.duplicates).toBe(1);
    expect((await stagedBy(next)).some((row) => row.includes('9'))).toBe(false);
  });

  it('is told from one of another layout', () => {
    const { ports } = comparing();

    expect(() => createPageComparison(ports, Uint8Array.of(2))).toThrow(
      'a saved comparison is of layout version 2, expected 1',
    );
  });

  it('may write away what is staged after every page', async () => {
    const pages: number[] = [];
    const staging = { ...stagingOf([]), relieve: async () => void pages.push(1) };

    await compare({ staging }, aPage([named('1', 'A')]), aPage([]));

    expect(pages).toHaveLength(2);
  });
});
