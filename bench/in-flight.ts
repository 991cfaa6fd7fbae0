import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';

/** How many calls of a client were on their way at once, by operation. */
export type InFlight = { readonly peaks: ReadonlyMap<string, number> };

export function watchInFlight(client: DynamoDBClient | EventBridgeClient): InFlight {
  const present = new Map<string, number>();
  const peaks = new Map<string, number>();
  const move = (operation: string, by: number) => {
    const now = (present.get(operation) ?? 0) + by;
    present.set(operation, now);
    peaks.set(operation, Math.max(peaks.get(operation) ?? 0, now));
  };
  const stack = client.middlewareStack as DynamoDBClient['middlewareStack'];
  stack.add(
    (next, context) => async (args) => {
      const operation = String((context as { commandName?: string }).commandName).replace('Command', '');
      move(operation, 1);
      try {
        return await next(args);
      } finally {
        move(operation, -1);
      }
    },
    { step: 'finalizeRequest', name: 'watchInFlight', priority: 'high' },
  );
  return { peaks };
}
