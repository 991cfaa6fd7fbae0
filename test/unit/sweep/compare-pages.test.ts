import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../src/diff/digest.ts';
import { createDigestIndex } from '../../../src/diff/digest-index.ts';
import { createProtector } from '../../../src/diff/protect-user.ts';
import type { StagedTransition } from '../../../src/diff/staged-transition.ts';
import { connectionId } from '../../../src/model/ids.ts';
import type { SnapshotEntry } from '../../../src/model/snapshot-entry.ts';
import { createPageComparison } from '../../../src/sweep/compare-pages.ts';
import {
  aContext,
  anEntry,
  anObservedUser,
  at,
  collidingDigester,
  digestOf,
  keyHashOf,
} from '../../support/builders.ts';

const known = { digester: collidingDigester };
const one = anObservedUser({ id: '1' });
const two = anObservedUser({ id: '2' });
/** The index with user 1 alone. */
const ofOne = fromHex(keyHashOf('1', collidingDigester) + digestOf(one));

/** What a page with these users stages, where the table has these entries. */
async function stagedFor(
  users: readonly (typeof one)[],
  entries: readonly SnapshotEntry[],
  index: Uint8Array = new Uint8Array(),
) {
  const staged: StagedTransition[] = [];
  const comparison = createPageComparison({
    connectionId: connectionId('acme'),
    entries: {
      readEntries: async (_, keys) =>
        new Map(entries.filter(({ userId }) => keys.some((key) => key.userId === userId)).map((e) => [e.userId, e])),
      readEntriesByKeyHash: async () => [...entries],
    },
    index: createDigestIndex([index], 0),
    context: aContext(known),
    meanings: { learn: async () => undefined, of: () => undefined },
    protector: createProtector({ redact: [], hash: [] }, 'a key for tests only'),
    staging: { add: (transition: StagedTransition) => staged.push(transition), drop() {}, async relieve() {} } as never,
    hasTombstones: false,
    lastSeenAt: () => undefined,
  });
  await comparison.add({ users, rejected: [], next: null, evidence: {}, observedAt: at(1) } as never);
  return staged.map(({ entry, pair, change }) => [entry.userId, pair, change?.type]);
}

describe(createPageComparison, () => {
  it('takes somebody under the key hash of a known user for a newcomer where that one has an entry', async () => {
    expect(await stagedFor([one, two], [anEntry({ ...known, user: one as never })], ofOne)).toStrictEqual([
      ['2', 'shared', 'created'],
    ]);
  });

  it('ends where the index has somebody of whom there is no entry', async () => {
    await expect(stagedFor([two], [], ofOne)).rejects.toMatchObject({ code: 'sweep.entries_lost' });
  });

  it('takes two newcomers with one key hash for what they are, although neither has an entry', async () => {
    expect(await stagedFor([one, two], [])).toStrictEqual([
      ['1', 'digest', 'created'],
      ['2', 'shared', 'created'],
    ]);
  });
});
