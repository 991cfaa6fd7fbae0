import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';

/** The table a command is for, and whose items it is about: runs share the table. */
export type OperationPlace = { readonly tableName: string; readonly run: string };
type Item = Record<string, AttributeValue>;
type Key = { readonly pk: string; readonly sk: string };

const sortKeys = ['log#1', 'log#2', 'log#30', 'state', 'é', 'Z'];
const aKey = fc.record<Key>({ pk: fc.constantFrom('a', 'b'), sk: fc.constantFrom(...sortKeys) });
const aNumber = fc.integer({ min: 0, max: 4 });
const aTime = fc.constantFrom('2026-01-01', '2026-01-02', '2026-01-10');
const anItem = fc.record(
  {
    revision: aNumber,
    expires: aNumber,
    dueAt: aTime,
    isDue: fc.boolean(),
    places: fc.dictionary(fc.constantFrom('x', 'y'), aNumber),
  },
  { requiredKeys: [] },
);

/** Expressions as the store has them. */
const conditions = [
  'attribute_not_exists(pk)',
  'attribute_exists(pk) AND attribute_not_exists(#places.#x)',
  'revision = :n',
  'attribute_not_exists(pk) OR revision < :n',
  'revision = :n AND attribute_exists(expires)',
  '#places.#x = :n',
  'attribute_exists(#places.#x) OR size(#places) < :n',
  'dueAt = :at AND (attribute_not_exists(expires) OR expires <= :n)',
  'NOT (revision <> :n)',
] as const;
const updates = [
  'SET #places.#x = :n, revision = revision + :n',
  'SET revision = revision + :n REMOVE #places.#x',
  'SET dueAt = :at, #places.dueAt = :at',
  'SET expires = :n REMOVE due, revision',
] as const;
const queries = [
  'pk = :pk',
  'pk = :pk AND sk > :sk',
  'pk = :pk AND sk < :sk',
  'pk = :pk AND begins_with(sk, :sk)',
  'pk = :pk AND sk BETWEEN :sk AND :last',
] as const;

const aCondition = fc.option(fc.constantFrom(...conditions), { nil: undefined });
const values = { n: aNumber, at: aTime };

export const anOperation = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), key: aKey, item: anItem, condition: aCondition, ...values }),
  fc.record({ kind: fc.constant('get' as const), key: aKey }),
  fc.record({
    kind: fc.constant('update' as const),
    key: aKey,
    update: fc.constantFrom(...updates),
    condition: aCondition,
    ...values,
  }),
  fc.record({ kind: fc.constant('delete' as const), key: aKey, condition: aCondition, ...values }),
  fc.record({
    kind: fc.constant('read_many' as const),
    keys: fc.array(aKey, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('write_many' as const),
    puts: fc.array(aKey, { minLength: 1, maxLength: 4 }),
    item: anItem,
  }),
  fc.record({
    kind: fc.constant('query' as const),
    key: aKey,
    query: fc.constantFrom(...queries),
    isForward: fc.boolean(),
    limit: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    isShort: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('query_due' as const), at: aTime }),
);
export type Operation = typeof anOperation extends fc.Arbitrary<infer Each> ? Each : never;
type Given = typeof anItem extends fc.Arbitrary<infer Each> ? Each : never;

export function toCommand(operation: Operation, { tableName: TableName, run }: OperationPlace): never {
  return commandOf(operation, TableName, run) as never;
}

function commandOf(operation: Operation, TableName: string, run: string) {
  const keyOf = ({ pk, sk }: Key): Item => ({ pk: { S: `${run}/${pk}` }, sk: { S: sk } });
  switch (operation.kind) {
    case 'get':
      return new GetItemCommand({ TableName, Key: keyOf(operation.key), ConsistentRead: true });
    case 'put':
      return new PutItemCommand({
        TableName,
        Item: { ...keyOf(operation.key), ...itemOf(operation.item, run) },
        ...conditionOf(operation),
      });
    case 'delete':
      return new DeleteItemCommand({ TableName, Key: keyOf(operation.key), ...conditionOf(operation) });
    case 'update':
      return new UpdateItemCommand({
        TableName,
        Key: keyOf(operation.key),
        UpdateExpression: operation.update,
        ...conditionOf(operation, operation.update),
      });
    case 'read_many':
      return new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: operation.keys.map(keyOf) } } });
    case 'write_many': {
      const requests = operation.puts.map((key, at) =>
        at % 3 === 2
          ? { DeleteRequest: { Key: keyOf(key) } }
          : { PutRequest: { Item: { ...keyOf(key), ...itemOf(operation.item, run) } } },
      );
      return new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } });
    }
    case 'query':
      return new QueryCommand({
        TableName,
        KeyConditionExpression: operation.query,
        ExpressionAttributeValues: usedIn(operation.query, {
          ':pk': { S: `${run}/${operation.key.pk}` },
          ':sk': { S: operation.key.sk },
          ':last': { S: 'é' },
        }),
        ScanIndexForward: operation.isForward,
        ConsistentRead: true,
        ...(operation.limit !== undefined && { Limit: operation.limit }),
        ...(operation.isShort && { ProjectionExpression: 'pk, sk' }),
      });
    case 'query_due':
      return new QueryCommand({
        TableName,
        IndexName: 'due',
        KeyConditionExpression: 'due = :due AND dueAt <= :at',
        ExpressionAttributeValues: { ':due': { S: run }, ':at': { S: operation.at } },
      });
  }
}

function itemOf({ revision, expires, dueAt, isDue, places }: Given, run: string): Item {
  const numbers = { revision, expires };
  return {
    ...Object.fromEntries(
      Object.entries(numbers).flatMap(([name, n]) => (n === undefined ? [] : [[name, { N: String(n) }]])),
    ),
    ...(dueAt !== undefined && { dueAt: { S: dueAt } }),
    ...(isDue && { due: { S: run } }),
    ...(places !== undefined && {
      places: { M: Object.fromEntries(Object.entries(places).map(([name, n]) => [name, { N: String(n) }])) },
    }),
  };
}

type Conditional = { readonly condition: string | undefined; readonly n: number; readonly at: string };

/** Nothing may be named that no expression uses. */
function conditionOf({ condition = '', n, at }: Conditional, update = '') {
  const all = `${condition} ${update}`;
  const names = usedIn(all, { '#places': 'places', '#x': 'x' });
  const given = usedIn(all, { ':n': { N: String(n) }, ':at': { S: at } });
  return {
    ...(condition !== '' && { ConditionExpression: condition }),
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(given).length > 0 && { ExpressionAttributeValues: given }),
  };
}

function usedIn<Value>(text: string, placeholders: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(placeholders).filter(([name]) => new RegExp(`${name}\\b`).test(text)));
}
