import type { DiffContext } from '../../../src/diff/diff-sweep.ts';
import { fromHex } from '../../../src/diff/digest.ts';
import { createDigestIndex } from '../../../src/diff/digest-index.ts';
import { createProtector } from '../../../src/diff/protect-user.ts';
import type { ObservedUser } from '../../../src/model/canonical-user.ts';
import type { Page } from '../../../src/model/page.ts';
import type { Protection } from '../../../src/model/protection.ts';
import type { SnapshotEntry } from '../../../src/model/snapshot-entry.ts';
import { type ComparePorts, createPageComparison, type PageComparison } from '../../../src/sweep/compare-pages.ts';
import { aContext, anEntry, anObservedUser, at, aUser, keyHashOf } from '../../support/builders.ts';
import { acme, stagingOf } from './a-sweep.ts';

type Given = Partial<ComparePorts> & {
  /** Who is known; with whose digests the index has them. */
  readonly known?: readonly SnapshotEntry[];
  readonly policy?: Partial<DiffContext['policy']>;
  readonly protection?: Partial<Protection>;
};

/** A comparison, whom it has read, and whose meanings it has asked for. */
export function comparing({ known = [], policy, protection, ...ports }: Given = {}) {
  const read: string[] = [];
  const learnt: string[] = [];
  const listed = known.filter(({ presence }) => presence !== 'gone');
  const pairs = listed.map(({ keyHash, digest }) => keyHash + digest).sort();
  const all: ComparePorts = {
    connectionId: acme,
    entries: {
      async readEntries(connection, keys) {
        read.push(...keys.map(({ userId: id, keyHash }) => `${connection} ${id} ${keyHash === keyHashOf(id)}`));
        return new Map(
          known.filter((entry) => keys.some((key) => key.userId === entry.userId)).map((e) => [e.userId, e]),
        );
      },
      async readEntriesByKeyHash(connection, keyHash) {
        read.push(`${connection} under ${keyHash}`);
        return known.filter((entry) => entry.keyHash === keyHash);
      },
    },
    index: createDigestIndex([fromHex(pairs.join(''))], 0),
    context: aContext(policy && { policy }),
    meanings: { learn: async (entries) => void learnt.push(...entries.map((e) => e.userId)), of: () => undefined },
    protector: createProtector({ redact: [], hash: [], ...protection }, 'a key for tests only'),
    staging: stagingOf([]),
    hasTombstones: known.length > listed.length,
    lastSeenAt: () => undefined,
    ...ports,
  };
  return { comparison: createPageComparison(all), ports: all, read, learnt };
}

export const aPage = (users: readonly ObservedUser[], given: Partial<Page> = {}): Page => ({
  users,
  rejected: [],
  next: null,
  evidence: {},
  observedAt: at(5),
  ...given,
});

/** Whom the comparison has staged, and as what. */
export async function stagedBy({ staging }: PageComparison): Promise<readonly string[]> {
  const rows: string[] = [];
  for await (const part of staging.read())
    for (const { transition } of part) {
      const { change, entry } = transition;
      rows.push(`${change?.type ?? 'silent'} ${entry.userId} ${entry.user.displayName ?? ''}`.trim());
    }
  return rows;
}

export async function compare(given: Given, ...pages: readonly Page[]) {
  const { comparison, read, learnt } = comparing(given);
  for (const page of pages) await comparison.add(page);
  return { comparison, read, learnt, staged: await stagedBy(comparison) };
}

export const named = (id: string, displayName: string) =>
  anObservedUser({ id, displayName, status: 'active', rawStatus: 'enabled' });
export const isBlocked = ({ isBlocked: ask }: PageComparison, id: string) => ask(fromHex(keyHashOf(id)));
export const ada = anEntry({ user: aUser({ id: '1', displayName: 'Ada' }) });
