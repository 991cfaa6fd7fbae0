import { AwsFault } from '../aws-fault.ts';
import type { Attributes } from './attribute-value.ts';
import { parseCondition } from './condition.ts';
import type { Placeholders } from './expression-path.ts';
import { type ItemKey, keyOf, type MemoryTable } from './memory-table.ts';
import { type QueryInput, queryTable } from './query-table.ts';
import { parseUpdate } from './update.ts';

/** Answers one operation by its name, as the JSON protocol has input and output. @throws AwsFault */
export type MemoryDynamo = (operation: string, input: never) => object;

export type MemoryDynamoOptions = {
  readonly table: MemoryTable;
  readonly tableId: () => string;
  /** The most items of an answer to a query. */
  readonly pageSize?: () => number;
  /** What the indexes are made of; the table as it is where it is left out. */
  readonly indexed?: () => Iterable<Attributes>;
  /** How many of a batch are carried out; the rest is given back unprocessed. */
  readonly portion?: (size: number) => number;
};

type Expressions = {
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: { readonly [placeholder: string]: string };
  readonly ExpressionAttributeValues?: Attributes;
};
type Keyed = Expressions & { readonly TableName: string; readonly Key: Attributes };
type BatchKeys = { readonly [table: string]: { readonly Keys: readonly Attributes[] } };
type WriteRequest = {
  readonly PutRequest?: { readonly Item: Attributes };
  readonly DeleteRequest?: { readonly Key: Attributes };
};

/** DynamoDB as far as this project uses it, over one table. */
export function createMemoryDynamo(options: MemoryDynamoOptions): MemoryDynamo {
  const { table, tableId, pageSize = () => 1_000, indexed = table.items, portion = (size) => size } = options;
  const check = (key: ItemKey, input: Expressions) => {
    if (input.ConditionExpression === undefined) return;
    if (parseCondition(input.ConditionExpression)(table.get(key), placeholdersOf(input))) return;
    throw new AwsFault('ConditionalCheckFailedException', 'The conditional request failed');
  };
  const operations: { readonly [name: string]: (input: never) => object } = {
    DescribeTable: () => ({ Table: { TableId: tableId(), TableStatus: 'ACTIVE' } }),
    GetItem: ({ Key }: Keyed) => {
      const item = table.get(keyOf(Key));
      return item === undefined ? {} : { Item: item };
    },
    PutItem: (input: Expressions & { readonly Item: Attributes }) => {
      const key = keyOf(input.Item);
      check(key, input);
      table.put(key, input.Item);
      return {};
    },
    UpdateItem: (input: Keyed & { readonly UpdateExpression: string }) => {
      const key = keyOf(input.Key);
      check(key, input);
      table.put(key, parseUpdate(input.UpdateExpression)(table.get(key) ?? input.Key, placeholdersOf(input)));
      return {};
    },
    DeleteItem: (input: Keyed) => {
      const key = keyOf(input.Key);
      check(key, input);
      if (table.get(key) !== undefined) table.put(key, undefined);
      return {};
    },
    Query: (input: QueryInput & Expressions) =>
      queryTable({ table, indexed }, input, { placeholders: placeholdersOf(input), pageSize: pageSize() }),
    BatchGetItem: ({ RequestItems }: { readonly RequestItems: BatchKeys }) => {
      const [[name, { Keys }] = ['', { Keys: [] }]] = Object.entries(RequestItems);
      assertDistinct(Keys);
      const taken = portion(Keys.length);
      // In another order than they were asked for, as nobody may rely on any.
      const found = Keys.slice(0, taken)
        .flatMap((key) => table.get(keyOf(key)) ?? [])
        .reverse();
      const rest = Keys.slice(taken);
      return { Responses: { [name]: found }, UnprocessedKeys: rest.length > 0 ? { [name]: { Keys: rest } } : {} };
    },
    BatchWriteItem: ({
      RequestItems,
    }: {
      readonly RequestItems: { readonly [table: string]: readonly WriteRequest[] };
    }) => {
      const [[name, requests] = ['', []]] = Object.entries(RequestItems);
      assertDistinct(requests.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key ?? {}));
      const taken = portion(requests.length);
      for (const { PutRequest, DeleteRequest } of requests.slice(0, taken)) {
        if (PutRequest !== undefined) table.put(keyOf(PutRequest.Item), PutRequest.Item);
        else if (DeleteRequest !== undefined && table.get(keyOf(DeleteRequest.Key)))
          table.put(keyOf(DeleteRequest.Key), undefined);
      }
      const rest = requests.slice(taken);
      return { UnprocessedItems: rest.length > 0 ? { [name]: rest } : {} };
    },
  };
  return (operation, input) => {
    const run = operations[operation];
    if (run === undefined) throw new AwsFault('UnknownOperationException', `${operation} is not simulated`);
    return run(input);
  };
}

/** A batch with the same key twice is refused as a whole. */
function assertDistinct(items: readonly Attributes[]): void {
  const keys = items.map(keyOf).map(({ pk, sk }) => `${pk} ${sk}`);
  if (new Set(keys).size < keys.length)
    throw new AwsFault('ValidationException', 'Provided list of item keys contains duplicates');
}

function placeholdersOf({
  ExpressionAttributeNames: names = {},
  ExpressionAttributeValues: values = {},
}: Expressions): Placeholders {
  return { names, values };
}
