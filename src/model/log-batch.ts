import type { AbsentListReference } from './absent-user.ts';
import type { ChangeType, ChangeWindow, Origin, Reason, UserDiff } from './change.ts';
import type { Hold, HoldEnding } from './hold.ts';
import type { ConnectionId, HoldId, SweepId } from './ids.ts';
import type { Instant } from './instant.ts';
import type { FieldPath } from './projected-field.ts';
import type { SnapshotEntry } from './snapshot-entry.ts';

/** The event of a transition, as committed; its envelope is composed when it is published. */
export type UserChange = {
  readonly sequence: number;
  readonly type: ChangeType;
  readonly origin: Origin;
  readonly reason: Reason;
  readonly window: ChangeWindow;
  readonly diff?: UserDiff;
  readonly restored?: true;
  /** The hold that kept it back until an operator approved it. */
  readonly releasedFrom?: HoldId;
};

/** By how much a transition changes what the connection's state counts. */
export type CountDeltas = { readonly pairs: number; readonly live: number; readonly tombstones: number };

/** What a batch does to one user: his next entry, and the event about it, or silence. */
export type Transition = {
  readonly entry: SnapshotEntry;
  /** What the index holds for him afterwards: his digest, the mark of a shared key hash, or nothing. */
  readonly pair: 'digest' | 'shared' | 'none';
  readonly counts: CountDeltas;
  readonly change?: UserChange;
};

/** Which hold an event is about, as it was at that moment. */
export type HoldNotice = Pick<Hold, 'holdId' | 'kind' | 'reason' | 'fields' | 'brake'> & {
  /** Changes held, published, accepted silently or given up, by the type of the event. */
  readonly count: number;
  /** How it ended, where this is its end. */
  readonly ending?: HoldEnding;
};

/** An event about a connection rather than one user. */
export type ConnectionChange = { readonly sequence: number } & StagedConnectionChange;
export type StagedConnectionChange =
  | { readonly type: 'baseline_completed' | 'sweep_completed' }
  | { readonly type: 'removed' /** Of the operator's request that it answers. */; readonly requestId: string }
  | {
      readonly type: 'changes_held' | 'changes_released' | 'changes_rejected' | 'changes_dissolved';
      readonly hold: HoldNotice;
    };

/** `full`: every page of the list. `delta`: only who changed since the sweep before; proves nobody's absence. */
export type SweepMode = 'full' | 'delta';

/** The sweep a batch comes from. */
export type SweepStamp = {
  readonly sweepId: SweepId;
  readonly mode: SweepMode;
  readonly startedAt: Instant;
  readonly complete: boolean;
  readonly usersSeen: number;
};

/**
 * What a sweep concluded beyond single users: replaces what the state says of it. Part of the commit, so that a crash
 * cannot separate the two.
 */
export type SweepConclusion = {
  /** Only after a complete full sweep. */
  readonly lastComplete?: LastComplete;
  /** Start of the baseline of the present directory; only after a complete full sweep. */
  readonly directorySince?: Instant;
  readonly absent: AbsentListReference;
  readonly holds: readonly Hold[];
  /** Vanished fields that an operator has taken note of. */
  readonly acknowledged?: readonly FieldPath[];
};

/** What the last complete full sweep read. */
export type LastComplete = {
  readonly sweepId: SweepId;
  readonly startedAt: Instant;
  readonly directory: string;
  readonly scope: string;
};

/**
 * One commit of a connection's log: up to 50 transitions and what the sweep concluded with them.
 * Written once, never changed; `position` rises by one per commit, `sequence` by one per event.
 */
export type LogBatch = {
  readonly connectionId: ConnectionId;
  readonly tenantId: string;
  readonly vendor: string;
  readonly mappingVersion: number;
  readonly epoch: number;
  readonly position: number;
  readonly committedAt: Instant;
  /** The lease under which it was written: how a writer knows its own batch after an ambiguous answer. */
  readonly leaseToken: number;
  /** Absent on a fence, the empty batch with which a lease that was taken over begins. */
  readonly sweep?: SweepStamp;
  readonly transitions: readonly Transition[];
  readonly connectionChanges: readonly ConnectionChange[];
  /** The sequence of the connection's last event up to and including this batch. */
  readonly lastSequence: number;
  /** The position of the last batch before this one that held events: all between are silent. */
  readonly previousEventPosition: number;
  /** Of the sweep's staged changes, how many this batch and those before it have dealt with. */
  readonly stagedUpTo?: number;
  /** Present on the last batch of a sweep. */
  readonly conclusion?: SweepConclusion;
  /** Whether its events are published without values. */
  readonly payload?: 'thin';
};

/** Whether a batch has anything to publish. */
export function holdsEvents(batch: LogBatch): boolean {
  return batch.connectionChanges.length > 0 || batch.transitions.some(({ change }) => change !== undefined);
}
