import { readBaseUrl } from '../src/config/base-url.ts';
import { invalidConfig } from '../src/config/config-error.ts';
import { readWithSchema } from '../src/config/read-with-schema.ts';
import { canonicalJson } from '../src/diff/canonical-json.ts';
import type { Connection } from '../src/model/connection.ts';
import type { Fault } from '../src/model/feed-error.ts';
import { epochMs, type Instant, instant } from '../src/model/instant.ts';
import type { UserList } from '../src/sweep/ports.ts';
import { findDelta } from '../src/vendors/find-delta.ts';
import { bindRequests } from '../src/vendors/http/bind-requests.ts';
import type { HttpClient } from '../src/vendors/http/http-client.ts';
import type { RequestBudget } from '../src/vendors/http/request-budget.ts';
import { type FetchPage, type ListPlace, prefetchPages } from '../src/vendors/prefetch-pages.ts';
import { canProveAbsence, probeAbsence } from '../src/vendors/probe-absence.ts';
import { selectUsers } from '../src/vendors/select-users.ts';
import type { Credentials, Vendor, VendorIo, VendorTarget } from '../src/vendors/vendor.ts';
import { createFreshCredentials } from './fresh-credentials.ts';

export type UserListPorts = {
  readonly findVendor: (id: string) => Vendor | undefined;
  readonly io: VendorIo;
  /** With `isRefused` anew: the vendor refuses those of before. @throws config.invalid */
  readonly resolveCredentials: (connection: Connection, isRefused?: boolean) => Promise<Credentials>;
};

/**
 * A connection's list of users: its vendor with everything it needs in hand. Credentials are read when the vendor is
 * first asked for something, and settings that are not of this version fail its first page: whatever is wrong with a
 * connection is a failing sweep with its reason.
 */
export function openUserList(connection: Connection, ports: UserListPorts): UserList {
  const vendor = ports.findVendor(connection.vendor);
  const read = readSettings(connection, vendor);
  if ('faults' in read) return unusableList(connection, vendor, read.faults);
  const asking = openAsking(connection, read.vendor, read.options, ports);
  const fetchPage = pageFetcher(asking);
  const scope = read.vendor.scope(read.options);
  return {
    ...settingsOf(connection),
    vendor: read.vendor.id,
    mappingVersion: read.vendor.mappingVersion,
    projection: read.vendor.projectionFor?.(read.options) ?? read.vendor.projection,
    directory: directoryOf(connection, read.vendor.account(read.options)),
    scope: scopeOf(connection, scope),
    // Not the connection's own rules: whom they leave out is listed all the same.
    isNarrowed: Object.keys(scope).length > 0,
    async fetchPage({ updatedSince, ...ask }) {
      const since = updatedSince && { updatedSince: beginEarlier(updatedSince, read.vendor) };
      const page = await fetchPage({ ...ask, ...since });
      return connection.users === undefined ? page : selectUsers(page, connection.users);
    },
    ...deltaOf(asking),
    ...probeOf(asking),
  };
}

type SettingsReading = { readonly vendor: Vendor; readonly options: unknown } | { readonly faults: readonly Fault[] };

/** The vendor and its options as this version has them. Settings were sound when they were saved, by another version maybe. */
function readSettings({ vendor: id, options, baseUrl }: Connection, vendor: Vendor | undefined): SettingsReading {
  if (vendor === undefined) {
    const message = `this version knows no vendor ${JSON.stringify(id)}: apply the settings with one that it knows, or deploy a version that knows this one`;
    return { faults: [{ path: 'vendor', message }] };
  }
  const read = readWithSchema(vendor.options, options, 'options');
  const address = readBaseUrl(baseUrl);
  const ofAddress = 'fault' in address ? [{ path: 'baseUrl', message: address.fault }] : [];
  if ('faults' in read) return { faults: [...read.faults, ...ofAddress] };
  return ofAddress.length > 0 ? { faults: ofAddress } : { vendor, options: read.value };
}

/**
 * The list of a connection whose settings are of no use. Its only page fails, so that its sweeps fail with the reason
 * while the log is rolled forward and operators' requests are done. No list is cut like this one: nothing that an
 * earlier sweep has concluded can follow from it, or be given up for it.
 */
function unusableList(connection: Connection, vendor: Vendor | undefined, faults: readonly Fault[]): UserList {
  const { id, vendor: name } = connection;
  return {
    ...settingsOf(connection),
    vendor: name,
    // For a fence, the end of the connection, and the rest of a commit that was decided before.
    mappingVersion: vendor?.mappingVersion ?? 1,
    projection: vendor?.projection ?? [],
    directory: directoryOf(connection, undefined),
    scope: 'unusable',
    isNarrowed: false,
    hasDelta: false,
    async fetchPage() {
      throw invalidConfig(
        `connection ${id}`,
        faults.map(({ path, message }) => ({ path: `${id}.${path}`, message })),
      );
    },
  };
}

/** What a connection says of its sweeps, whatever its vendor. */
function settingsOf(connection: Connection) {
  const { id, tenantId, ignoredFields, baseline, deletion, brake, protection, payload } = connection;
  const { everySeconds, emitSweepCompleted } = connection;
  return {
    connectionId: id,
    tenantId,
    ignoredFields,
    baseline,
    deletion,
    brake,
    protection,
    payload,
    everySeconds,
    emitSweepCompleted,
  };
}

/** A vendor as it is asked for one connection. No request escapes its budgets and deadline. */
type Asking = {
  readonly connection: Connection;
  readonly vendor: Vendor;
  readonly options: unknown;
  readonly io: VendorIo;
  /** Asks with the connection's credentials, and once more where the vendor refuses them and they have changed. */
  ask<Answer>(question: (target: VendorTarget<unknown>) => Promise<Answer>): Promise<Answer>;
  bind(deadlineMs?: number): Promise<HttpClient>;
};

function openAsking(
  connection: Connection,
  vendor: Vendor,
  options: unknown,
  { io, resolveCredentials }: UserListPorts,
): Asking {
  const { askWith, known } = createFreshCredentials((isRefused) => resolveCredentials(connection, isRefused));
  const targetOf = (credentials: Credentials): VendorTarget<unknown> => ({
    connectionId: connection.id,
    baseUrl: connection.baseUrl,
    credentials,
    options,
  });
  const bind = async (deadlineMs = Number.POSITIVE_INFINITY) =>
    bindRequests(io.http, { budgets: budgetsOf(connection, vendor, targetOf(await known())), deadlineMs });
  return {
    connection,
    vendor,
    options,
    io,
    ask: (question) => askWith((credentials) => question(targetOf(credentials))),
    bind,
  };
}

/** Fetches pages, ahead of time where the vendor's pages have addresses. */
function pageFetcher({ vendor, options, io, ask, bind }: Asking): FetchPage {
  const fetchPage = async (place: ListPlace, http: HttpClient) =>
    ask((target) => vendor.fetchPage({ ...target, ...place }, { ...io, http }));
  if (vendor.pageAt === undefined) return async ({ deadlineMs, ...place }) => fetchPage(place, await bind(deadlineMs));
  return prefetchPages({ fetchPage, bind, pageAt: (page, ahead) => vendor.pageAt?.(page, ahead, options) });
}

/** What the connection has of deltas: whether it can have any, how often it wants them, and whether they work. */
function deltaOf(asking: Asking): Pick<UserList, 'hasDelta' | 'deltaEverySeconds' | 'supportsDelta'> {
  const { connection, vendor, options, io, ask, bind } = asking;
  const found = findDelta(vendor, options);
  if (!('delta' in found)) return { hasDelta: false };
  const { delta } = found;
  const { deltaEverySeconds } = connection;
  return {
    hasDelta: true,
    ...(deltaEverySeconds === undefined ? {} : { deltaEverySeconds }),
    ...(delta.supports && {
      supportsDelta: async (deadlineMs) => {
        const http = await bind(deadlineMs);
        return (await ask(async (target) => delta.supports?.(target, { ...io, http }))) ?? false;
      },
    }),
  };
}

/** Asks about users where the connection wants it and the vendor's answer proves something. */
function probeOf({ connection, vendor, io, ask, bind }: Asking): Pick<UserList, 'probeAbsence'> {
  if (!connection.deletion.probe || !canProveAbsence(vendor)) return {};
  return {
    probeAbsence: async ({ deadlineMs, ...question }) => {
      const http = await bind(deadlineMs);
      return ask((target) => probeAbsence(vendor, target, question, { ...io, http }));
    },
  };
}

function beginEarlier(since: Instant, { delta }: Vendor): Instant {
  return instant(epochMs(since) - (delta?.overlapSeconds ?? 0) * 1000);
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
