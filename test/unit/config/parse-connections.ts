import { inspect } from 'node:util';
import { parseConnectionFile } from '../../../src/config/connection-file.ts';
import type { Runtime } from '../../../src/config/secret-reference.ts';
import type { Connection } from '../../../src/model/connection.ts';
import { type Fault, FeedError } from '../../../src/model/feed-error.ts';
import { vendors } from './fake-vendors.ts';

/** A connection without a fault in the embedded runtime; `undefined` in `changes` takes a key out. */
export function entry(changes: { readonly [key: string]: unknown } = {}): unknown {
  return {
    id: 'acme',
    vendor: 'hosted',
    baseUrl: 'https://users.acme.example',
    credentials: { apiKey: { env: 'ACME_KEY' } },
    ...changes,
  };
}

export function parse(file: unknown, runtime: Runtime = 'embedded'): readonly Connection[] {
  const text = typeof file === 'string' ? file : JSON.stringify(file);
  return parseConnectionFile(text, { vendors, runtime, fileName: '/etc/feed/feed.json' }).connections;
}

/** The one connection of a file that holds nothing else. */
export function parseEntry(
  changes: { readonly [key: string]: unknown } = {},
  runtime: Runtime = 'embedded',
): Connection {
  const [connection] = parse({ connections: [entry(changes)] }, runtime);
  if (connection === undefined) throw new TypeError('expected a connection');
  return connection;
}

export function errorOf(attempt: () => unknown): FeedError<'config.invalid'> {
  try {
    attempt();
  } catch (thrown) {
    if (thrown instanceof FeedError && thrown.code === 'config.invalid') return thrown;
    throw thrown;
  }
  throw new TypeError('expected config.invalid, but nothing was thrown');
}

export const faultsOf = (attempt: () => unknown): readonly Fault[] => errorOf(attempt).context.faults;

/** The faults of one entry, as `path: message`, with the path below the connection. */
export function entryFaults(changes: { readonly [key: string]: unknown }, runtime: Runtime = 'embedded'): string[] {
  return faultsOf(() => parseEntry(changes, runtime)).map(
    ({ path, message }) => `${path.replace(/^connections\[0\]\.?/, '')}: ${message}`,
  );
}

/** Everything anybody could print of an error, its causes included. */
export function everythingIn(error: Error): string {
  const cause = error.cause instanceof Error ? everythingIn(error.cause) : String(error.cause);
  return [
    error.message,
    error.stack,
    JSON.stringify(error),
    inspect(error, { depth: Infinity, showHidden: true }),
    cause,
  ].join('\n');
}
