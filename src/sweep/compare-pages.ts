import { type DiffContext, diffSweep, type ObservedSuspect } from '../diff/diff-sweep.ts';
import { toHex } from '../diff/digest.ts';
import type { DigestIndex } from '../diff/digest-index.ts';
import { projectionText } from '../diff/projection.ts';
import { createSeenUsers, type SeenUsers } from '../diff/seen-users.ts';
import type { StagedTransition } from '../diff/staged-transition.ts';
import type { ObservedUser } from '../model/canonical-user.ts';
import type { ConnectionId, UserId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import type { Page } from '../model/page.ts';
import type { EntryStore } from './ports.ts';
import type { Meanings } from './projection-meanings.ts';

/** A user larger than this cannot be kept: his entry and his log batch would outgrow their items. */
export const maxUserBytes = 150_000;

export type ComparePorts = {
  readonly connectionId: ConnectionId;
  readonly entries: EntryStore;
  readonly index: DigestIndex;
  readonly context: DiffContext;
  readonly meanings: Meanings;
  /** Whether the snapshot has tombstones: without any, a user who is not in the index has no entry to read. */
  readonly hasTombstones: boolean;
  /** Start of the last complete sweep that listed the user with this key hash. */
  readonly lastSeenAt: (keyHash: string) => Instant | undefined;
};

/** One walk of a list, compared with the snapshot page by page. */
export type PageComparison = {
  readonly seen: SeenUsers;
  /** At most one a user: where the list shows somebody twice, the later row counts. */
  readonly staged: ReadonlyMap<UserId, StagedTransition>;
  readonly rejectedWithId: number;
  readonly rejectedWithoutId: number;
  add(page: Page): Promise<void>;
};

type Candidate = Omit<ObservedSuspect, 'entry'> & { readonly needsEntry: boolean };

export function createPageComparison(ports: ComparePorts): PageComparison {
  const seen = createSeenUsers(ports.index);
  const staged = new Map<UserId, StagedTransition>();
  const blocked = new Set<UserId>();
  let rejectedWithoutId = 0;

  const block = (userId: UserId) => {
    if (!blocked.has(userId)) seen.note(userId, ports.context.digester.keyHash(userId));
    blocked.add(userId);
    staged.delete(userId);
  };
  const compare = async (candidates: readonly Candidate[]) => {
    const known = candidates.filter(({ needsEntry }) => needsEntry);
    const entries = await ports.entries.readEntries(
      ports.connectionId,
      known.map(({ user, keyHash }) => ({ keyHash, userId: user.id })),
    );
    await ports.meanings.learn([...entries.values()]);
    for (const candidate of candidates) {
      const entry = entries.get(candidate.user.id);
      const [transition] = diffSweep({ observed: [{ ...candidate, ...(entry && { entry }) }], departed: [] }, ports.context);
      if (transition === undefined) staged.delete(candidate.user.id);
      else staged.set(candidate.user.id, transition);
    }
  };
  return {
    seen,
    staged,
    get rejectedWithId() {
      return blocked.size;
    },
    get rejectedWithoutId() {
      return rejectedWithoutId;
    },
    async add(page) {
      const candidates = new Map<UserId, Candidate>();
      for (const user of page.users) {
        if (blocked.has(user.id)) continue;
        const candidate = noteUser(user, page.observedAt, seen, ports);
        candidates.delete(user.id);
        if (candidate === undefined) staged.delete(user.id);
        else if (isTooLarge(user)) block(user.id);
        else candidates.set(user.id, candidate);
      }
      for (const { id } of page.rejected) {
        if (id === undefined) rejectedWithoutId += 1;
        else block(id);
        if (id !== undefined) candidates.delete(id);
      }
      await compare([...candidates.values()]);
    },
  };
}

/** The user as a candidate for a change; undefined where his digest is the one in the index. */
function noteUser(
  user: ObservedUser,
  observedAt: Instant,
  seen: SeenUsers,
  { context, index, hasTombstones, lastSeenAt }: ComparePorts,
): Candidate | undefined {
  const keyHash = context.digester.keyHash(user.id);
  const { slot, pair } = seen.note(user.id, keyHash);
  if (pair === 'present' && slot !== -1) {
    const digest = context.digester.digest(projectionText(user, context.projection));
    if (index.hasDigest(slot, digest)) return undefined;
  }
  const hex = toHex(keyHash);
  const seenAt = lastSeenAt(hex);
  const needsEntry = pair !== 'none' || hasTombstones;
  return { user, keyHash: hex, observedAt, pair, needsEntry, ...(seenAt !== undefined && { lastSeenAt: seenAt }) };
}

function isTooLarge(user: ObservedUser): boolean {
  return Buffer.byteLength(JSON.stringify(user)) > maxUserBytes;
}
