import { absenceOf, type PriorAbsence } from '../../src/diff/absence.ts';
import {
  type AbsentUser,
  createAbsentList,
  createAbsentListBuilder,
  type UnseenUser,
} from '../../src/diff/absent-list.ts';
import { type DepartedUser, type DiffContext, diffSweep } from '../../src/diff/diff-sweep.ts';
import { type Digester, sharedKeyDigest, toHex } from '../../src/diff/digest.ts';
import { createDigestIndex, type DigestIndex } from '../../src/diff/digest-index.ts';
import { foldShard, recutShards, shardNumber } from '../../src/diff/index-shard.ts';
import { type Projection, projectionText } from '../../src/diff/projection.ts';
import { createSeenUsers, type SeenUsers } from '../../src/diff/seen-users.ts';
import type { StagedTransition } from '../../src/diff/staged-transition.ts';
import type { SweepPolicy } from '../../src/diff/sweep-policy.ts';
import { composeEvents } from '../../src/events/compose-events.ts';
import type { FeedEvent } from '../../src/events/feed-event.ts';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import { sweepId, type UserId } from '../../src/model/ids.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { CountDeltas, Transition } from '../../src/model/log-batch.ts';
import type { SnapshotEntry } from '../../src/model/snapshot-entry.ts';
import { aBatch, aContext, at } from '../support/builders.ts';

/** One list of a vendor, page by page, and what became of the sweep that read it. */
export type ReadList = {
  readonly pages: readonly (readonly ObservedUser[])[];
  readonly isComplete?: boolean;
  readonly policy?: Partial<SweepPolicy>;
};

/** What one sweep did. */
export type SweepResult = { readonly transitions: readonly StagedTransition[]; readonly events: readonly FeedEvent[] };

/**
 * A feed made of the pure parts alone: the snapshot is a few maps in memory, and a sweep is applied the moment it
 * ends. Sweeps are an hour apart, pages a minute.
 */
export type PureFeed = {
  sweep(list: ReadList): SweepResult;
  readonly entries: ReadonlyMap<UserId, SnapshotEntry>;
  /** The counts as transitions add them up. */
  readonly counts: CountDeltas;
  /** The counts as entries and index show them. */
  recount(): CountDeltas;
};

type FeedOptions = { readonly projection: Projection; readonly digester: Digester; readonly confirmSweeps?: number };

const bits = 2;

export function createPureFeed({ projection, digester, confirmSweeps = 1 }: FeedOptions): PureFeed {
  const entries = new Map<UserId, SnapshotEntry>();
  let shards = recutShards([], bits);
  let counts: CountDeltas = { pairs: 0, live: 0, tombstones: 0 };
  let prior: PriorAbsence = { list: createAbsentList() };
  let sequence = 0;
  let hour = 0;

  const apply = (transitions: readonly StagedTransition[]): readonly FeedEvent[] => {
    for (const { entry, counts: deltas } of transitions) {
      entries.set(entry.userId, entry);
      counts = {
        pairs: counts.pairs + deltas.pairs,
        live: counts.live + deltas.live,
        tombstones: counts.tombstones + deltas.tombstones,
      };
    }
    shards = shards.map((pairs, shard) => foldShard(pairs, changesOf(transitions, shard)));
    const numbered = transitions.map(({ change, ...transition }): Transition => {
      if (change === undefined) return transition;
      sequence += 1;
      return { ...transition, change: { ...change, sequence } };
    });
    return composeEvents(aBatch({ transitions: numbered, lastSequence: sequence }));
  };

  return {
    entries,
    get counts() {
      return counts;
    },
    recount: () => recounted(entries, createDigestIndex(shards, bits)),
    sweep({ pages, isComplete = true, policy }) {
      hour += 1;
      const context = aContext({ projection, digester, ...(policy && { policy }) });
      const index = createDigestIndex(shards, bits);
      const walk = walkPages(pages, { hour, context, index, entries, lastSeenAt: prior.lastComplete?.startedAt });
      const isLive = context.policy.purpose === 'live';
      if (!isComplete) {
        const transitions = isLive ? walk.transitions : [];
        return { transitions, events: apply(transitions) };
      }
      const absence = unseenUsers(entries, walk.seen).map((user) => ({ ...user, ...absenceOf(user, prior) }));
      const isPending = ({ missedSweeps }: AbsentUser) => isLive && missedSweeps < confirmSweeps;
      const concluded = absence.filter((user) => !isPending(user));
      const observedAt = at(hour * 60 + 1 + pages.length);
      const departed = concluded.flatMap((absent) => departuresOf(absent, entries, index, observedAt));
      const transitions = [...walk.transitions, ...diffSweep({ observed: [], departed }, context)];
      const id = sweepId(`sweep-${hour}`);
      prior = {
        list: listOf(absence.filter(isPending)),
        sweepId: id,
        lastComplete: { sweepId: id, startedAt: at(hour * 60) },
      };
      return { transitions, events: apply(transitions) };
    },
  };
}

function listOf(absent: readonly AbsentUser[]) {
  const builder = createAbsentListBuilder();
  for (const user of absent) builder.add(user);
  return createAbsentList(builder.build());
}

type Walk = { readonly seen: SeenUsers; readonly transitions: readonly StagedTransition[] };

type Known = {
  readonly hour: number;
  readonly context: DiffContext;
  readonly index: DigestIndex;
  readonly entries: ReadonlyMap<UserId, SnapshotEntry>;
  readonly lastSeenAt: Instant | undefined;
};

/** Compares page by page; the later row of a user counts. */
function walkPages(pages: ReadList['pages'], { hour, context, index, entries, lastSeenAt }: Known): Walk {
  const seen = createSeenUsers(index, context.digester);
  const staged = new Map<UserId, StagedTransition>();
  for (const [number, user] of pages.flatMap((page, order) => page.map((shown) => [order, shown] as const))) {
    const suspect = suspectOf(user, seen, index, context);
    const entry = entries.get(user.id);
    const observedAt = at(hour * 60 + 1 + number);
    const observed = suspect && { ...suspect, observedAt, ...(lastSeenAt && { lastSeenAt }), ...(entry && { entry }) };
    const [transition] = diffSweep({ observed: observed ? [observed] : [], departed: [] }, context);
    staged.delete(user.id);
    if (transition !== undefined) staged.set(user.id, transition);
  }
  return { seen, transitions: [...staged.values()] };
}

/** The user as a suspect; undefined where his digest stands in the index. */
function suspectOf(user: ObservedUser, seen: SeenUsers, index: DigestIndex, { digester, projection }: DiffContext) {
  const slot = index.findDigest(digester.digest(projectionText(user, projection)));
  if (slot !== -1) {
    seen.noteKnown(slot);
    return undefined;
  }
  const keyHash = digester.keyHash(user.id);
  const { pair } = seen.note(user.id, keyHash);
  return { user, keyHash: toHex(keyHash), pair };
}

function unseenUsers(entries: ReadonlyMap<UserId, SnapshotEntry>, seen: SeenUsers): readonly UnseenUser[] {
  const shared = new Set(seen.sharedKeyHashes());
  const apart = [...entries.values()]
    .filter(({ keyHash, presence, userId }) => shared.has(keyHash) && presence !== 'gone' && !seen.saw(userId))
    .map(({ keyHash, userId }) => ({ keyHash, userId }));
  return [...seen.unseen(), ...apart];
}

function departuresOf(
  absence: AbsentUser,
  entries: ReadonlyMap<UserId, SnapshotEntry>,
  index: DigestIndex,
  observedAt: DepartedUser['observedAt'],
): readonly DepartedUser[] {
  const code = 'absent_from_complete_sweeps';
  const isShared = index.isShared(index.find(Buffer.from(absence.keyHash, 'hex')));
  return [...entries.values()]
    .filter(({ keyHash, presence }) => keyHash === absence.keyHash && presence !== 'gone')
    .filter(({ userId }) => absence.userId === undefined || absence.userId === userId)
    .map((entry) => ({ entry, absence, code, pair: isShared ? 'shared' : 'present', observedAt }));
}

function changesOf(transitions: readonly StagedTransition[], shard: number) {
  return transitions
    .filter(({ entry }) => shardNumber(Buffer.from(entry.keyHash, 'hex'), bits) === shard)
    .map(({ entry, pair }) => {
      const digests = { digest: entry.digest, shared: sharedKeyDigest, none: null };
      return { keyHash: entry.keyHash, digest: digests[pair] };
    });
}

function recounted(entries: ReadonlyMap<UserId, SnapshotEntry>, index: DigestIndex): CountDeltas {
  const withPresence = (wanted: SnapshotEntry['presence']) =>
    [...entries.values()].filter(({ presence }) => presence === wanted).length;
  return { pairs: index.pairCount, live: withPresence('live'), tombstones: withPresence('gone') };
}
