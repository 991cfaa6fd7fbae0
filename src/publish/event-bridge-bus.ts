import {
  DescribeEventBusCommand,
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { type BusEntry, packEntries } from '../events/pack-entries.ts';
import { FeedError } from '../model/feed-error.ts';
import type { CheckedBus } from './ports.ts';

export type EventBridgeBusOptions = {
  readonly client: EventBridgeClient;
  readonly busName: string;
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 to 1, for the jitter of pauses. */
  readonly random: () => number;
};

/** Tries of the entries a call did not take. */
export const maxPutTries = 6;
const firstPauseMs = 50;
/** A bus that does not exist answers 200 and drops everything, so its existence is checked this often. */
const busCheckEveryMs = 60_000;

/** An EventBridge bus. The only place that reads how many entries of a call failed. */
export function createEventBridgeBus({ client, busName, nowMs, sleep, random }: EventBridgeBusOptions): CheckedBus {
  let checkedAtMs = Number.NEGATIVE_INFINITY;

  const checkBus = async () => {
    await client.send(new DescribeEventBusCommand({ Name: busName })).catch((cause: unknown) => {
      throw isNotFound(cause) ? busMissing(busName, cause) : unavailable(busName, cause);
    });
    checkedAtMs = nowMs();
  };
  const assertBusExists = async () => {
    if (nowMs() - checkedAtMs >= busCheckEveryMs) await checkBus();
  };
  const put = async (entries: readonly BusEntry[]): Promise<readonly PutEventsResultEntry[]> => {
    const Entries = entries.map((entry) => ({ ...entry, EventBusName: busName }));
    const answer = await client.send(new PutEventsCommand({ Entries })).catch((cause: unknown) => {
      throw unavailable(busName, cause);
    });
    const results = answer.Entries ?? [];
    const failed = results.filter(isRefused).length;
    // Count and codes say the same; where they do not, the entries are taken for refused rather than for published.
    if (results.length === entries.length && failed >= (answer.FailedEntryCount ?? 0)) return results;
    const message = `the bus ${busName} answered for ${results.length} of ${entries.length} entries`;
    throw new FeedError('publish.unavailable', message, { busName });
  };
  const putUntilAccepted = async (call: readonly BusEntry[]) => {
    let rest = call;
    for (let attempt = 1; ; attempt += 1) {
      const results = await put(rest);
      const refusals = results.filter(isRefused);
      // Results stand in the order of the entries: what failed is sent again, and only that.
      rest = rest.filter((_, at) => isRefused(results[at]));
      if (rest.length === 0) return;
      if (attempt === maxPutTries) throw stillRefused(busName, refusals);
      await sleep(random() * firstPauseMs * 2 ** attempt);
    }
  };
  return {
    checkBus,
    async putEntries(entries) {
      if (entries.length === 0) return;
      await assertBusExists();
      for (const call of packEntries(entries)) await putUntilAccepted(call);
    },
  };
}

/** Accepted is an entry that got an id. */
function isRefused(result: PutEventsResultEntry | undefined): boolean {
  return result?.EventId === undefined || result.ErrorCode !== undefined;
}

function stillRefused(busName: string, refusals: readonly PutEventsResultEntry[]): FeedError {
  const firstErrorCode = refusals[0]?.ErrorCode ?? 'unknown';
  const message = `the bus ${busName} refused ${refusals.length} entries ${maxPutTries} times (${firstErrorCode})`;
  return new FeedError('publish.partial', message, { failed: refusals.length, firstErrorCode });
}

function isNotFound(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'ResourceNotFoundException';
}

function busMissing(busName: string, cause: unknown): FeedError {
  const message = `the event bus ${busName} does not exist; deploy it, or name the right one`;
  return new FeedError('publish.bus_missing', message, { busName }, { cause });
}

function unavailable(busName: string, cause: unknown): FeedError {
  return new FeedError('publish.unavailable', `the event bus ${busName} did not take a call`, { busName }, { cause });
}
