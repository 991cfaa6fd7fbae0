import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { FeedError } from '../model/feed-error.ts';
import type { Key } from './keys.ts';
import { nameItem } from './read-part.ts';

export type Item = Readonly<Record<string, unknown>>;

/** A condition on a write, in DynamoDB's expression language. */
export type Condition = {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Item;
};

/** That there is no item under the key yet. */
export const isNotThere: Condition = { expression: 'attribute_not_exists(pk)' };

/** The few operations this store is made of: single items, strongly consistent reads, no transaction, no scan. */
export type TableClient = {
  get(key: Key): Promise<Item | undefined>;
  /** Missing keys have no item in the answer. Order is not kept. */
  getMany(keys: readonly Key[]): Promise<readonly Item[]>;
  /** False where the condition does not hold. */
  put(item: Item & Key, condition?: Condition): Promise<boolean>;
  /** False where the condition does not hold. */
  update(key: Key, expression: string, condition: Condition): Promise<boolean>;
  /** Unconditional, 25 at a time. */
  putMany(items: readonly (Item & Key)[]): Promise<void>;
  deleteMany(keys: readonly Key[]): Promise<void>;
  delete(key: Key): Promise<void>;
  /** False where the condition does not hold. */
  deleteIf(key: Key, condition: Condition): Promise<boolean>;
  query(input: Omit<QueryCommandInput, 'TableName'>): AsyncIterable<Item>;
};

/** Source: AWS DynamoDB API reference, BatchGetItem and BatchWriteItem. */
const maxBatchGet = 100;
const maxBatchWrite = 25;
/** Tries of a batch whose rest the service gave back unprocessed. */
const maxBatchTries = 8;

export function createTableClient(
  client: DynamoDBDocumentClient,
  tableName: string,
  sleep: (ms: number) => Promise<void>,
): TableClient {
  const asStoreError = (item: string) => (cause: unknown) => {
    if (isTooLarge(cause)) throw tooLarge(item, cause);
    throw new FeedError('store.unavailable', `the table ${tableName} did not answer for ${item}`, { item }, { cause });
  };
  const unlessConditionFailed = (cause: unknown): false => {
    if (cause instanceof Error && cause.name === 'ConditionalCheckFailedException') return false;
    throw cause;
  };
  const writeAll = async (requests: readonly object[]) => {
    for (const part of chunksOf(requests, maxBatchWrite))
      await untilProcessed(part, sleep, async (rest) => {
        const answer = await client.send(new BatchWriteCommand({ RequestItems: { [tableName]: rest } as never }));
        return answer.UnprocessedItems?.[tableName] ?? [];
      });
  };
  return {
    async get(key) {
      const answer = await client
        .send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }))
        .catch(asStoreError(nameItem(key)));
      return answer.Item;
    },
    async getMany(keys) {
      const items: Item[] = [];
      for (const part of chunksOf(keys, maxBatchGet))
        await untilProcessed(part, sleep, async (rest) => {
          const request = { [tableName]: { Keys: [...rest], ConsistentRead: true } };
          const answer = await client.send(new BatchGetCommand({ RequestItems: request }));
          items.push(...(answer.Responses?.[tableName] ?? []));
          return (answer.UnprocessedKeys?.[tableName]?.Keys ?? []) as Key[];
        }).catch(asStoreError(nameItems(part)));
      return items;
    },
    put: (item, condition) =>
      client
        .send(new PutCommand({ TableName: tableName, Item: item, ...conditionInput(condition) }))
        .then(() => true)
        .catch(unlessConditionFailed)
        .catch(asStoreError(nameItem(item))),
    update: (key, expression, condition) => {
      const input: UpdateCommandInput = { TableName: tableName, Key: key, UpdateExpression: expression };
      return client
        .send(new UpdateCommand({ ...input, ...conditionInput(condition) }))
        .then(() => true)
        .catch(unlessConditionFailed)
        .catch(asStoreError(nameItem(key)));
    },
    putMany: (items) => writeAll(items.map((Item) => ({ PutRequest: { Item } }))).catch(asStoreError(nameItems(items))),
    deleteMany: (keys) =>
      writeAll(keys.map((Key) => ({ DeleteRequest: { Key } }))).catch(asStoreError('several items')),
    async delete(key) {
      await client.send(new DeleteCommand({ TableName: tableName, Key: key })).catch(asStoreError(nameItem(key)));
    },
    deleteIf: (key, condition) =>
      client
        .send(new DeleteCommand({ TableName: tableName, Key: key, ...conditionInput(condition) }))
        .then(() => true)
        .catch(unlessConditionFailed)
        .catch(asStoreError(nameItem(key))),
    async *query(input) {
      let ExclusiveStartKey: Record<string, unknown> | undefined;
      do {
        const start = ExclusiveStartKey && { ExclusiveStartKey };
        const answer = await client
          .send(new QueryCommand({ TableName: tableName, ...input, ...start }))
          .catch(asStoreError(`a query of ${String(input.ExpressionAttributeValues?.[':pk'] ?? input.IndexName)}`));
        yield* answer.Items ?? [];
        ExclusiveStartKey = answer.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined);
    },
  };
}

function conditionInput(condition: Condition | undefined) {
  if (condition === undefined) return {};
  return {
    ConditionExpression: condition.expression,
    ...(condition.names && { ExpressionAttributeNames: { ...condition.names } }),
    ...(condition.values && { ExpressionAttributeValues: { ...condition.values } }),
  };
}

/** Source: AWS DynamoDB developer guide, "Constraints": an item holds 400 KB. */
const maxItemBytes = 400 * 1024;

function isTooLarge(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'ValidationException' && /size has exceeded/i.test(cause.message);
}

function tooLarge(item: string, cause: unknown): FeedError {
  const message = `${item} is larger than the ${maxItemBytes} bytes that an item can have`;
  return new FeedError('store.item_too_large', message, { item, maxBytes: maxItemBytes }, { cause });
}

function nameItems(items: readonly Key[]): string {
  const [first] = items;
  return first === undefined ? 'no items' : `${items.length} items from ${nameItem(first)} on`;
}

/** Sends a batch again, with growing pauses, until the service has taken all of it. */
async function untilProcessed<T>(
  batch: readonly T[],
  sleep: (ms: number) => Promise<void>,
  send: (rest: readonly T[]) => Promise<readonly T[]>,
): Promise<void> {
  let rest = batch;
  for (let attempt = 0; rest.length > 0; attempt += 1) {
    if (attempt === maxBatchTries) throw new Error(`${rest.length} of ${batch.length} stayed unprocessed`);
    if (attempt > 0) await sleep(25 * 2 ** attempt);
    const before = rest.length;
    rest = await send(rest);
    // Large items come few at a time: what makes progress may go on.
    if (rest.length < before) attempt = 0;
  }
}

function* chunksOf<T>(items: readonly T[], size: number): Iterable<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
