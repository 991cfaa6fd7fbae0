import type { CanonicalUser } from '../model/canonical-user.ts';
import type { ChangeType, ChangeWindow, Origin, Reason, UserDiff } from '../model/change.ts';
import type { Instant } from '../model/instant.ts';
import type { CountDeltas } from '../model/log-batch.ts';
import type { Presence, SnapshotEntry } from '../model/snapshot-entry.ts';
import { acceptUser } from './accept-user.ts';
import type { DiffContext, ObservedSuspect } from './diff-sweep.ts';
import { diffUser, statusBetween } from './diff-user.ts';
import { toHex } from './digest.ts';
import { agreedFields, projectionText } from './projection.ts';
import type { StagedChange, StagedTransition } from './staged-transition.ts';

/** What an observation does to one user; undefined where nothing about him changed, not even silently. */
export function observeTransition(suspect: ObservedSuspect, context: DiffContext): StagedTransition | undefined {
  const { entry } = suspect;
  const known = isSameUser(entry, context) ? entry : undefined;
  const user = acceptUser(known?.user, suspect.user, context.projection);
  const digest = toHex(context.digester.digest(projectionText(user, context.projection)));
  const { type, diff } = judge(known, user, context);
  const presence: Presence = user.status === 'deleted' ? 'reported_deleted' : 'live';
  if (type === undefined && known?.digest === digest && known.presence === presence) return undefined;
  const change = type && stageChange({ type, diff, user, suspect, context });
  const next: SnapshotEntry = {
    userId: user.id,
    keyHash: suspect.keyHash,
    revision: (entry?.revision ?? context.policy.loss?.revision ?? 0) + 1,
    presence,
    user,
    digest,
    projectionVersion: context.projection.version,
    observedAt: suspect.observedAt,
    ...deletedAt(suspect, presence, change, context),
  };
  return {
    entry: next,
    ...pairAndCounts(suspect, presence),
    ...(known && { priorDigest: known.digest }),
    ...(change && { change }),
  };
}

type Judgement = { readonly type: ChangeType | undefined; readonly diff: UserDiff | undefined };

/** Whether an entry tells of this user as he was: not of somebody of another directory, nor of somebody who left. */
function isSameUser(entry: SnapshotEntry | undefined, { policy }: DiffContext): boolean {
  return policy.sameDirectory && entry !== undefined && entry.presence !== 'gone';
}

/** What an observation means, whether or not it will be an event. */
function judge(known: SnapshotEntry | undefined, user: CanonicalUser, context: DiffContext): Judgement {
  const isDeleted = user.status === 'deleted';
  if (known?.presence !== 'live') return { type: isDeleted ? undefined : 'created', diff: undefined };
  const diff = diffUser(known.user, user, context.projection, comparableFields(known, context));
  if (isDeleted) return { type: 'deleted', diff: deletedDiff(known.user, user, diff) };
  if (diff === undefined) return { type: undefined, diff };
  return { type: diff.status ? 'status_changed' : 'updated', diff };
}

/** A deletion tells where the status came from, even where the word for it has got another meaning. */
function deletedDiff(before: CanonicalUser, after: CanonicalUser, diff: UserDiff | undefined): UserDiff {
  return { changedFields: [], before: {}, ...diff, status: statusBetween(before, after) };
}

/** The fields that mean the same in the entry's projection; undefined for all of them. */
function comparableFields(entry: SnapshotEntry, context: DiffContext): ReadonlySet<string> | undefined {
  if (entry.projectionVersion === context.projection.version) return undefined;
  const earlier = context.meaningsOf(entry.projectionVersion);
  // A status always counted; what else an unknown version compared, nobody can say.
  return earlier === undefined ? new Set(['status', 'rawStatus']) : agreedFields(context.projection.meanings, earlier);
}

function pairAndCounts(
  suspect: ObservedSuspect,
  presence: Presence,
): { readonly pair: 'digest' | 'shared'; readonly counts: CountDeltas } {
  const { entry } = suspect;
  const wasListed = entry !== undefined && entry.presence !== 'gone';
  // A pair under the key hash of somebody who has none belongs to another user: from now on they share it.
  const isShared = suspect.pair === 'shared' || (suspect.pair === 'present' && !wasListed);
  return {
    pair: isShared ? 'shared' : 'digest',
    counts: {
      pairs: suspect.pair === 'none' ? 1 : 0,
      live: (presence === 'live' ? 1 : 0) - (entry?.presence === 'live' ? 1 : 0),
      tombstones: entry?.presence === 'gone' ? -1 : 0,
    },
  };
}

/** When his deletion was told; nothing for a deletion that nobody heard of. */
function deletedAt(
  { entry, observedAt }: ObservedSuspect,
  presence: Presence,
  change: StagedChange | undefined,
  context: DiffContext,
): { readonly deletedAt?: Instant } {
  if (presence === 'live') return {};
  if (change?.type === 'deleted') return { deletedAt: observedAt };
  return entry?.deletedAt !== undefined && wasDeletedHere(entry, context) ? { deletedAt: entry.deletedAt } : {};
}

type Verdict = {
  readonly type: ChangeType;
  readonly diff: UserDiff | undefined;
  readonly user: CanonicalUser;
  readonly suspect: ObservedSuspect;
  readonly context: DiffContext;
};

/** The event of a judgement; undefined where the policy wants silence. */
function stageChange(verdict: Verdict): StagedChange | undefined {
  const { type, user, suspect, context } = verdict;
  const origin = suspect.entry === undefined && context.policy.loss?.isOpen ? undefined : originOf(type, context);
  if (origin === undefined) return undefined;
  const isNew = type === 'created';
  const diff =
    type === 'created' ? { changedFields: [], before: {}, status: statusBetween(undefined, user) } : verdict.diff;
  const isRestored = isNew && wasDeletedHere(suspect.entry, context);
  return {
    type,
    origin,
    reason: reasonOf(type, origin, isRestored),
    window: windowOf(suspect, isNew && context.policy.purpose !== 'live'),
    ...(diff && { diff }),
    ...(isRestored && { restored: true }),
  };
}

/** Where an event stems from; undefined for silence. */
function originOf(type: ChangeType, { policy }: DiffContext): Origin | undefined {
  if (policy.purpose === 'live') return 'live';
  if (policy.purpose === 'rescope' && type !== 'created') return 'repair';
  return policy.baseline === 'emit' ? 'baseline' : undefined;
}

function reasonOf(type: ChangeType, origin: Origin, isRestored: boolean): Reason {
  if (origin === 'baseline') return { code: 'baseline' };
  switch (type) {
    case 'created':
      return { code: isRestored ? 'reappeared' : 'appeared' };
    case 'deleted':
      return { code: 'vendor_reported' };
    case 'status_changed':
      return { code: 'status_changed' };
    case 'updated':
      return { code: 'fields_changed' };
  }
}

/** Whether his deletion was told, and in this directory: a tombstone of another one is somebody else's. */
function wasDeletedHere(entry: SnapshotEntry | undefined, { policy }: DiffContext): boolean {
  if (!policy.sameDirectory || entry?.deletedAt === undefined) return false;
  return policy.directorySince === undefined || entry.deletedAt >= policy.directorySince;
}

/**
 * The change happened after the user was last known to be as before, and before this page arrived. Whoever becomes
 * known with a new list may have been there for ever.
 */
function windowOf({ entry, lastSeenAt, observedAt }: ObservedSuspect, isOpen: boolean): ChangeWindow {
  const bounds = [lastSeenAt, entry?.observedAt].filter((at) => at !== undefined).sort();
  const notBefore = isOpen ? undefined : bounds.at(-1);
  return { ...(notBefore !== undefined && { notBefore }), notAfter: observedAt };
}
