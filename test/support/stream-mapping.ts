import { hash } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { Item } from '../../src/store/table-client.ts';
import type { StreamRules } from './mapping-rules.ts';
import { matchesPattern } from './stream-filter.ts';

/** What Lambda leaves behind of a batch that it gives up. */
export type GivenUpBatch = {
  readonly why: 'retries' | 'age';
  readonly shard: string;
  readonly from: string;
  readonly to: string;
  readonly size: number;
  /** The whole event as text, where the destination keeps it. */
  readonly payload?: string;
};

export type TableChange = { readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE'; readonly item: Item };

/**
 * Lambda's event source mapping on a DynamoDB stream, driven step by step. Sources, below
 * docs.aws.amazon.com/lambda/latest/dg/ (stored copies, 2026-11): services-ddb-batchfailurereporting, services-ddb-params,
 * services-dynamodb-errors, with-ddb, invocation-eventfiltering.
 */
export type StreamMapping = {
  /** Changes of the table as a shard has them: numbered in order, as old as the clock says. */
  put(shard: string, ...changes: readonly TableChange[]): void;
  /** At most one invocation for each lane of a shard, or of all shards; answers whether there was anything to do. */
  step(shard?: string): Promise<boolean>;
  /** Steps until there is nothing left to do. A mapping that never gets there is a fault of its own. */
  drain(shard?: string): Promise<void>;
  readonly givenUp: readonly GivenUpBatch[];
  /** The numbers of the records of each invocation. */
  readonly invocations: readonly (readonly string[])[];
};

export type StreamMappingOptions = {
  readonly rules: StreamRules;
  readonly handler: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse | undefined>;
  readonly nowMs: () => number;
};

type Batch = { readonly records: readonly DynamoDBRecord[]; readonly retries: number };
/** A part of a shard that is read in order: all of it, unless it is read in parallel. */
type Lane = { readonly shard: string; readonly unread: DynamoDBRecord[]; readonly batches: Batch[] };

const mostSteps = 10_000;

export function createStreamMapping({ rules, handler, nowMs }: StreamMappingOptions): StreamMapping {
  const shards = new Map<string, readonly Lane[]>();
  const givenUp: GivenUpBatch[] = [];
  const invocations: (readonly string[])[] = [];
  let records = 0;

  const lanesOf = (shard: string) => {
    const lanes = shards.get(shard) ?? Array.from({ length: rules.parallelization }, () => newLane(shard));
    shards.set(shard, lanes);
    return lanes;
  };
  const giveUp = ({ shard }: Lane, why: GivenUpBatch['why'], batch: readonly DynamoDBRecord[]) => {
    if (batch.length === 0) return;
    const place = { why, shard, from: numberOf(batch[0]), to: numberOf(batch.at(-1)), size: batch.length };
    givenUp.push({ ...place, ...(rules.keeps === 'payload' && { payload: JSON.stringify({ Records: batch }) }) });
  };
  const invoke = async (batch: Batch): Promise<Outcome> => {
    invocations.push(batch.records.map(numberOf));
    // As it comes over the wire: a copy, and JSON.
    const event = JSON.parse(JSON.stringify({ Records: batch.records })) as DynamoDBStreamEvent;
    const answer = await handler(event).then(
      (response) => ({ response }),
      () => 'thrown' as const,
    );
    return answer === 'thrown' ? 'all_failed' : outcomeOf(answer.response, batch.records, rules);
  };
  const stepLane = async (lane: Lane): Promise<boolean> => {
    if (lane.batches.length === 0) readNext(lane, rules);
    const [batch] = lane.batches;
    if (batch === undefined) return lane.unread.length > 0;
    const fresh = batch.records.filter((record) => !isTooOld(record, rules, nowMs()));
    giveUp(
      lane,
      'age',
      batch.records.filter((record) => !fresh.includes(record)),
    );
    lane.batches.shift();
    if (fresh.length === 0) return true;
    const tried = { ...batch, records: fresh };
    const left = leftOver(tried, await invoke(tried), rules);
    const isOver = (each: Batch) => rules.maxRetries >= 0 && each.retries > rules.maxRetries;
    for (const each of left.filter(isOver)) giveUp(lane, 'retries', each.records);
    // The shard goes on behind what was given up, and not before the rest of this batch.
    lane.batches.unshift(...left.filter((each) => !isOver(each)));
    return true;
  };
  const step = async (shard?: string) => {
    const lanes = shard === undefined ? [...shards.values()].flat() : lanesOf(shard);
    const answers = await Promise.all(lanes.map(stepLane));
    return answers.includes(true);
  };
  return {
    givenUp,
    invocations,
    step,
    put(shard, ...changes) {
      for (const change of changes) {
        records += 1;
        const record = toRecord(change, records, nowMs());
        const lanes = lanesOf(shard);
        lanes[laneOf(record, lanes.length)]?.unread.push(record);
      }
    },
    async drain(shard) {
      for (let steps = 0; await step(shard); steps += 1)
        if (steps === mostSteps) throw new Error(`the stream is not empty after ${mostSteps} invocations`);
    },
  };
}

function newLane(shard: string): Lane {
  return { shard, unread: [], batches: [] };
}

/** A batch is read as a whole, and what the filters leave out of it is passed over for good. */
function readNext(lane: Lane, { batchSize, filters }: StreamRules): void {
  const read = lane.unread.splice(0, batchSize);
  const wanted = read.filter(
    (record) => filters.length === 0 || filters.some((pattern) => matchesPattern(record, pattern)),
  );
  if (wanted.length > 0) lane.batches.push({ records: wanted, retries: 0 });
}

/** Where the checkpoint comes to stand: behind the batch, before its first record, or before the lowest that failed. */
type Outcome = 'done' | 'all_failed' | { readonly firstFailed: number };

function outcomeOf(
  response: DynamoDBBatchResponse | undefined,
  records: readonly DynamoDBRecord[],
  { isPartial }: StreamRules,
): Outcome {
  // An answer without failures, or none at all, is a success; and any answer is where partial ones are not asked for.
  const failures = isPartial ? (response?.batchItemFailures ?? []) : [];
  if (failures.length === 0) return 'done';
  const places = failures.map(({ itemIdentifier }) => records.findIndex((one) => numberOf(one) === itemIdentifier));
  // Nobody knows which record an empty identifier means, or one that was not in the batch.
  return places.includes(-1) ? 'all_failed' : { firstFailed: Math.min(...places) };
}

/** What is delivered again, in this order. */
function leftOver({ records, retries }: Batch, outcome: Outcome, { bisects }: StreamRules): readonly Batch[] {
  if (outcome === 'done') return [];
  // Also those behind it that had succeeded. Whether getting on begins the retries anew is not documented: here it does not.
  if (outcome !== 'all_failed') return [{ records: records.slice(outcome.firstFailed), retries: retries + 1 }];
  if (!bisects || records.length === 1) return [{ records, retries: retries + 1 }];
  // Splitting does not count as a retry.
  const middle = Math.ceil(records.length / 2);
  return [records.slice(0, middle), records.slice(middle)].map((half) => ({ records: half, retries }));
}

function isTooOld({ dynamodb }: DynamoDBRecord, { maxAgeSeconds }: StreamRules, nowMs: number): boolean {
  return maxAgeSeconds >= 0 && nowMs / 1000 - (dynamodb?.ApproximateCreationDateTime ?? 0) > maxAgeSeconds;
}

/** In parallel, only the changes of one item are sure to be in one lane. */
function laneOf({ dynamodb }: DynamoDBRecord, lanes: number): number {
  return Number.parseInt(hash('sha256', JSON.stringify(dynamodb?.Keys)).slice(0, 8), 16) % lanes;
}

function numberOf(record: DynamoDBRecord | undefined): string {
  return record?.dynamodb?.SequenceNumber ?? '';
}

function toRecord({ eventName, item }: TableChange, number: number, nowMs: number): DynamoDBRecord {
  const image = marshall(item, { removeUndefinedValues: true });
  return {
    eventID: `record-${number}`,
    eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    eventSourceARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/user-change-feed/stream/test',
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(nowMs / 1000),
      Keys: { pk: image.pk, sk: image.sk } as never,
      ...(eventName !== 'REMOVE' && { NewImage: image as never }),
      SequenceNumber: String(number).padStart(24, '0'),
      StreamViewType: 'NEW_IMAGE',
    },
  };
}
