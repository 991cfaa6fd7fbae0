import { readFile } from 'node:fs/promises';
import { createCredentialStore } from '../src/config/credentials.ts';
import { readEnvironment } from '../src/config/environment.ts';
import type { Connection } from '../src/model/connection.ts';
import type { Credentials } from '../src/vendors/vendor.ts';

/** The credentials of a connection from this machine's environment and files. @throws config.invalid */
export function resolveLocally(connection: Connection): Promise<Credentials> {
  return createCredentialStore({ env: readEnvironment(), readFile: (path) => readFile(path, 'utf8') }).resolve(
    connection,
  );
}
