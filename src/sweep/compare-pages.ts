import { type DiffContext, diffSweep, type ObservedSuspect } from '../diff/diff-sweep.ts';
import { toHex } from '../diff/digest.ts';
import type { DigestIndex } from '../diff/digest-index.ts';
import { maxBatchBytes } from '../diff/pack-batches.ts';
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
/** A sort key holds 1,024 bytes, 17 of them before the id. Source: AWS DynamoDB developer guide, "Constraints". */
export const maxUserIdBytes = 1_000;

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
  /** Users on the list whom the connection is not about: neither known nor seen. */
  readonly excluded: number;
  add(page: Page): Promise<void>;
};

type Candidate = Omit<ObservedSuspect, 'entry'> & { readonly needsEntry: boolean };

export function createPageComparison(ports: ComparePorts): PageComparison {
  const walked: Walked = {
    seen: createSeenUsers(ports.index),
    staged: new Map(),
    blocked: new Set(),
    excluded: new Set(),
    rejectedWithoutId: 0,
  };
  return {
    seen: walked.seen,
    staged: walked.staged,
    get rejectedWithId() {
      return walked.blocked.size;
    },
    get rejectedWithoutId() {
      return walked.rejectedWithoutId;
    },
    get excluded() {
      return walked.excluded.size;
    },
    async add(page) {
      const candidates = collectCandidates(page, walked, ports);
      for (const transition of diffSweep(
        { observed: await withEntries(candidates, ports), departed: [] },
        ports.context,
      ))
        stage(transition, walked);
    },
  };
}

type Walked = {
  readonly seen: SeenUsers;
  readonly staged: Map<UserId, StagedTransition>;
  /** Users with a row that could not be read: nothing is concluded about them. */
  readonly blocked: Set<UserId>;
  readonly excluded: Set<UserId>;
  rejectedWithoutId: number;
};

/** Notes everyone on a page, and answers those whose digest is not the one in the index. */
function collectCandidates(page: Page, walked: Walked, ports: ComparePorts): readonly Candidate[] {
  const candidates = new Map<UserId, Candidate>();
  for (const user of page.users) {
    // A later row of a user replaces what an earlier one said.
    candidates.delete(user.id);
    walked.staged.delete(user.id);
    const candidate = noteUser(user, page.observedAt, walked, ports);
    if (candidate !== undefined) candidates.set(user.id, candidate);
  }
  for (const { id } of page.rejected) {
    if (id === undefined) walked.rejectedWithoutId += 1;
    else block(id, walked, ports);
  }
  for (const id of page.excluded ?? []) walked.excluded.add(id);
  return [...candidates.values()].filter(({ user }) => !walked.blocked.has(user.id));
}

/** A change that no log batch holds, because it keeps much of what was known: nothing is concluded about that user. */
function stage(transition: StagedTransition, { staged, blocked }: Walked): void {
  const { userId } = transition.entry;
  if (Buffer.byteLength(JSON.stringify(transition)) > maxBatchBytes) blocked.add(userId);
  else staged.set(userId, transition);
}

function block(userId: UserId, { seen, staged, blocked }: Walked, { context }: ComparePorts): void {
  if (!blocked.has(userId)) seen.note(userId, context.digester.keyHash(userId));
  blocked.add(userId);
  staged.delete(userId);
}

/** The candidates with their entries, as far as they have any. */
async function withEntries(candidates: readonly Candidate[], ports: ComparePorts): Promise<readonly ObservedSuspect[]> {
  const keys = candidates
    .filter(({ needsEntry }) => needsEntry)
    .map(({ user, keyHash }) => ({ keyHash, userId: user.id }));
  const entries = await ports.entries.readEntries(ports.connectionId, keys);
  await ports.meanings.learn([...entries.values()]);
  return candidates.map((candidate) => {
    const entry = entries.get(candidate.user.id);
    return entry === undefined ? candidate : { ...candidate, entry };
  });
}

/** The user as a candidate for a change; undefined where his digest is the one in the index, or he is blocked. */
function noteUser(
  user: ObservedUser,
  observedAt: Instant,
  { seen, blocked }: Walked,
  { context, index, hasTombstones, lastSeenAt }: ComparePorts,
): Candidate | undefined {
  if (blocked.has(user.id)) return undefined;
  const keyHash = context.digester.keyHash(user.id);
  const { slot, pair } = seen.note(user.id, keyHash);
  if (pair === 'present' && slot !== -1) {
    const digest = context.digester.digest(projectionText(user, context.projection));
    if (index.hasDigest(slot, digest)) return undefined;
  }
  if (!isStorable(user)) {
    blocked.add(user.id);
    return undefined;
  }
  const hex = toHex(keyHash);
  const seenAt = lastSeenAt(hex);
  const needsEntry = pair !== 'none' || hasTombstones;
  return { user, keyHash: hex, observedAt, pair, needsEntry, ...(seenAt !== undefined && { lastSeenAt: seenAt }) };
}

/** Whether he fits: his id into a sort key, he himself into an entry and a log batch. */
function isStorable(user: ObservedUser): boolean {
  return Buffer.byteLength(user.id) <= maxUserIdBytes && Buffer.byteLength(JSON.stringify(user)) <= maxUserBytes;
}
