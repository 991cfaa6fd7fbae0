import { canonicalJson } from '../src/diff/canonical-json.ts';
import type { Connection } from '../src/model/connection.ts';
import { FeedError } from '../src/model/feed-error.ts';
import type { Cursor } from '../src/model/ids.ts';
import type { UserList } from '../src/sweep/ports.ts';
import { bindRequests } from '../src/vendors/http/bind-requests.ts';
import type { HttpClient } from '../src/vendors/http/http-client.ts';
import type { RequestBudget } from '../src/vendors/http/request-budget.ts';
import { type FetchPage, prefetchPages } from '../src/vendors/prefetch-pages.ts';
import { selectUsers } from '../src/vendors/select-users.ts';
import type { Credentials, Vendor, VendorIo, VendorTarget } from '../src/vendors/vendor.ts';

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
  const fetchPage = pageFetcher(connection, vendor, options.data, ports);
  return {
    connectionId: connection.id,
    tenantId: connection.tenantId,
    vendor: vendor.id,
    mappingVersion: vendor.mappingVersion,
    projection: vendor.projectionFor?.(options.data) ?? vendor.projection,
    ignoredFields: connection.ignoredFields,
    directory: directoryOf(connection, vendor.account(options.data)),
    scope: scopeOf(connection, vendor.scope(options.data)),
    baseline: connection.baseline,
    confirmSweeps: connection.deletion.confirmSweeps,
    everySeconds: connection.everySeconds,
    emitSweepCompleted: connection.emitSweepCompleted,
    async fetchPage(cursor, deadlineMs) {
      const page = await fetchPage(cursor, deadlineMs);
      return connection.users === undefined ? page : selectUsers(page, connection.users);
    },
  };
}

/** Fetches pages, ahead of time where the vendor's pages have addresses. No request escapes its budgets and deadline. */
function pageFetcher(connection: Connection, vendor: Vendor, options: unknown, ports: UserListPorts): FetchPage {
  let target: Promise<VendorTarget<unknown>> | undefined;
  const findTarget = () => {
    target ??= ports.resolveCredentials(connection).then((credentials) => ({
      connectionId: connection.id,
      baseUrl: connection.baseUrl,
      credentials,
      options,
    }));
    return target;
  };
  const fetchPage = async (cursor: Cursor | undefined, http: HttpClient) =>
    vendor.fetchPage({ ...(await findTarget()), cursor }, { ...ports.io, http });
  const bind = async (deadlineMs = Number.POSITIVE_INFINITY) =>
    bindRequests(ports.io.http, { budgets: budgetsOf(connection, vendor, await findTarget()), deadlineMs });
  if (vendor.pageAt === undefined) return async (cursor, deadlineMs) => fetchPage(cursor, await bind(deadlineMs));
  return prefetchPages({ fetchPage, bind, pageAt: (page, ahead) => vendor.pageAt?.(page, ahead, options) });
}

function budgetsOf(
  { id, requestBudget }: Connection,
  vendor: Vendor,
  target: VendorTarget<unknown>,
): readonly RequestBudget[] {
  const own = requestBudget === undefined ? [] : [{ key: `connection ${id}`, ...requestBudget }];
  return [...(vendor.budgets?.(target) ?? []), ...own];
}

/** Whose ids these are: the name the operator gave, or vendor, base address and account. */
function directoryOf({ vendor, directoryId, baseUrl }: Connection, account: string | undefined): string {
  if (directoryId !== undefined) return `${vendor} ${directoryId}`;
  return [vendor, baseUrl, ...(account === undefined ? [] : [account])].join(' ');
}

/** What narrows the list: options of the vendor's, and the connection's own rules, under a key that no option has. */
function scopeOf({ users }: Connection, scope: ReturnType<Vendor['scope']>): string {
  return canonicalJson(users === undefined ? scope : { ...scope, 'connection.users': users }) ?? '';
}

function invalid({ id }: Connection, path: string, message: string): FeedError {
  return new FeedError('config.invalid', `connection ${id}: ${path}: ${message}`, { faults: [{ path, message }] });
}
