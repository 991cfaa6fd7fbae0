import { eventSource, type FeedEvent } from './feed-event.ts';
import type { NoticeEvent } from './notice-event.ts';

/** One entry of a `PutEvents` call, before the bus is known. */
export type BusEntry = {
  readonly Source: string;
  readonly DetailType: string;
  readonly Time: Date;
  readonly Resources: string[];
  readonly Detail: string;
};

/** Source: AWS EventBridge user guide, "Sending events with PutEvents": 10 entries a request. */
export const maxEntriesPerCall = 10;
/** Source: the same page: the entries of a request are below 1 MB together. */
export const maxBytesPerCall = 1024 * 1024 - 1;

/** An event as an entry for the bus. */
export function toBusEntry(event: FeedEvent | NoticeEvent): BusEntry {
  return {
    Source: eventSource,
    DetailType: event.type,
    Time: new Date(event.metadata.observedAt),
    Resources: [`urn:user-change-feed:connection:${event.metadata.connectionId}`],
    Detail: JSON.stringify({ metadata: event.metadata, data: event.data }),
  };
}

/**
 * Bytes of an entry as the service counts them: 14 for the time, then source, detail type, detail and resources in
 * UTF-8. Source: AWS EventBridge user guide, "Calculating PutEvents event entry size".
 */
export function entryBytes(entry: BusEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...entry.Resources];
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), 14);
}

/** Entries split into calls within the service's limits; every entry once, in order. */
export function packEntries(entries: readonly BusEntry[]): readonly (readonly BusEntry[])[] {
  const calls: BusEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entryBytes(entry);
    const call = calls.at(-1);
    if (call === undefined || call.length === maxEntriesPerCall || bytes + size > maxBytesPerCall) {
      calls.push([entry]);
      bytes = size;
    } else {
      call.push(entry);
      bytes += size;
    }
  }
  return calls;
}
