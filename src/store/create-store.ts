import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { HealthStore, NoticeStore, PlaceStore } from '../sweep/dispatch-ports.ts';
import type { SweepStore } from '../sweep/ports.ts';
import { createBlobStore } from './blob-store.ts';
import { type ConnectionStore, createConnectionStore } from './connection-store.ts';
import { createDispatchStore } from './dispatch-store.ts';
import { createEntryStore } from './entry-store.ts';
import { createEntryWalk, type EntryWalk } from './entry-walk.ts';
import { createHoldStore } from './hold-store.ts';
import { createIndexStore } from './index-store.ts';
import { createLogSearch, type LogSearch } from './log-search.ts';
import { createLogStore } from './log-store.ts';
import { createNoticeStore } from './notice-store.ts';
import { createPlaceStore } from './place-store.ts';
import { createPublishedStore } from './published-store.ts';
import { createRequestStore } from './request-store.ts';
import { createRunStore, type RunStore } from './run-store.ts';
import { createStateStore } from './state-store.ts';
import { createSweepRecordStore } from './sweep-record-store.ts';
import { createTableClient } from './table-client.ts';

export type FeedStore = SweepStore &
  ConnectionStore &
  HealthStore &
  PlaceStore &
  NoticeStore &
  LogSearch &
  EntryWalk &
  RunStore;

/** Everything the feed keeps, in one DynamoDB table. */
export function createStore(
  client: DynamoDBClient,
  tableName: string,
  sleep: (ms: number) => Promise<void>,
  nowMs: () => number = Date.now,
): FeedStore {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const table = createTableClient(documents, tableName, sleep);
  const index = createIndexStore(table);
  return {
    ...createStateStore(table),
    ...createLogStore(table),
    ...createEntryStore(table),
    ...index,
    ...createBlobStore(table, nowMs),
    ...createSweepRecordStore(table),
    ...createHoldStore(table),
    ...createRequestStore(table),
    ...createPublishedStore(table),
    ...createConnectionStore(table, index),
    ...createDispatchStore(table, nowMs),
    ...createNoticeStore(table),
    ...createPlaceStore(table, nowMs),
    ...createLogSearch(table),
    ...createEntryWalk(table),
    ...createRunStore(table, nowMs),
  };
}
