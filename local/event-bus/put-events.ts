import { type Answer, refuse } from './answer.ts';
import { type BusEvent, toBusEvent } from './bus-event.ts';
import type { ArmedFaults } from './bus-faults.ts';
import { checkEntry, checkLimits, type EntryFailure } from './check-entries.ts';
import { busNameOf, readEntries, type SentEntry } from './sent-entry.ts';

/** Receives accepted events, one after the other. What it rejects was not accepted. */
export type OnEvent = (event: BusEvent, busName: string) => void | Promise<void>;

export type PutEventsDeps = {
  readonly busNames: ReadonlySet<string>;
  readonly onEvent: OnEvent;
  readonly faults: ArmedFaults;
  readonly now: () => number;
  readonly makeEventId: () => string;
};

type EntryResult = EntryFailure | { readonly EventId: string };

/** Carries out one `PutEvents` call: its entries in order, acknowledged only when `onEvent` has taken them. */
export async function putEvents(body: unknown, deps: PutEventsDeps): Promise<Answer> {
  const entries = readEntries(body);
  if (entries === undefined) return refuse('SerializationException', 'The request is not a PutEvents request.');
  const refusal = checkLimits(entries);
  if (refusal !== undefined) return refusal;
  const results: EntryResult[] = [];
  for (const entry of entries) results.push(await putEntry(entry, deps));
  const failedCount = results.filter((result) => 'ErrorCode' in result).length;
  return { status: 200, body: { FailedEntryCount: failedCount, Entries: results } };
}

async function putEntry(entry: SentEntry, deps: PutEventsDeps): Promise<EntryResult> {
  const checked = checkEntry(entry);
  if ('ErrorCode' in checked) return checked;
  const errorCode = deps.faults.fireForEntry(entry);
  if (errorCode !== undefined) return { ErrorCode: errorCode, ErrorMessage: 'A planted fault.' };
  const eventId = deps.makeEventId();
  const busName = busNameOf(entry.EventBusName);
  // The service does the same: an entry for a bus that does not exist gets an id and is dropped without a word.
  // Source: AWS EventBridge user guide, "Handling failures with PutEvents".
  if (!deps.busNames.has(busName)) return { EventId: eventId };
  try {
    await deps.onEvent(toBusEvent(entry, checked.detail, eventId, deps.now()), busName);
    return { EventId: eventId };
  } catch (cause) {
    return { ErrorCode: 'InternalFailure', ErrorMessage: cause instanceof Error ? cause.message : String(cause) };
  }
}
