import { maxBatchBytes } from '../diff/batch-bounds.ts';
import { packSections, sectionOf, unpackSections } from '../diff/byte-sections.ts';
import { type DiffContext, diffSweep, type ObservedSuspect } from '../diff/diff-sweep.ts';
import { digestBytes, fromHex, toHex } from '../diff/digest.ts';
import type { DigestIndex } from '../diff/digest-index.ts';
import { createKeySet, type KeySet } from '../diff/key-set.ts';
import { projectionText } from '../diff/projection.ts';
import type { Protector } from '../diff/protect-user.ts';
import { createSeenUsers, type SeenUsers } from '../diff/seen-users.ts';
import type { StagedTransition } from '../diff/staged-transition.ts';
import type { ObservedUser } from '../model/canonical-user.ts';
import type { ConnectionId, UserId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import type { Page } from '../model/page.ts';
import { entriesLost } from './entries-lost.ts';
import type { EntryStore } from './ports.ts';
import type { Meanings } from './projection-meanings.ts';
import type { Staging } from './staging.ts';

/** A user larger than this cannot be kept: his entry and his log batch would outgrow their items. */
export const maxUserBytes = 150_000;
/** A sort key holds 1,024 bytes, 17 of them before the id. Source: AWS DynamoDB developer guide, "Constraints". */
export const maxUserIdBytes = 1_000;

export type ComparePorts = {
  readonly connectionId: ConnectionId;
  readonly entries: Pick<EntryStore, 'readEntries' | 'readEntriesByKeyHash'>;
  readonly index: DigestIndex;
  readonly context: DiffContext;
  readonly meanings: Meanings;
  readonly protector: Protector;
  readonly staging: Staging;
  /** Whether the snapshot has tombstones: without any, a user who is not in the index has no entry to read. */
  readonly hasTombstones: boolean;
  /** Start of the last sweep that is known to have listed the user with this key hash. */
  readonly lastSeenAt: (keyHash: string) => Instant | undefined;
};

/** What a comparison counts beside whom it has seen. */
export type CompareCounts = {
  readonly rejectedWithoutId: number;
  /** Users whose row had no status. */
  readonly withoutStatus: number;
  /** Somebody who was listed, for a control probe. */
  readonly listedUser?: UserId;
};

/** One walk of a list, compared with the snapshot page by page. */
export type PageComparison = {
  readonly seen: SeenUsers;
  /** At most one a user: where the list shows somebody twice, the later row counts. */
  readonly staging: Staging;
  readonly counts: CompareCounts;
  /** Users with a row that could not be read: nothing is concluded about them. */
  readonly rejectedWithId: number;
  /** Whether the user with this key hash, or one who shares it, is among them. */
  isBlocked(keyHash: Uint8Array): boolean;
  /** Cursors of this walk. */
  readonly cursors: KeySet;
  add(page: Page): Promise<void>;
  /** Everything but what is staged, for the next tick. */
  save(): Uint8Array;
};

type Candidate = Omit<ObservedSuspect, 'entry'> & { readonly needsEntry: boolean };

/**
 * A comparison at its beginning or, with what another one has saved, where that one stopped.
 * @throws TypeError where what was saved cannot be read, or does not fit the index
 */
export function createPageComparison(ports: ComparePorts, saved?: Uint8Array): PageComparison {
  const [counts, seen, blocked, blockedKeys, cursors] = saved === undefined ? [] : unpackSections(saved, layout);
  const walked: Walked = {
    seen: createSeenUsers(ports.index, ports.context.digester, seen),
    blocked: createKeySet(blocked),
    blockedKeys: createKeySet(blockedKeys, digestBytes),
    counts: counts === undefined ? noCounts : readCounts(counts),
  };
  const cursorsSeen = createKeySet(cursors);
  return {
    seen: walked.seen,
    staging: ports.staging,
    cursors: cursorsSeen,
    get counts() {
      return walked.counts;
    },
    get rejectedWithId() {
      return walked.blocked.size;
    },
    isBlocked: (keyHash) => walked.blockedKeys.has(keyHash),
    async add(page) {
      const candidates = collectCandidates(page, walked, ports);
      const observed = await withEntries(candidates, ports);
      for (const transition of diffSweep({ observed, departed: [] }, ports.context)) stage(transition, walked, ports);
      await ports.staging.relieve();
    },
    save: () =>
      packSections(
        layout.version,
        [
          Buffer.from(JSON.stringify(walked.counts)),
          walked.seen.save(),
          walked.blocked.save(),
          walked.blockedKeys.save(),
          cursorsSeen.save(),
        ].map(sectionOf),
      ),
  };
}

/** How a saved comparison is laid out. */
const layout = { version: 1, count: 5, what: 'a saved comparison' };

function readCounts(bytes: Uint8Array): CompareCounts {
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as CompareCounts;
  } catch (error) {
    throw new TypeError(`${layout.what} has counts that are no JSON`, { cause: error });
  }
}

const noCounts: CompareCounts = { rejectedWithoutId: 0, withoutStatus: 0 };

type Walked = {
  readonly seen: SeenUsers;
  /** By the mark of the id, and by key hash. */
  readonly blocked: KeySet;
  readonly blockedKeys: KeySet;
  counts: CompareCounts;
};

/** Notes everyone on a page, and answers those whose digest is not the one in the index. */
function collectCandidates(page: Page, walked: Walked, ports: ComparePorts): readonly Candidate[] {
  const candidates = new Map<UserId, Candidate>();
  for (const shown of page.users) {
    const user = ports.protector.protectUser(shown);
    // A later row of a user replaces what an earlier one said.
    candidates.delete(user.id);
    const candidate = noteUser(user, page.observedAt, walked, ports);
    if (candidate !== undefined) candidates.set(user.id, candidate);
  }
  for (const { id } of page.rejected) {
    if (id === undefined) count(walked, 'rejectedWithoutId');
    else block(id, walked, ports);
  }
  const { digester } = ports.context;
  for (const id of page.excluded ?? []) walked.seen.noteExcluded(id, digester.keyHash(id));
  return [...candidates.values()].filter(({ user }) => !isBlocked(user.id, walked, ports));
}

/** A change that no log batch holds, because it keeps much of what was known: nothing is concluded about that user. */
function stage(transition: StagedTransition, walked: Walked, ports: ComparePorts): void {
  const bytes = Buffer.byteLength(JSON.stringify(transition));
  if (bytes > maxBatchBytes) markBlocked(transition.entry.userId, walked, ports);
  else ports.staging.add(transition, bytes);
}

function block(userId: UserId, walked: Walked, ports: ComparePorts): void {
  if (markBlocked(userId, walked, ports)) walked.seen.note(userId, ports.context.digester.keyHash(userId));
  ports.staging.drop(userId);
}

/** False for somebody who was blocked before. */
function markBlocked(userId: UserId, { blocked, blockedKeys }: Walked, { context }: ComparePorts): boolean {
  blockedKeys.add(context.digester.keyHash(userId));
  return blocked.add(context.digester.userMark(userId));
}

function isBlocked(userId: UserId, { blocked }: Walked, { context }: ComparePorts): boolean {
  return blocked.size > 0 && blocked.has(context.digester.userMark(userId));
}

/** The candidates with their entries, as far as they have any. */
async function withEntries(candidates: readonly Candidate[], ports: ComparePorts): Promise<readonly ObservedSuspect[]> {
  const keys = candidates
    .filter(({ needsEntry }) => needsEntry)
    .map(({ user, keyHash }) => ({ keyHash, userId: user.id }));
  const entries = await ports.entries.readEntries(ports.connectionId, keys);
  for (const { user, keyHash } of candidates) if (!entries.has(user.id)) await assertOfAnother(keyHash, ports);
  await ports.meanings.learn([...entries.values()]);
  return candidates.map((candidate) => {
    const entry = entries.get(candidate.user.id);
    return entry === undefined ? candidate : { ...candidate, entry: ports.protector.protectEntry(entry) };
  });
}

/** A pair in the index under the key hash of somebody without an entry is that of somebody else. @throws sweep.entries_lost */
async function assertOfAnother(keyHash: string, { connectionId, entries, index }: ComparePorts): Promise<void> {
  if (index.find(fromHex(keyHash)) === -1) return;
  const others = await entries.readEntriesByKeyHash(connectionId, keyHash);
  if (others.every(({ presence }) => presence === 'gone')) throw entriesLost(connectionId);
}

/** The user as a candidate for a change; undefined where his digest is the one in the index, or he is blocked. */
function noteUser(user: ObservedUser, observedAt: Instant, walked: Walked, ports: ComparePorts): Candidate | undefined {
  const { context, hasTombstones, lastSeenAt } = ports;
  if (isBlocked(user.id, walked, ports)) return undefined;
  const slot = findUnchanged(user, ports);
  if (slot !== -1) {
    noteRow(user, walked.seen.noteKnown(slot), walked, ports);
    return undefined;
  }
  const keyHash = context.digester.keyHash(user.id);
  const { pair, isRepeat } = walked.seen.note(user.id, keyHash);
  noteRow(user, isRepeat, walked, ports);
  if (!isStorable(user)) {
    markBlocked(user.id, walked, ports);
    return undefined;
  }
  const hex = toHex(keyHash);
  const seenAt = lastSeenAt(hex);
  const needsEntry = pair !== 'none' || hasTombstones;
  return { user, keyHash: hex, observedAt, pair, needsEntry, ...(seenAt !== undefined && { lastSeenAt: seenAt }) };
}

/** The slot of a user who is as the index knows him, or -1. Asked first: nearly everybody is, and needs no key hash then. */
function findUnchanged(user: ObservedUser, { context, index }: ComparePorts): number {
  if (index.pairCount === 0 || isNewToAll(context)) return -1;
  return index.findDigest(context.digester.digest(projectionText(user, context.projection)));
}

function noteRow(user: ObservedUser, isRepeat: boolean, walked: Walked, { staging }: ComparePorts): void {
  if (isRepeat) staging.drop(user.id);
  else noteListed(user, walked);
}

/** Whether everybody on the list is told of, also who looks like somebody known before: he is not the same. */
function isNewToAll({ policy }: DiffContext): boolean {
  return policy.purpose === 'baseline' && policy.baseline === 'emit' && !policy.sameDirectory;
}

function noteListed(user: ObservedUser, walked: Walked): void {
  if (user.status === undefined) count(walked, 'withoutStatus');
  if (walked.counts.listedUser === undefined) walked.counts = { ...walked.counts, listedUser: user.id };
}

function count(walked: Walked, what: 'rejectedWithoutId' | 'withoutStatus'): void {
  walked.counts = { ...walked.counts, [what]: walked.counts[what] + 1 };
}

/** Whether he fits: his id into a sort key, he himself into an entry and a log batch. */
function isStorable(user: ObservedUser): boolean {
  return Buffer.byteLength(user.id) <= maxUserIdBytes && Buffer.byteLength(JSON.stringify(user)) <= maxUserBytes;
}
