import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { itemBytes, type StoredItem } from './item-size.ts';

/** Rows that a store reads and writes, and their bytes. */
export type Traffic = {
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly rowsWritten: number;
  readonly bytesWritten: number;
};

export const noTraffic: Traffic = { rowsRead: 0, bytesRead: 0, rowsWritten: 0, bytesWritten: 0 };

type Answer = { readonly Item?: unknown; readonly Items?: readonly unknown[]; readonly Responses?: object };
type Input = { readonly Item?: unknown; readonly RequestItems?: object };

/** Counts the items that go through a client. Answers what went through since it was last asked. */
export function watchTraffic(client: DynamoDBClient): () => Traffic {
  let read: StoredItem[] = [];
  let written: StoredItem[] = [];
  client.middlewareStack.add(
    (next) => async (args) => {
      written.push(...plainItems(itemsOfWrite(args.input as Input)));
      const answer = await next(args);
      const { Item, Items = [], Responses = {} } = answer.output as unknown as Answer;
      read.push(...plainItems([Item, ...Items, ...Object.values(Responses).flat()]));
      return answer;
    },
    { step: 'initialize', name: 'watchTraffic', priority: 'low' },
  );
  return () => {
    const traffic = {
      rowsRead: read.length,
      bytesRead: bytesOf(read),
      rowsWritten: written.length,
      bytesWritten: bytesOf(written),
    };
    read = [];
    written = [];
    return traffic;
  };
}

function itemsOfWrite({ Item, RequestItems = {} }: Input): readonly unknown[] {
  const batched = Object.values(RequestItems).flat() as { readonly PutRequest?: { readonly Item: unknown } }[];
  return [Item, ...batched.map(({ PutRequest }) => PutRequest?.Item)];
}

function plainItems(items: readonly unknown[]): StoredItem[] {
  return items
    .filter((item) => item !== undefined)
    .map((item) => {
      const { pk } = item as { readonly pk: unknown };
      return (typeof pk === 'string' ? item : unmarshall(item as never)) as StoredItem;
    });
}

function bytesOf(items: readonly StoredItem[]): number {
  return items.reduce((sum, item) => sum + itemBytes(item), 0);
}
