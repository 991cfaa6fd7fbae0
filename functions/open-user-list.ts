import { canonicalJson } from '../src/diff/canonical-json.ts';
import type { Connection } from '../src/model/connection.ts';
import { FeedError } from '../src/model/feed-error.ts';
import type { Cursor } from '../src/model/ids.ts';
import type { UserList } from '../src/sweep/ports.ts';
import type { Credentials, Vendor, VendorIo } from '../src/vendors/vendor.ts';

export type UserListPorts = {
  readonly findVendor: (id: string) => Vendor | undefined;
  readonly io: VendorIo;
  /** @throws config.invalid */
  readonly resolveCredentials: (connection: Connection) => Promise<Credentials>;
};

/**
 * A connection's list of users: its vendor with everything it needs in hand. Credentials are read when the first
 * page is asked for, so that a missing one is a failing sweep with its reason.
 * @throws config.invalid where the vendor or its options are not of this version
 */
export function openUserList(connection: Connection, ports: UserListPorts): UserList {
  const vendor = ports.findVendor(connection.vendor);
  if (vendor === undefined) throw invalid(connection, 'vendor', `there is no vendor "${connection.vendor}"`);
  const options = vendor.options.safeParse(connection.options);
  if (!options.success)
    throw invalid(connection, 'options', options.error.issues.map(({ message }) => message).join('; '));
  let credentials: Promise<Credentials> | undefined;
  return {
    connectionId: connection.id,
    tenantId: connection.tenantId,
    vendor: vendor.id,
    mappingVersion: vendor.mappingVersion,
    projection: vendor.projectionFor?.(options.data) ?? vendor.projection,
    ignoredFields: connection.ignoredFields,
    directory: directoryOf(connection, vendor.account(options.data)),
    scope: canonicalJson(vendor.scope(options.data)) ?? '',
    baseline: connection.baseline,
    confirmSweeps: connection.deletion.confirmSweeps,
    everySeconds: connection.everySeconds,
    emitSweepCompleted: connection.emitSweepCompleted,
    async fetchPage(cursor: Cursor | undefined) {
      credentials ??= ports.resolveCredentials(connection);
      const ask = {
        connectionId: connection.id,
        baseUrl: connection.baseUrl,
        credentials: await credentials,
        options: options.data,
        cursor,
      };
      return vendor.fetchPage(ask, ports.io);
    },
  };
}

/** Whose ids these are: the name the operator gave, or vendor, base address and account. */
function directoryOf({ vendor, directoryId, baseUrl }: Connection, account: string | undefined): string {
  if (directoryId !== undefined) return `${vendor} ${directoryId}`;
  return [vendor, baseUrl, ...(account === undefined ? [] : [account])].join(' ');
}

function invalid({ id }: Connection, path: string, message: string): FeedError {
  return new FeedError('config.invalid', `connection ${id}: ${path}: ${message}`, { faults: [{ path, message }] });
}
