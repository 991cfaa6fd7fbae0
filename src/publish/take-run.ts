import type { FeedEvent } from '../events/feed-event.ts';
import type { ConnectionId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import type { Pace } from './pace.ts';

/** Where a run is in what it takes: meaningful to the run alone. */
export type RunCursor = { readonly [part: string]: string | number };

/** A run that was begun, as it is kept while it lasts. */
export type Run = {
  readonly runId: string;
  readonly startedAt: Instant;
  readonly taken: number;
  readonly cursor?: RunCursor;
  /** What stays as it was at the beginning, so that whatever is taken twice is the same. */
  readonly basis?: string;
};

/** Takes events; all of them are taken when it resolves. */
export type EventTarget = { take(events: readonly FeedEvent[], tenantId: string): Promise<void> };

export type RunPorts = {
  readonly store: {
    readRun(id: ConnectionId, ask: string): Promise<Run | undefined>;
    writeRun(id: ConnectionId, ask: string, run: Run): Promise<void>;
    deleteRun(id: ConnectionId, ask: string): Promise<void>;
  };
  readonly target: EventTarget;
  readonly pace: Pace;
  readonly newRun: () => Run;
  /** Called with what was found of an earlier try, and after every part. */
  readonly onProgress: (run: Run) => void;
};

/** Events that are taken together, and the cursor behind them. */
export type RunPart = { readonly events: readonly FeedEvent[]; readonly tenantId: string; readonly cursor: RunCursor };

/** What was asked for: the same words find the run again. */
export type RunAsk = {
  readonly connectionId: ConnectionId;
  readonly ask: string;
  /** What is still to be taken of a run. */
  readonly partsOf: (run: Run) => AsyncIterable<RunPart>;
};

/**
 * Takes every part to the target, no faster than the pace. Where the same was begun before and not ended, it goes on behind
 * the last part that is on record: what had been sent after it is sent again, with the same ids.
 */
export async function takeRun(
  { store, target, pace, newRun, onProgress }: RunPorts,
  { connectionId, ask, partsOf }: RunAsk,
): Promise<Run> {
  const begun = await store.readRun(connectionId, ask);
  let run = begun ?? newRun();
  // On record before anything is sent: ids hold the run's.
  if (begun === undefined) await store.writeRun(connectionId, ask, run);
  else onProgress(run);
  for await (const { events, tenantId, cursor } of partsOf(run)) {
    if (events.length > 0) {
      await pace.take(events.length);
      await target.take(events, tenantId);
    }
    run = { ...run, taken: run.taken + events.length, cursor };
    await store.writeRun(connectionId, ask, run);
    if (events.length > 0) onProgress(run);
  }
  await store.deleteRun(connectionId, ask);
  return run;
}
