import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A table that takes only a part of every batch, as DynamoDB does when it is short of capacity. */
export type StingyTable = {
  readonly endpoint: string;
  /** How many keys or items each batch asked for, in order. */
  readonly asked: readonly number[];
  close(): Promise<void>;
};

type Requests = readonly unknown[] | { readonly Keys: readonly unknown[]; readonly ConsistentRead?: boolean };

/** In front of a table: of every batch it lets through so many, and gives the rest back unprocessed. */
export async function startStingyTable(behind: string, tableName: string, taken: number): Promise<StingyTable> {
  const asked: number[] = [];
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const body = JSON.parse(await text(request)) as { RequestItems: Record<string, Requests> };
    const requests = body.RequestItems[tableName] ?? [];
    const { passed, kept, count } = split(requests, taken);
    asked.push(count);
    const headers = {
      'x-amz-target': String(request.headers['x-amz-target']),
      'x-amz-date': String(request.headers['x-amz-date']),
      authorization: String(request.headers.authorization),
      'content-type': String(request.headers['content-type']),
    };
    const sent = passed === undefined ? undefined : JSON.stringify({ ...body, RequestItems: { [tableName]: passed } });
    const answer =
      sent === undefined ? {} : await (await fetch(behind, { method: 'POST', headers, body: sent })).json();
    const unprocessed = Array.isArray(requests) ? 'UnprocessedItems' : 'UnprocessedKeys';
    const rest = kept === undefined ? {} : { [tableName]: kept };
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ ...(answer as object), [unprocessed]: rest }));
  };
  const server = createServer((request, response) => void respond(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What of a table's requests goes through and what is given back; undefined for nothing. */
function split(requests: Requests, taken: number) {
  const isWrite = Array.isArray(requests);
  const each = isWrite ? requests : (requests as { Keys: readonly unknown[] }).Keys;
  const part = (some: readonly unknown[]) => {
    if (some.length === 0) return undefined;
    return isWrite ? some : { ...requests, Keys: some };
  };
  return { passed: part(each.slice(0, taken)), kept: part(each.slice(taken)), count: each.length };
}
