import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { isUserEvent } from '../events/is-user-event.ts';
import { parseFeedEvent } from '../events/parse-feed-event.ts';
import type { ConnectionEvent, FeedEvent, NoticeEvent } from '../events/published-event.ts';
import { FeedError, isFeedError } from '../model/feed-error.ts';
import { type ApplyTimes, type ApplyUserEvent, applyUserEvent, type UserEventOutcome } from './apply-user-event.ts';
import type { ConsumerTable } from './consumer-table.ts';
import { describeFailure, type FailedRecord } from './describe-failure.ts';
import { sequencePlaceOf } from './sequence-place.ts';
import type { SqsBatch, SqsBatchAnswer, SqsMessage } from './sqs-batch.ts';
import { type ConnectionGap, type SequencePlace, watchSequences } from './watch-sequences.ts';

type Later = void | Promise<void>;

export type UserEventHandlerOptions = ApplyUserEvent & {
  /** Holds, baselines, health and removal of connections: at least once, in no order, with nothing kept of them. */
  readonly onConnectionEvent?: (event: ConnectionEvent | NoticeEvent) => Later;
  /**
   * Events that have not come in time. Only for a subscription to everything: what a rule leaves out looks like a gap.
   * Needs `table`, one read and one write of it a batch and connection.
   */
  readonly onGap?: (gap: ConnectionGap) => Later;
  /** How late an event may be before it is missed. @default five minutes */
  readonly gapGraceMs?: number;
  /** How many separate stretches of early events are remembered. @default 100 */
  readonly maxGaps?: number;
  /** What became of a user event. */
  readonly onOutcome?: (outcome: UserEventOutcome) => void;
  /** A type of a later version of the contract, which is let pass. @default nothing */
  readonly onUnknownType?: (type: string) => void;
  /** A record that will be delivered again. @default one line of JSON to standard error, without anything of people */
  readonly onFailure?: (failed: FailedRecord) => void;
  /** For tests. */
  readonly times?: Partial<ApplyTimes>;
};

export type UserEventHandler = (batch: SqsBatch) => Promise<SqsBatchAnswer>;

const defaultGraceMs = 5 * 60_000;
const defaultMaxGaps = 100;

/**
 * A Lambda handler for the queue of a subscription. Duplicates, replays, resyncs and events out of order are harmless;
 * a record that cannot be read or applied fails alone and is delivered again.
 */
export function createUserEventHandler(options: UserEventHandlerOptions): UserEventHandler {
  const { onFailure = (failed) => console.error(JSON.stringify(failed)) } = options;
  const times: ApplyTimes = {
    nowMs: Date.now,
    newHolder: () => globalThis.crypto.randomUUID(),
    abortAfter: (ms) => AbortSignal.timeout(ms),
    ...options.times,
  };
  const watch = createWatch(options, times.nowMs);
  return async (batch) => {
    const arrived: SequencePlace[] = [];
    const take = async (record: SqsMessage) => {
      try {
        const place = sequencePlaceOf(record);
        if (place !== undefined) arrived.push(place);
        await takeRecord(record, options, times);
      } catch (error) {
        onFailure(describeFailure(record.messageId, error));
        throw error;
      }
    };
    const answer = await processPartialResponse(
      { Records: [...batch.Records] },
      take,
      new BatchProcessor(EventType.SQS),
      {
        // One after the other: two events of one user would stand in each other's way.
        processInParallel: false,
        throwOnFullBatchFailure: false,
      },
    );
    // An error here fails the whole batch, which is harmless: unnoted, these events would be missed some day.
    await watch?.(arrived);
    return answer;
  };
}

async function takeRecord(record: SqsMessage, options: UserEventHandlerOptions, times: ApplyTimes): Promise<void> {
  const event = readEvent(record, options.onUnknownType);
  if (event === undefined) return;
  if (!isUserEvent(event)) return options.onConnectionEvent?.(event);
  const outcome = await applyUserEvent(event, options, times);
  options.onOutcome?.(outcome);
}

function readEvent(record: SqsMessage, onUnknownType?: (type: string) => void): FeedEvent | undefined {
  try {
    return parseFeedEvent(record);
  } catch (error) {
    if (!isFeedError(error, 'event.unknown_type')) throw error;
    onUnknownType?.(error.context.type);
    return undefined;
  }
}

function createWatch(
  { table, onGap, gapGraceMs = defaultGraceMs, maxGaps = defaultMaxGaps }: UserEventHandlerOptions,
  nowMs: () => number,
) {
  if (onGap === undefined) return undefined;
  const ports = { table: requireTable(table), onGap, patience: { graceMs: gapGraceMs, maxRanges: maxGaps }, nowMs };
  return (places: readonly SequencePlace[]) => watchSequences(ports, places);
}

function requireTable(table: ConsumerTable | undefined): ConsumerTable {
  if (table !== undefined) return table;
  const fault = { path: 'table', message: 'is missing: onGap keeps there what has arrived' };
  throw new FeedError('config.invalid', `${fault.path} ${fault.message}`, { faults: [fault] });
}
