import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';
import { openUserList } from '../../functions/open-user-list.ts';
import { parseConnectionFile } from '../../src/config/connection-file.ts';
import { createCredentialStore } from '../../src/config/credentials.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { createHttpClient } from '../../src/vendors/http/create-http-client.ts';
import { createTokenCache } from '../../src/vendors/http/create-token-cache.ts';
import { createSessionCookies } from '../../src/vendors/http/session-cookies.ts';
import { findVendor, vendors } from '../../src/vendors/registry.ts';
import type { SoakedWorld } from './soaked-world.ts';

/** The list of every connection as the vendor shows it to somebody who has just come. */
export function readLists({ connections, environment }: SoakedWorld): {
  lists: readonly UserList[];
  close(): Promise<void>;
} {
  const dispatcher = new Agent();
  const credentials = createCredentialStore({ env: environment, readFile: (path) => readFile(path, 'utf8') });
  const io = {
    http: createHttpClient({ dispatcher, nowMs: Date.now, sleep, random: Math.random }),
    tokens: createTokenCache(Date.now),
    sessions: createSessionCookies(),
  };
  const parsed = parseConnectionFile(connections, { vendors, runtime: 'embedded', fileName: 'the soak' });
  return {
    lists: parsed.connections.map((connection) =>
      openUserList(connection, { findVendor, io, resolveCredentials: credentials.resolve }),
    ),
    close: () => dispatcher.destroy(),
  };
}
