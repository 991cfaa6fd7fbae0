import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Connection } from '../src/model/connection.ts';
import { FeedError } from '../src/model/feed-error.ts';
import type { FeedStore } from '../src/store/create-store.ts';

export type StatusPageOptions = {
  readonly store: Pick<FeedStore, 'readState' | 'readPublished'>;
  readonly connections: readonly Connection[];
  /** Any port near the usual one where left out. */
  readonly port: number | undefined;
};

/** How the connections stand, on loopback, for people and for programs. */
export type StatusPage = { readonly url: string; close(): Promise<void> };

const usualPort = 4700;

/** Serves `/` for people and `/status.json` for programs. No user and no credential is on either. */
export async function startStatusPage(options: StatusPageOptions): Promise<StatusPage> {
  const server = createServer((request, response) => {
    answer(request, response, options).catch(() => response.destroy());
  });
  const listenOn = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  // A port somebody asked for is theirs to free; without a wish any other will do.
  if (options.port === undefined) await listenOn(usualPort).catch(() => listenOn(0));
  else
    await listenOn(options.port).catch((cause: NodeJS.ErrnoException) =>
      Promise.reject(portTaken(options.port, cause)),
    );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function portTaken(port: number | undefined, cause: NodeJS.ErrnoException): FeedError {
  const message = `cannot be listened on (${cause.code}); name a free one, or leave it out`;
  return new FeedError(
    'config.invalid',
    `--port ${port}: ${message}`,
    { faults: [{ path: '--port', message }] },
    { cause },
  );
}

type ConnectionStatus = {
  readonly connectionId: string;
  readonly vendor: string;
  readonly liveUsers: number;
  readonly lastComplete: string | null;
  readonly nextDue: string | null;
  readonly failures: number;
  readonly events: number;
  readonly isPublished: boolean;
};

async function answer(request: IncomingMessage, response: ServerResponse, options: StatusPageOptions): Promise<void> {
  // Another site's page may know this address, but not under this name.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? ''))
    return end(response, 403, 'text/plain', 'wrong host\n');
  if (request.method !== 'GET') return end(response, 405, 'text/plain', 'only GET\n');
  const statuses = await Promise.all(options.connections.map((connection) => readStatus(connection, options.store)));
  if (request.url === '/status.json')
    return end(response, 200, 'application/json', JSON.stringify({ connections: statuses }));
  if (request.url === '/') return end(response, 200, 'text/html; charset=utf-8', renderPage(statuses));
  end(response, 404, 'text/plain', 'there is / and /status.json\n');
}

function end(response: ServerResponse, status: number, type: string, body: string): void {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  response
    .writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'content-security-policy': policy })
    .end(body);
}

async function readStatus({ id, vendor }: Connection, store: StatusPageOptions['store']): Promise<ConnectionStatus> {
  const state = await store.readState(id);
  const published = await store.readPublished(id);
  return {
    connectionId: id,
    vendor,
    liveUsers: state?.counts.live ?? 0,
    lastComplete: state?.lastComplete?.startedAt ?? null,
    nextDue: state?.dueAt ?? null,
    failures: state?.failures ?? 0,
    events: state?.sequence ?? 0,
    isPublished: published >= (state?.lastEvent.position ?? 0),
  };
}

function renderPage(statuses: readonly ConnectionStatus[]): string {
  const rows = statuses.map((status) => {
    const health = status.failures === 0 ? 'fine' : `failing (${status.failures} in a row)`;
    const cells = [
      status.connectionId,
      status.vendor,
      status.liveUsers,
      status.lastComplete ?? 'not yet',
      health,
      status.events,
    ];
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(String(cell))}</td>`).join('')}</tr>`;
  });
  const heads = ['connection', 'vendor', 'live users', 'last complete sweep', 'health', 'events'];
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width"><title>user change feed</title><style>
:root{color-scheme:light dark}body{font:16px system-ui,sans-serif;margin:2rem}table{border-collapse:collapse}
th,td{text-align:left;padding:.4rem 1rem .4rem 0;border-bottom:1px solid #8884}</style></head><body>
<h1>user change feed</h1><table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>
<tbody>${rows.join('')}</tbody></table></body></html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
