import { composeEvents } from '../events/compose-events.ts';
import type { FeedEvent } from '../events/feed-event.ts';
import { FeedError } from '../model/feed-error.ts';
import type { ConnectionId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import { holdsEvents, type LogBatch } from '../model/log-batch.ts';
import type { LogStore } from '../sweep/ports.ts';
import { type BatchSearch, findPosition } from './find-position.ts';
import type { BatchProtector } from './ports.ts';

/** A place in the order of a connection's events: behind the event with this sequence. */
export type SequencePlace = {
  readonly sequence: number;
  /** Where it is left out, sequences alone are compared: after a restore, those that the new epoch uses again are skipped. */
  readonly epoch?: number;
};
/** Behind an event, or before the first that was committed at a time or later. */
export type LogPlace = SequencePlace | { readonly since: Instant };

/** Where events are read from. */
export type EventSources = {
  readonly store: BatchSearch &
    Pick<LogStore, 'readLog'> & {
      readState(id: ConnectionId): Promise<Reach | undefined>;
    };
  /** By the connection's present settings, whatever they were when a batch was written. */
  readonly protectorOf: (id: ConnectionId) => Promise<BatchProtector>;
};

type Reach = { readonly epoch: number; readonly sequence: number; readonly position: number };

/** Events that were committed together, in order. */
export type CommittedEvents = {
  readonly position: number;
  readonly committedAt: Instant;
  readonly tenantId: string;
  readonly events: readonly FeedEvent[];
};

/**
 * The committed events of a connection from a place on, in order, as the publisher composes them, whether they are on the bus or
 * not. The place is found without reading what lies before it.
 * @throws log.expired where an event behind the place is no longer kept, log.ahead where the place is beyond the last event
 */
export async function* readEvents(
  { store, protectorOf }: EventSources,
  connectionId: ConnectionId,
  place: LogPlace,
): AsyncIterable<CommittedEvents> {
  // Strongly consistent, and before the log: whatever it counts is in the log, or was.
  const state = await store.readState(connectionId);
  if (state === undefined) return;
  const isBefore = (batch: LogBatch) => liesBefore(batch, place);
  const from = await findPosition(store, connectionId, { end: state.position, isBefore });
  const watch = watchForGaps(connectionId, place, state);
  for await (const batch of store.readLog(connectionId, from)) {
    watch.pass(batch);
    if (!holdsEvents(batch) || isBefore(batch)) continue;
    const events = composeEvents((await protectorOf(connectionId)).protectBatch(batch));
    const { position, committedAt, tenantId } = batch;
    yield { position, committedAt, tenantId, events: events.filter((event) => follows(event, place)) };
  }
  watch.end();
}

function liesBefore({ committedAt, lastSequence, epoch }: LogBatch, place: LogPlace): boolean {
  return 'since' in place ? committedAt < place.since : !isBehind(lastSequence, epoch, place);
}

function follows({ metadata }: FeedEvent, place: LogPlace): boolean {
  return 'since' in place || isBehind(metadata.sequence, metadata.epoch, place);
}

/** Notices where events between the place and the end of the log are missing: time to live takes batches in any order. */
function watchForGaps(connectionId: ConnectionId, place: LogPlace, state: Reach) {
  let reached = 'since' in place ? undefined : place.sequence;
  let last = state;
  return {
    pass(batch: LogBatch) {
      const before = batch.lastSequence - countEvents(batch);
      if (reached !== undefined && before > reached) throw expired(connectionId, { reached, oldest: before + 1 });
      reached = Math.max(reached ?? 0, batch.lastSequence);
      last = { epoch: batch.epoch, sequence: batch.lastSequence, position: batch.position };
    },
    end() {
      if ('since' in place) return;
      if (isBehind(place.sequence, place.epoch ?? last.epoch, last)) throw ahead(connectionId, place, last);
      const seen = reached ?? 0;
      if (seen < state.sequence) throw expired(connectionId, { reached: seen, oldest: undefined });
    },
  };
}

/** Whether a sequence comes after a place. */
function isBehind(sequence: number, epoch: number, place: SequencePlace): boolean {
  if (place.epoch === undefined || place.epoch === epoch) return sequence > place.sequence;
  return epoch > place.epoch;
}

function countEvents({ transitions, connectionChanges }: LogBatch): number {
  return connectionChanges.length + transitions.filter(({ change }) => change !== undefined).length;
}

function expired(
  connectionId: ConnectionId,
  { reached, oldest }: { readonly reached: number; readonly oldest: number | undefined },
): FeedError<'log.expired'> {
  const kept = oldest === undefined ? 'none of them is kept any more' : `the oldest that is kept is ${oldest}`;
  const message = `${connectionId}: events after sequence ${reached} are gone, ${kept}; join by a snapshot (ucf users list --with-sequence) and go on from its sequence`;
  return new FeedError('log.expired', message, { connectionId, afterSequence: reached });
}

function ahead(connectionId: ConnectionId, { sequence, epoch }: SequencePlace, last: Reach): FeedError<'log.ahead'> {
  const of = (which: number | undefined) => (which === undefined ? '' : ` of epoch ${which}`);
  const message = `${connectionId}: there is no sequence ${sequence}${of(epoch)} yet, the last is ${last.sequence}${of(last.epoch)}; after a restore, name the epoch of the last event you have`;
  return new FeedError('log.ahead', message, { connectionId, lastSequence: last.sequence });
}
