import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { connectionId } from '../src/model/ids.ts';
import { dueIndexName, stateKey, watchIndexName } from '../src/store/keys.ts';
import { unitsOfQuery, unitsOfWrite } from './call-units.ts';

export type Units = { readonly read: number; readonly write: number; readonly requests: number };

/** Capacity units of a table's calls, as the service computes them. */
export type TableMeter = {
  /** Counts the calls of this client. */
  tap(client: DynamoDBClient): void;
  /** What was used since it was last asked. */
  take(): Units;
};

type Item = Record<string, unknown>;
type Input = {
  readonly TableName?: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ConsistentRead?: boolean;
};

/** Both indexes project keys only: an item of theirs is one unit, and is written when one of these changes. */
const indexes = [
  { name: dueIndexName, keys: ['due', 'dueAt'] },
  { name: watchIndexName, keys: ['watch', 'watchAt'] },
] as const;

/** Nothing but the states of connections is in an index. */
const indexedSortKey = stateKey(connectionId('any')).sk;

/**
 * The table's own units are those that the emulator answers, which reckons by item sizes as the service does. It does not
 * reckon what the indexes write, so that is added by their keys before and after each write.
 * Source: AWS DynamoDB Developer Guide, "Using global secondary indexes", provisioned throughput considerations.
 */
export function createTableMeter(): TableMeter {
  let units = { read: 0, write: 0, requests: 0 };
  return {
    tap(client) {
      const { endpoint, region, credentials } = client.config;
      const aside = DynamoDBDocumentClient.from(
        new DynamoDBClient({ ...(endpoint && { endpoint }), region, credentials }),
      );
      client.middlewareStack.add(
        (next, context) => async (args) => {
          const operation = String((context as { commandName?: string }).commandName).replace('Command', '');
          const input = args.input as Input;
          const before = await readIndexed(aside, operation, input);
          units.requests += 1;
          const asked = { ...args, input: { ...input, ReturnConsumedCapacity: 'TOTAL' } };
          const answer = await next(asked).catch((error: unknown) => {
            // The emulator answers no units for a condition that does not hold; the service wants them all the same.
            if (isFailedCondition(error)) units.write += unitsOfWrite(before, input.Item);
            throw error;
          });
          const after = await readIndexed(aside, operation, input);
          const isRead = /Get|Query/.test(operation);
          const reported = unitsOf(answer.output) || leastOf(operation, input);
          units[isRead ? 'read' : 'write'] += reported + indexWrites(before, after);
          return answer;
        },
        { step: 'initialize', name: 'countUnits', priority: 'low' },
      );
    },
    take() {
      const taken = units;
      units = { read: 0, write: 0, requests: 0 };
      return taken;
    },
  };
}

/** A query that finds nothing costs the least there is, too; the emulator answers 0. */
function leastOf(operation: string, { ConsistentRead }: Input): number {
  return operation !== 'Query' ? 0 : unitsOfQuery({ items: [], isConsistent: ConsistentRead === true });
}

function isFailedCondition(error: unknown): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}

async function readIndexed(aside: DynamoDBDocumentClient, operation: string, input: Input): Promise<Item | undefined> {
  if (!['PutItem', 'UpdateItem', 'DeleteItem'].includes(operation)) return undefined;
  const { pk, sk } = input.Key ?? input.Item ?? {};
  if (pk === undefined || sk !== indexedSortKey) return undefined;
  return (await aside.send(new GetCommand({ TableName: input.TableName, Key: { pk, sk }, ConsistentRead: true }))).Item;
}

/** A new item is one write, an item that is gone another; one whose key changes is both. */
function indexWrites(before: Item | undefined, after: Item | undefined): number {
  return indexes.reduce((sum, { keys }) => {
    const [was, is] = [indexKey(before, keys), indexKey(after, keys)];
    return was === is ? sum : sum + (was === undefined ? 0 : 1) + (is === undefined ? 0 : 1);
  }, 0);
}

function indexKey(item: Item | undefined, keys: readonly string[]): string | undefined {
  const values = keys.map((key) => item?.[key]);
  return values.includes(undefined) ? undefined : values.join(' ');
}

function unitsOf(output: unknown): number {
  const { ConsumedCapacity: consumed } = output as { ConsumedCapacity?: unknown };
  const parts = (Array.isArray(consumed) ? consumed : [consumed]) as readonly (
    | { CapacityUnits?: number }
    | undefined
  )[];
  return parts.reduce((sum, part) => sum + (part?.CapacityUnits ?? 0), 0);
}
