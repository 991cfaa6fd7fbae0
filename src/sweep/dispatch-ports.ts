import type { Connection } from '../model/connection.ts';
import type { ConnectionId, SweepId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import type { ConnectionNotice } from '../model/notice.ts';
import type { ConnectionState } from './connection-state.ts';
import type { SweepReport } from './sweep-report.ts';

/** A request for one tick of one connection. */
export type SweepMessage = {
  readonly connectionId: ConnectionId;
  /** The due time it answers: once a sweep has moved it, the message is stale. */
  readonly dueAt: Instant;
  /** The sweep that goes on, and with which tick; absent for whatever is due. */
  readonly continues?: SweepContinuation;
  /** The budget in which the sweep has a place; absent for one that an operator asked for. */
  readonly budget?: string;
};

/** Which tick of which sweep is next: a message about another one is stale. */
export type SweepContinuation = { readonly sweepId: SweepId; readonly tick: number };

/** A message on its way to the sweep function. */
export type QueuedMessage<Message = SweepMessage> = {
  readonly message: Message;
  /** Whose sweep it is: a tenant with many of them does not make the others wait. */
  readonly tenantId: string;
  /** Nobody receives it earlier; at once where it is left out. */
  readonly delaySeconds?: number;
};

/** A connection as the dispatcher sees it. */
export type DispatchedConnection = {
  readonly connection: Connection;
  readonly state: ConnectionState;
};

/** Which sweeps of a budget are under way or asked for. */
export type SweepPlaces = {
  readonly budget: string;
  /** Until when each connection keeps its place, in epoch milliseconds. */
  readonly until: ReadonlyMap<ConnectionId, number>;
  /** Rises with every change; 0 where nothing is stored. */
  readonly revision: number;
};

/** Places of sweeps in their budgets. A place whose time is over counts no more. */
export type PlaceStore = {
  readPlaces(budgets: readonly string[]): Promise<ReadonlyMap<string, SweepPlaces>>;
  /** Replaces what was read; false where somebody was faster. */
  writePlaces(before: SweepPlaces, until: ReadonlyMap<ConnectionId, number>): Promise<boolean>;
  /** Keeps a place or takes one that is free; false where all are taken. */
  keepPlace(budget: string, connectionId: ConnectionId, untilMs: number, limit: number): Promise<boolean>;
  leavePlace(budget: string, connectionId: ConnectionId): Promise<void>;
};

/** What consumers have been told of the health of connections. */
export type NoticeStore = {
  /** Of every connection that is failing or stale, or whose notice is not on the bus yet. */
  listNotices(): AsyncIterable<ConnectionNotice>;
  /** Replaces the notice of this revision, 0 for none; false where somebody was faster. */
  writeNotice(notice: ConnectionNotice): Promise<boolean>;
  deleteNotice(notice: ConnectionNotice): Promise<boolean>;
};

/** Which connections are due. */
export type DueStore = {
  /** By rising due time, never with a scan. */
  dueConnections(nowMs: number): AsyncIterable<{ readonly connectionId: ConnectionId; readonly dueAt: Instant }>;
};

/** A connection whose health is looked at, and when. */
export type WatchedConnection = { readonly connectionId: ConnectionId; readonly watchAt: Instant };

/** Connections as the dispatcher reads them, and the little it writes. */
export type HealthStore = {
  /** By the time at which their health is looked at, those of the future too; never with a scan. */
  watchedConnections(): AsyncIterable<WatchedConnection>;
  /** Those that are there and can be read; faults of the others go to `onFault`. Order is not kept. */
  readDispatched(
    ids: readonly ConnectionId[],
    onFault: (id: ConnectionId, error: unknown) => void,
  ): Promise<readonly DispatchedConnection[]>;
  /** Puts off the due time of a connection that nobody sweeps; false where it has moved or somebody does. */
  postpone(id: ConnectionId, from: Instant, to: Instant): Promise<boolean>;
  /** Moves the time at which its health is looked at, unless somebody has moved it; puts it on record if there was none. */
  watchAgain(id: ConnectionId, from: Instant | undefined, to: Instant): Promise<void>;
};

export type DispatchStore = DueStore &
  HealthStore &
  PlaceStore &
  NoticeStore & { listReports(id: ConnectionId): AsyncIterable<SweepReport> };

export type DispatchPorts = {
  readonly store: DispatchStore;
  /** Answers those that the queue did not take. */
  readonly queue: { send(messages: readonly QueuedMessage[]): Promise<readonly QueuedMessage[]> };
  /** Puts events about the health of connections on the bus. @throws publish.* */
  readonly publish: (notices: readonly ConnectionNotice[]) => Promise<void>;
  /** As a sweep's: asked before anything else, every time. @throws store.restored, config.invalid, store.unavailable */
  readonly readEpoch: (known: number) => Promise<number>;
  readonly nowMs: () => number;
  /** A digest of a text in hexadecimal, the same everywhere. */
  readonly hashText: (text: string) => string;
  /** Something went wrong with one connection; the others go on. */
  readonly onFault: (id: ConnectionId | undefined, error: unknown) => void;
};

/** What one dispatch found and did. */
export type DispatchReport = {
  readonly due: number;
  readonly sent: number;
  readonly failing: number;
  readonly stale: number;
  /** Of the connections that are stale, due or next to become stale; absent where there is none. */
  readonly oldestCompleteSeconds?: number;
};
