import type { FeedEvent } from '../events/feed-event.ts';
import type { ConnectionId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import { type CommittedEvents, type EventSources, type LogPlace, readEvents } from './read-events.ts';
import type { Run, RunPart } from './take-run.ts';

/** Which events of the log are repeated. */
export type ReplayRange = {
  readonly from: LogPlace;
  /** Up to and with this event, or whatever was committed until then; to the end of the log where it is left out. */
  readonly to?: { readonly sequence: number } | { readonly until: Instant };
  /** All where it is left out. */
  readonly types?: ReadonlySet<string>;
};

/** Commits of which nothing is asked for, after which the place is put on record nevertheless. */
const quietCommits = 100;

/** The events of the log in a range, under their own ids, with origin `replay`: what is left of a run. */
export async function* replayParts(
  sources: EventSources,
  connectionId: ConnectionId,
  { range, run }: { readonly range: ReplayRange; readonly run: Run },
): AsyncIterable<RunPart> {
  const { cursor } = run;
  const from = cursor === undefined ? range.from : { epoch: Number(cursor.epoch), sequence: Number(cursor.sequence) };
  let quiet = 0;
  for await (const committed of readEvents(sources, connectionId, from)) {
    const within = committed.events.filter((event) => isWithin(event, committed, range.to));
    const last = within.at(-1);
    if (last === undefined) return;
    const events = within.filter(({ type }) => range.types?.has(type) ?? true).map(asReplayed);
    quiet = events.length === 0 ? quiet + 1 : 0;
    const { epoch, sequence } = last.metadata;
    const isWorthWriting = events.length > 0 || quiet % quietCommits === 0;
    if (isWorthWriting) yield { events, tenantId: committed.tenantId, cursor: { epoch, sequence } };
  }
}

function isWithin({ metadata }: FeedEvent, { committedAt }: CommittedEvents, to: ReplayRange['to']): boolean {
  if (to === undefined) return true;
  return 'until' in to ? committedAt <= to.until : metadata.sequence <= to.sequence;
}

function asReplayed(event: FeedEvent): FeedEvent {
  return { ...event, metadata: { ...event.metadata, origin: 'replay' } } as FeedEvent;
}
