import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { unitsOfGets, unitsOfQuery, unitsOfWrite } from './call-units.ts';
import type { StoredItem } from './item-size.ts';

/** One call of the table: its units as the emulator answers them, and as they follow from the sizes of its items. */
export type WatchedCall = {
  readonly operation: string;
  readonly reported: number;
  readonly calculated: number;
  /** A query that found nothing. */
  readonly isEmptyQuery: boolean;
};

type Key = { readonly pk: string; readonly sk: string };
type Input = Readonly<Record<string, unknown>> & { readonly TableName?: string };
type Answer = Readonly<Record<string, unknown>>;
type Find = (table: string, keys: readonly Key[]) => Promise<readonly (StoredItem | undefined)[]>;

/**
 * Watches all calls of a client that is no document client. What is in the table before and after a write, and what a
 * projection leaves out, it reads by a client of its own.
 */
export function watchCalls(client: DynamoDBClient): { readonly calls: readonly WatchedCall[]; close(): void } {
  const { endpoint, region, credentials } = client.config;
  const aside = new DynamoDBClient({ ...(endpoint && { endpoint }), region, credentials });
  const documents = DynamoDBDocumentClient.from(aside);
  const find: Find = (TableName, keys) =>
    Promise.all(
      keys.map(async (Key) => (await documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item),
    );
  const calls: WatchedCall[] = [];
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const operation = String((context as { commandName?: string }).commandName).replace('Command', '');
      // Deep in the client: what the document client takes and gives is plain, and marshalled in between.
      const input = args.input as Input;
      const written = keysOfWrite(operation, input);
      const before = await find(written.table, written.keys);
      const answer = await next({ ...args, input: { ...input, ReturnConsumedCapacity: 'TOTAL' } });
      const output = answer.output as unknown as Answer;
      const after = await find(written.table, written.keys);
      const calculated =
        written.keys.length > 0
          ? before.reduce((sum, item, at) => sum + unitsOfWrite(item, after[at]), 0)
          : await unitsOfRead(operation, { input, output, find });
      const isEmptyQuery = operation === 'Query' && output.Count === 0;
      calls.push({ operation, reported: unitsReported(output), calculated, isEmptyQuery });
      return answer;
    },
    { step: 'initialize', name: 'watchCalls', priority: 'low' },
  );
  return { calls, close: () => aside.destroy() };
}

/** Units of a call, as it was answered. */
export function unitsReported({ ConsumedCapacity: consumed }: Answer): number {
  const parts = (Array.isArray(consumed) ? consumed : [consumed]) as readonly (
    | { CapacityUnits?: number }
    | undefined
  )[];
  return parts.reduce((sum, part) => sum + (part?.CapacityUnits ?? 0), 0);
}

function keysOfWrite(operation: string, input: Input): { readonly table: string; readonly keys: readonly Key[] } {
  const table = input.TableName ?? '';
  if (operation === 'PutItem') return { table, keys: [keyOf(input.Item)] };
  if (operation === 'UpdateItem' || operation === 'DeleteItem') return { table, keys: [keyOf(input.Key)] };
  if (operation !== 'BatchWriteItem') return { table, keys: [] };
  const [[name, requests]] = Object.entries(input.RequestItems as object) as [[string, readonly BatchedWrite[]]];
  return {
    table: name,
    keys: requests.map(({ PutRequest, DeleteRequest }) => keyOf(PutRequest?.Item ?? DeleteRequest?.Key)),
  };
}

type BatchedWrite = {
  readonly PutRequest?: { readonly Item: unknown };
  readonly DeleteRequest?: { readonly Key: unknown };
};
type Read = { readonly input: Input; readonly output: Answer; readonly find: Find };

async function unitsOfRead(operation: string, { input, output, find }: Read): Promise<number> {
  const isConsistent = input.ConsistentRead === true;
  if (operation === 'GetItem')
    return unitsOfGets({ items: itemsOf([output.Item]), isConsistent }, output.Item === undefined ? 1 : 0);
  if (operation === 'BatchGetItem') return unitsOfBatch(input, output);
  if (operation !== 'Query') return 0;
  const shown = itemsOf(output.Items as readonly unknown[]);
  const whole = input.ProjectionExpression === undefined ? shown : await find(input.TableName ?? '', shown.map(keyOf));
  return unitsOfQuery({ items: whole.filter((item) => item !== undefined), isConsistent });
}

function unitsOfBatch(input: Input, output: Answer): number {
  const [asked] = Object.values(input.RequestItems as object) as { Keys: object[]; ConsistentRead?: boolean }[];
  const items = itemsOf(Object.values(output.Responses as object).flat());
  const missing = (asked?.Keys.length ?? 0) - items.length;
  return unitsOfGets({ items, isConsistent: asked?.ConsistentRead === true }, missing);
}

function keyOf(item: unknown): Key {
  const { pk, sk } = plain(item);
  return { pk: String(pk), sk: String(sk) };
}

function itemsOf(items: readonly unknown[]): readonly StoredItem[] {
  return items.filter((item) => item !== undefined).map(plain);
}

/** The document client marshals in a step of its own, before or after this one. */
function plain(item: unknown): StoredItem {
  const { pk } = item as { readonly pk: unknown };
  return (typeof pk === 'string' ? item : unmarshall(item as never)) as StoredItem;
}
