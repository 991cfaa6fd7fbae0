import * as z from 'zod/mini';
import type { OperatorRequest } from '../model/operator-request.ts';
import type { RequestStore } from '../sweep/ports.ts';
import { connectionPartition, requestKey, requestPrefix } from './keys.ts';
import { readPart } from './read-part.ts';
import type { TableClient } from './table-client.ts';

const asked = { connectionId: z.string(), requestId: z.string(), at: z.string(), by: z.string() };
const requestSchema = z.discriminatedUnion('act', [
  z.looseObject({
    ...asked,
    act: z.literal('decide_hold'),
    holdId: z.string(),
    verdict: z.enum(['approved', 'rejected']),
    why: z.optional(z.string()),
  }),
  z.looseObject({ ...asked, act: z.literal('purge_user'), userId: z.string() }),
  z.looseObject({ ...asked, act: z.literal('rebuild_snapshot') }),
  z.looseObject({ ...asked, act: z.literal('remove_connection') }),
]);

export function createRequestStore(table: TableClient): RequestStore {
  return {
    async writeRequest(request) {
      await table.put({ ...requestKey(request.connectionId, request.requestId), request });
    },
    async readRequests(connectionId) {
      const items = table.query({
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': connectionPartition(connectionId), ':prefix': requestPrefix },
        ConsistentRead: true,
      });
      const requests: OperatorRequest[] = [];
      for await (const item of items)
        requests.push(readPart(item, requestSchema, item.request, 'request_readable') as unknown as OperatorRequest);
      return requests;
    },
    async deleteRequest({ connectionId, requestId }) {
      await table.delete(requestKey(connectionId, requestId));
    },
  };
}
