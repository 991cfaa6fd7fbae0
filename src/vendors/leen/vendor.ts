import * as z from 'zod/mini';
import { isFeedError } from '../../model/feed-error.ts';
import type { Page } from '../../model/page.ts';
import { dropAbsent, presentText } from '../http/drop-absent.ts';
import type { HttpClient, HttpRequest } from '../http/http-client.ts';
import { readCursor, writeCursor } from '../http/page-cursor.ts';
import { readPresence } from '../http/read-presence.ts';
import { readRows } from '../http/read-rows.ts';
import { readShape } from '../http/read-shape.ts';
import { requireCredential } from '../http/require-credential.ts';
import type { PageRequest, Vendor, VendorTarget } from '../vendor.ts';
import { leenLeftOut, leenProjection, toUser } from './to-user.ts';
import { explainLeenFailure, type LeenConnection, leenConnection, leenList, leenUser } from './wire.ts';

/** Source: docs.leen.dev/api-reference/itsm/get-users, servers (stored copy, 2026-11). */
const baseUrls = {
  us: 'https://api.leen.dev/v1',
  eu: 'https://api.eu-c1.leen.dev/v1',
  ap: 'https://api.ap-se2.leen.dev/v1',
} as const;

const noUsersPerPage =
  'expected at least 1: Leen accepts 0, but then answers no users, which would look like an empty list';

/**
 * Leen's own list parameters. Not here: `cursor`, which a sweep sets, and `updatedSince`, which a delta sets.
 *
 * Source: docs.leen.dev/api-reference/itsm/get-users, parameters (stored copy, 2026-11): `limit` has no maximum.
 */
const options = z.strictObject({
  connectionId: z
    .string()
    .check(z.regex(/^[!-~]{1,200}$/), z.describe('The connection at Leen whose users are listed (X-CONNECTION-ID).')),
  organizationId: z.optional(
    z
      .string()
      .check(
        z.regex(/^[!-~]{1,200}$/),
        z.describe(
          'The organization of the connection at Leen. With it, no user counts as gone while the connection is not known to be active and healthy.',
        ),
      ),
  ),
  region: z
    ._default(z.enum(['us', 'eu', 'ap']), 'us')
    .check(z.describe('Where the account lives: sets the base address.')),
  name: z.optional(z.string().check(z.minLength(1), z.describe('Narrows the list to users of this name.'))),
  status: z.optional(z.enum(['ACTIVE', 'INACTIVE', 'DELETED']).check(z.describe('Narrows the list to one status.'))),
  includeUserGroups: z.optional(
    z.boolean().check(z.describe('Lists the groups of each user too; then they count as a change.')),
  ),
  projectId: z.optional(z.guid('expected a UUID').check(z.describe('Narrows the list to the users of a project.'))),
  limit: z._default(z.int().check(z.minimum(1, noUsersPerPage)), 100).check(z.describe('Users per page.')),
});
export type LeenOptions = z.infer<typeof options>;

type Target = VendorTarget<LeenOptions>;

const cursorContent = z.object({ cursor: z.string().check(z.minLength(1)) });

/** Leen: the users of one ITSM system, e.g. of Jira, as Leen last read them. */
export const leen: Vendor<LeenOptions> = {
  id: 'leen',
  title: 'Leen ITSM users',
  mappingVersion: 1,
  leftOut: leenLeftOut,
  projection: leenProjection,
  projectionFor: ({ includeUserGroups }) =>
    leenProjection.filter(({ path }) => path !== 'groups' || includeUserGroups === true),
  options,
  // Source: docs.leen.dev/api-reference/authentication (stored copy, 2026-11).
  credentialSets: [['apiKey']],
  defaultBaseUrl: ({ region }) => baseUrls[region],
  account: ({ connectionId }) => connectionId,
  // Leen shows what it has read, which may be as old as the refresh interval of the connection.
  // Source: docs.leen.dev/integrations/jira-itsm-credential (stored copy, 2026-11): the sample's interval. Assumed: that
  // `updatedSince` may compare the back end's time, which no document says.
  delta: { rivals: [], overlapSeconds: 21_600 },
  scope: ({ name, status, projectId }) => dropAbsent({ name, status, projectId }),
  proves: {
    endSignal: 'next_cursor is null or absent',
    total: 'none',
    delta: 'updatedSince (what it compares is not documented)',
    probe: 'GET /itsm/users/{id}',
    deletionsVisible: 'status DELETED, or disappearance',
    notFound: 'user_gone',
  },
  async fetchPage(ask, { http }): Promise<Page> {
    const isFirst = ask.cursor === undefined;
    const before = isFirst ? await findVetoes(ask, http) : [];
    const request = buildRequest(ask);
    const answer = await http.requestJson(request);
    const list = readShape(answer, leenList, 'a list of users', request);
    const next = presentText(list.next_cursor);
    // What fell ill while its pages were read has not listed everybody either.
    const vetoes = next === undefined && !isFirst ? await findVetoes(ask, http) : before;
    return {
      ...readRows(list.items, { schema: leenUser, toUser }),
      // Source: docs.leen.dev/api-reference-v2/pagination (stored copy, 2026-11): null means the end.
      next: next === undefined ? null : writeCursor({ cursor: next }),
      evidence: vetoes.length === 0 ? {} : { vetoes },
      observedAt: answer.receivedAt,
      ...(answer.retries === 0 ? {} : { retries: answer.retries }),
    };
  },
  // Source: docs.leen.dev/api-reference/itsm/get-user-by-id (stored copy, 2026-11).
  async probeUser(ask, { http }) {
    const request = requestTo(`/itsm/users/${encodeURIComponent(ask.userId)}`, ask);
    return readPresence(ask.userId, request, (asked) => http.requestJson(asked));
  },
};

/** A request with both headers, as every path about users needs them. */
function requestTo(path: string, { connectionId, baseUrl, credentials, options: set }: Target): HttpRequest {
  const apiKey = requireCredential(credentials, 'apiKey', { vendor: leen.id, connectionId });
  return {
    vendor: leen.id,
    connectionId,
    url: new URL(`${baseUrl}${path}`),
    secrets: [apiKey],
    headers: { 'x-api-key': apiKey, 'x-connection-id': set.connectionId },
    explain: (failure) => explainLeenFailure(failure, false),
  };
}

/** What the connection says against its own list. Whoever asks for this evidence has none while it cannot be read. */
async function findVetoes(ask: PageRequest<LeenOptions>, http: HttpClient): Promise<readonly string[]> {
  const { organizationId, connectionId } = ask.options;
  if (organizationId === undefined) return [];
  const path = [organizationId, 'connections', connectionId].map(encodeURIComponent).join('/');
  const forUsers = requestTo(`/provisioning/organizations/${path}`, ask);
  const { 'x-connection-id': _, ...headers } = forUsers.headers ?? {};
  const request = { ...forUsers, headers };
  try {
    const veto = describeHealth(readShape(await http.requestJson(request), leenConnection, 'a connection', request));
    return veto === undefined ? [] : [veto];
  } catch (error) {
    if (isFeedError(error) && error.code.startsWith('vendor.')) return ['connection_health_unknown'];
    throw error;
  }
}

function describeHealth({ state, health }: LeenConnection): string | undefined {
  if (state === 'ACTIVE' && health.status === 'HEALTHY') return undefined;
  const name = health.status === 'HEALTHY' ? state : (presentText(health.name) ?? health.status);
  return `connection_unhealthy: ${/^\w{1,60}$/.test(name) ? name : 'of no readable name'}`;
}

/** Source: docs.leen.dev/api-reference/itsm/get-users (stored copy, 2026-11). */
function buildRequest(ask: PageRequest<LeenOptions>): HttpRequest {
  const request = requestTo('/itsm/users', ask);
  const resumed = ask.cursor === undefined ? undefined : readCursor(ask.cursor, cursorContent, request).cursor;
  for (const [name, value] of Object.entries(parametersOf(ask, resumed)))
    request.url.searchParams.set(name, String(value));
  return { ...request, explain: (failure) => explainLeenFailure(failure, resumed !== undefined) };
}

/**
 * The narrowing options go with every page. The sample cursors hold an offset and nothing else, so a page asked for
 * without them could come from the whole list: users nobody asked for, and others skipped. Only `updatedSince` is
 * documented as refused (422) beside `cursor`: the cursor remembers it.
 *
 * Source: docs.leen.dev/api-reference/pagination (stored copy, 2026-11). Assumed: repeating the others is accepted.
 */
function parametersOf({ options: set, updatedSince }: PageRequest<LeenOptions>, cursor: string | undefined) {
  const { name, status, includeUserGroups, projectId, limit } = set;
  const since = cursor === undefined ? updatedSince : undefined;
  return dropAbsent({ name, status, includeUserGroups, projectId, limit, updatedSince: since, cursor });
}
