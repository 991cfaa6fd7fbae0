import type { PairChange } from '../diff/index-shard.ts';
import type { BrakeRules } from '../model/brake.ts';
import type { DeletionRules } from '../model/connection.ts';
import type { HoldRecord } from '../model/hold.ts';
import type { ConnectionId, Cursor, HoldId, SweepId, UserId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import type { LogBatch } from '../model/log-batch.ts';
import type { OperatorRequest } from '../model/operator-request.ts';
import type { Page } from '../model/page.ts';
import type { ProjectedField } from '../model/projected-field.ts';
import type { Protection } from '../model/protection.ts';
import type { SnapshotEntry } from '../model/snapshot-entry.ts';
import type { ConnectionState, IndexLayout } from './connection-state.ts';
import type { SweepReport } from './sweep-report.ts';

/** The right to sweep one connection. Its token rises with every lease; only the latest token can write. */
export type Lease = {
  readonly connectionId: ConnectionId;
  readonly token: number;
  readonly holder: string;
  readonly expiresAtMs: number;
};

export type LeaseAsk = {
  /** `<process>/<invocation>`: unique, and an owner of all state can tell its own from those of a dead predecessor. */
  readonly holder: string;
  readonly nowMs: number;
  /** After this another worker may take the lease over. */
  readonly expiresAtMs: number;
  /** Whether a lease of another holder is known to be dead, whatever its time says. */
  readonly ownsAllLeases: boolean;
};

export type LeaseAnswer =
  | { readonly kind: 'held' }
  | { readonly kind: 'unknown_connection' }
  | {
      readonly kind: 'taken';
      readonly lease: Lease;
      readonly state: ConnectionState;
      /** Whether the lease before was not released: the new one begins with a fence. */
      readonly tookOver: boolean;
    };

/** State and lease of a connection. Reads are strongly consistent; every write holds only under the latest lease. */
export type StateStore = {
  acquireLease(connectionId: ConnectionId, ask: LeaseAsk): Promise<LeaseAnswer>;
  /** @throws sweep.lease_lost */
  saveState(lease: Lease, state: ConnectionState): Promise<void>;
  /** Saves the state and gives the lease back. @throws sweep.lease_lost */
  releaseLease(lease: Lease, state: ConnectionState): Promise<void>;
  /** Lets the lease expire at once without giving it back: the next one begins with a fence. */
  abandonLease(lease: Lease, nowMs: number): Promise<void>;
  readState(connectionId: ConnectionId): Promise<ConnectionState | undefined>;
};

/** The append-only log of a connection: the commit point, and the fence against late writers. */
export type LogStore = {
  /** `taken`: another writer has that position. Repeating an append of one's own batch answers `appended`. */
  appendBatch(batch: LogBatch): Promise<'appended' | 'taken'>;
  /** Batches after a position in order, strongly consistent. */
  readLog(connectionId: ConnectionId, afterPosition: number): AsyncIterable<LogBatch>;
};

export type EntryKey = { readonly keyHash: string; readonly userId: UserId };

/** The last accepted state of every user. Strongly consistent. */
export type EntryStore = {
  readEntries(connectionId: ConnectionId, keys: readonly EntryKey[]): Promise<ReadonlyMap<UserId, SnapshotEntry>>;
  /** Everyone under a key hash: one user, or those who share it. */
  readEntriesByKeyHash(connectionId: ConnectionId, keyHash: string): Promise<readonly SnapshotEntry[]>;
  readAllEntries(connectionId: ConnectionId): AsyncIterable<SnapshotEntry>;
  /** Writes each entry unless a newer or the same revision stands there. */
  writeEntries(connectionId: ConnectionId, entries: readonly SnapshotEntry[]): Promise<void>;
};

/** A change of one pair and the log position it comes from. */
export type PositionedPairChange = PairChange & { readonly position: number };

/** The digest index in packed shards, each carrying the log position it reflects. Strongly consistent. */
export type IndexStore = {
  /** The pairs of shard n at index n, as stored; empty where nothing is stored. */
  loadShards(connectionId: ConnectionId, layout: IndexLayout): Promise<readonly Uint8Array[]>;
  /**
   * Applies to each shard those changes that are newer than it. `upTo` is the position all of them reach. Nothing is applied
   * to a shard that is not there.
   */
  applyPairs(
    connectionId: ConnectionId,
    layout: IndexLayout,
    changes: readonly PositionedPairChange[],
    upTo: number,
  ): Promise<void>;
  /** Writes all shards of a layout that is not in force yet and that no one else writes. */
  writeLayout(
    connectionId: ConnectionId,
    layout: IndexLayout,
    shards: readonly Uint8Array[],
    position: number,
  ): Promise<void>;
  deleteLayout(connectionId: ConnectionId, layout: IndexLayout): Promise<void>;
};

/**
 * Bytes that a connection must not lose, under names of their own: the absent list, the members of a hold, what a sweep
 * keeps between its ticks. Of any size; compressed and cut into items by the store.
 */
export type BlobStore = {
  /** Written once: a name is never written with other content. `expires`: swept away by the table after a week. */
  writeBlob(connectionId: ConnectionId, name: string, bytes: Uint8Array, expires?: 'expires'): Promise<void>;
  /** Undefined where it, or a part of it, is gone. */
  readBlob(connectionId: ConnectionId, name: string): Promise<Uint8Array | undefined>;
  /** Names that nobody wrote are ignored. */
  deleteBlobs(connectionId: ConnectionId, names: readonly string[]): Promise<void>;
  /** Deletes whatever sorts before a name, but what is to be kept: what ticks that died have left. */
  deleteBlobsBefore(connectionId: ConnectionId, name: string, kept: readonly string[]): Promise<void>;
};

/** What else a sweep must not forget. */
export type SweepRecordStore = {
  /** Remembers what the fields of a projection version mean. Repeating is harmless. */
  writeProjection(connectionId: ConnectionId, version: string, meanings: ReadonlyMap<string, string>): Promise<void>;
  readProjection(connectionId: ConnectionId, version: string): Promise<ReadonlyMap<string, string> | undefined>;
  writeReport(report: SweepReport): Promise<void>;
  readReport(connectionId: ConnectionId, sweepId: SweepId): Promise<SweepReport | undefined>;
  /** The newest first. */
  listReports(connectionId: ConnectionId): AsyncIterable<SweepReport>;
};

/** Holds for people to look at; what a sweep goes by stands in the state. */
export type HoldStore = {
  /** Replaces what stood there. One that has ended is kept for 90 days. */
  writeHold(record: HoldRecord): Promise<void>;
  readHold(connectionId: ConnectionId, holdId: HoldId): Promise<HoldRecord | undefined>;
  /** The newest first. */
  listHolds(connectionId: ConnectionId): AsyncIterable<HoldRecord>;
};

/** What operators ask for, beside the state. Strongly consistent. */
export type RequestStore = {
  writeRequest(request: OperatorRequest): Promise<void>;
  /** The oldest first. */
  readRequests(connectionId: ConnectionId): Promise<readonly OperatorRequest[]>;
  deleteRequest(request: OperatorRequest): Promise<void>;
};

/** Erasing one person from what is never changed otherwise. Under the lease, and published by nobody. */
export type ErasureStore = {
  /** Replaces a batch that is in the log. */
  rewriteBatch(batch: LogBatch): Promise<void>;
  /** Replaces an entry of the same revision. */
  rewriteEntry(connectionId: ConnectionId, entry: SnapshotEntry): Promise<void>;
};

/** The position up to which everything is on the bus. */
export type PublishedStore = {
  readPublished(connectionId: ConnectionId): Promise<number>;
  /** Moves forward only; a smaller position is ignored. */
  advancePublished(connectionId: ConnectionId, position: number): Promise<void>;
};

/** The end of a connection's settings; its state, log and entries stay. */
export type SettingsStore = { deleteConnection(connectionId: ConnectionId): Promise<void> };

export type SweepStore = StateStore &
  LogStore &
  EntryStore &
  IndexStore &
  BlobStore &
  SweepRecordStore &
  HoldStore &
  RequestStore &
  ErasureStore &
  PublishedStore &
  SettingsStore;

/** One page that is asked for. */
export type PageAsk = {
  readonly cursor: Cursor | undefined;
  /** In epoch milliseconds. */
  readonly deadlineMs?: number;
  /** Only users changed since then, as far as the vendor can tell: a delta. */
  readonly updatedSince?: Instant;
};

/** What asking the vendor about somebody proves. */
export type ProbeAsk = {
  readonly userId: UserId;
  /** Somebody whom this sweep has seen. */
  readonly controlUserId: UserId;
  readonly deadlineMs: number;
};

/** A connection's list of users, one page at a time: the vendor with everything it needs already in hand. */
export type UserList = {
  readonly connectionId: ConnectionId;
  readonly tenantId: string;
  readonly vendor: string;
  readonly mappingVersion: number;
  readonly projection: readonly ProjectedField[];
  readonly ignoredFields: readonly string[];
  /** Vendor, base address and account: whose ids these are. */
  readonly directory: string;
  /** The options that narrow the list, in canonical form. */
  readonly scope: string;
  /** Whether any option narrows it: then somebody may leave the list without being gone. */
  readonly isNarrowed: boolean;
  readonly baseline: 'silent' | 'emit';
  readonly deletion: DeletionRules;
  readonly brake: BrakeRules;
  readonly protection: Protection;
  readonly payload: 'full' | 'thin';
  readonly everySeconds: number;
  /** Whether the vendor can be asked for changed users only. */
  readonly hasDelta: boolean;
  /** Present where deltas are wanted and the vendor has them. */
  readonly deltaEverySeconds?: number;
  readonly emitSweepCompleted: boolean;
  /**
   * Ends before the deadline, with a page or without. With an unchanged `updatedSince` through all pages of a delta.
   * @throws vendor.* (vendor.out_of_time at the deadline), config.invalid
   */
  fetchPage(ask: PageAsk): Promise<Page>;
  /** Whether the vendor's filter for deltas works for this connection. Left out where it always does. @throws vendor.* */
  supportsDelta?(deadlineMs: number): Promise<boolean>;
  /** Left out where the vendor's answers prove nothing. @throws vendor.* */
  probeAbsence?(ask: ProbeAsk): Promise<'gone' | 'present' | 'unknown'>;
};

/** The effects a tick needs. */
export type SweepPorts = {
  readonly store: SweepStore;
  /** Publishes what the log holds beyond `published`: batches that have been waiting since a moment. @throws publish.* */
  readonly republish: (connectionId: ConnectionId, waitingSince: Instant) => Promise<void>;
  /**
   * The feed's epoch, as it is kept outside the table; at least the one that is known of a connection, 0 for none.
   * @throws store.restored where the table is not the one that the feed knows, or the epoch is below; config.invalid, store.unavailable
   */
  readonly readEpoch: (known: number) => Promise<number>;
  readonly nowMs: () => number;
  readonly newSweepId: (nowMs: number) => SweepId;
  readonly hashText: (text: string) => string;
};
